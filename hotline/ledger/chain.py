"""The chain of seals: how one is made of new rows, and how one is judged afterwards.

hash = SHA-256(previous hash ‖ the seal's own line ‖ newline ‖ leaves), signed with Ed25519. So a
row cannot change, go, come or trade places without its seal, no seal without all after it, and
none of them without the installation's key (reliability, P35).
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from hotline.core import signing
from hotline.ledger import record
from hotline.ledger.models import Seal

BATCH: Final = 500
PATIENCE: Final = dt.timedelta(minutes=5)  # no transaction lasts so long, nor may a row wait so
START: Final = bytes(32)
HEAD: Final = ("number", "origin", "first_id", "last_id", "count", "late")


class Flaw(NamedTuple):
    """Something that is not as it was sealed: what (a code of `faults`), and which row or seal."""

    what: str
    label: str


def head(seal: Seal) -> bytes:
    """Return the seal's own line."""
    fields = {name: getattr(seal, name) for name in HEAD}
    fields["at"] = seal.at.astimezone(dt.UTC).isoformat()
    return json.dumps(fields, separators=(",", ":"), sort_keys=True).encode()


def digest(seal: Seal, previous: bytes) -> bytes:
    """Return the hash that *seal* must have behind the one whose hash is *previous*."""
    return hashlib.sha256(previous + head(seal) + b"\n" + seal.leaves).digest()


def last(session: Session, *where: ColumnElement[bool]) -> Seal | None:
    """Return the newest seal, of those that fulfil *where*."""
    return session.scalar(select(Seal).where(*where).order_by(Seal.number.desc()).limit(1))


def unsealed(session: Session, origin: str, *, now: dt.datetime) -> Sequence[int]:
    """Return the ids of the oldest rows of a table that no seal answers for, at most `BATCH`.

    An id may appear below the highest as long as the transaction that took it can have been
    under way when that was sealed; what appears there later was put in by somebody.
    """
    settled = last(session, Seal.origin == origin, Seal.at <= now - _lag(session, origin))
    floor = settled.last_id if settled else 0
    recent = select(Seal.leaves).where(Seal.origin == origin, Seal.last_id > floor)
    sealed = {id_ for leaves in session.scalars(recent) for id_ in record.parted(leaves)}
    key = record.key(origin)
    ids = select(key).where(key > floor).order_by(key).limit(len(sealed) + BATCH)
    return [id_ for id_ in session.scalars(ids) if id_ not in sealed][:BATCH]


def seal(session: Session, origin: str, *, now: dt.datetime) -> Seal | None:
    """Seal the oldest rows of a table that are not sealed yet; None where there are none."""
    ids = unsealed(session, origin, now=now)
    if not ids:
        return None
    before, mine = last(session), last(session, Seal.origin == origin)
    high = mine.last_id if mine else 0
    kept = list(record.lines(session, origin, record.key(origin).in_(ids)))
    new = Seal(
        number=before.number + 1 if before else 1,
        origin=origin,
        first_id=high + 1,
        last_id=max(high, *ids),
        count=len(kept),
        late=sum(id_ <= high for id_, _ in kept),
        leaves=b"".join(map(record.leaf, kept)),
        at=now,
        previous=before.hash if before else START,
    )
    new.hash = digest(new, new.previous)
    new.signature = signing.sign(new.hash)
    session.add(new)
    session.flush()
    return new


def _lag(session: Session, origin: str) -> dt.timedelta:
    """Return how long an id may be taken before its row appears.

    SQLite has one writer at a time, and itself counts the rows that are sealed whole.
    """
    at_once = origin in record.WHOLE and session.get_bind().dialect.name == "sqlite"
    return dt.timedelta() if at_once else PATIENCE


def flaws(session: Session, seal: Seal, before: Seal | None, *, now: dt.datetime) -> Iterator[Flaw]:
    """Yield what is wrong with *seal* behind the seal *before*, then with its rows, in order."""
    number = before.number + 1 if before else 1
    label = f"seal {seal.number}"
    if seal.number != number:
        yield Flaw("seal_missing", f"seal {number}")
    elif seal.previous != (before.hash if before else START):
        yield Flaw("seal_altered", label)
    whole = seal.count * record.LEAF_BYTES == len(seal.leaves)
    if not whole or seal.hash != digest(seal, seal.previous):
        yield Flaw("seal_altered", label)
    elif not signing.signed_by_us(seal.hash, seal.signature):
        yield Flaw("seal_forged", label)
    yield from _rows(session, seal, now)


def _rows(session: Session, seal: Seal, now: dt.datetime) -> Iterator[Flaw]:
    kept, key = record.parted(seal.leaves), record.key(seal.origin)
    below = [id_ for id_ in kept if id_ < seal.first_id]
    there = {
        line[0]: record.leaf(line)
        for where in (key.in_(below), key.between(seal.first_id, seal.last_id))
        for line in record.lines(session, seal.origin, where)
    }
    strange = there.keys() - kept.keys()
    if strange:
        strange -= _sealed_later(session, seal) | {*unsealed(session, seal.origin, now=now)}
    for id_ in sorted(strange | kept.keys()):
        label = f"{seal.origin} {id_}"
        if id_ in strange:
            yield Flaw("row_inserted", label)
        elif id_ not in there:
            yield Flaw("row_deleted", label)
        elif there[id_] != kept[id_]:
            yield Flaw("row_altered", label)


def _sealed_later(session: Session, seal: Seal) -> set[int]:
    """Return the rows below their own seal's span that seals after *seal* answer for."""
    rows = session.execute(
        select(Seal.leaves, Seal.first_id).where(
            Seal.late > 0, Seal.number > seal.number, Seal.origin == seal.origin
        )
    )
    return {id_ for leaves, first in rows for id_ in record.parted(leaves) if id_ < first}


def loose_ends(session: Session, *, now: dt.datetime) -> Iterator[Flaw]:
    """Yield the first row of each table that no seal answers for although its time has come.

    What is sealed whole says when it was written; the moments of other rows may lie in the past.
    """
    for origin in record.RECORD:
        key = record.key(origin)
        if (strange := session.scalar(select(func.min(key)).where(key < 1))) is not None:
            yield Flaw("row_inserted", f"{origin} {strange}")
        if origin in record.FIXED:
            continue
        waiting = unsealed(session, origin, now=now)
        late = select(func.min(key)).where(key.in_(waiting), key.table.c.at < now - PATIENCE)
        if (row := session.scalar(late)) is not None:
            yield Flaw("row_unsealed", f"{origin} {row}")
