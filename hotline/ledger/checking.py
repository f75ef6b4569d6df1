"""Asking the invariants: by the clock of what has changed, by a command of everything.

What is found is written down and stays open until the same question no longer finds it. Each
round takes what the journals tell, what time alone can make wrong, and what was found before;
the kinds of things take turns for a slice of all the rest besides, so that a hand put to an old
row is found in time, too.
"""

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hotline.core.db import Transact, reading
from hotline.core.engines import open_snapshot
from hotline.core.roles import Role
from hotline.core.words import N_
from hotline.ledger import journals
from hotline.ledger.days import write_sheet
from hotline.ledger.faults import Fault
from hotline.ledger.invariants import INVARIANTS, KINDS, Invariant, Kind
from hotline.ledger.journals import Marks
from hotline.ledger.models import LedgerCheck, LedgerException, LedgerMark
from hotline.messages import desk
from hotline.staff import queries as staff
from hotline.units import queries as units

EVERY: Final = dt.timedelta(seconds=30)
MOST: Final = 500  # things found before that are asked about again in one round
PLACES: Final = {each.name for each in (*KINDS, *journals.JOURNALS)}
TURNS: Final = 40  # rounds in which much is new; then the clock's other jobs get their turn


def keep_up(transact: Transact, *, now: dt.datetime) -> int:
    """Ask the invariants of what has changed since the last round; return how many things.

    Any number of clocks share the work: whoever comes within half a minute of another has
    nothing to do.
    """
    with reading() as session:
        lately = select(LedgerCheck.code).where(LedgerCheck.checked_at > now - EVERY)
        if session.scalar(lately.limit(1)) is not None:
            return 0
    looked = 0
    for _ in range(TURNS):
        things, more = transact(partial(_round, now=now))
        looked += things
        if not more:
            break
    return looked


def _round(session: Session, *, now: dt.datetime) -> tuple[int, bool]:
    """Ask about what is to be looked at now; return how much, and whether more waits."""
    open_snapshot(session)
    marks = _marks(session)
    turn = KINDS[_turn(now)]
    before = _found_before(session)
    news = journals.unread(session, marks)
    looked = 0
    for kind in KINDS:
        told = journals.told(session, kind.name, news)
        ids = {*told, *kind.standing(session, now), *before.get(kind.name, ())}
        if kind is turn:
            ids |= {*kind.besides(session, now), *_next(session, kind, marks[kind.name])}
        ask(session, kind, sorted(ids), now=now)
        looked += len(ids)
    sum_up(session, now=now)
    return looked, journals.read(marks, news)


def _turn(now: dt.datetime) -> int:
    """Return whose turn it is: that of each kind comes round by the clock."""
    return int(now.timestamp() / EVERY.total_seconds()) % len(KINDS)


def _marks(session: Session) -> Marks:
    """Return the place in each table, locked: two clocks take turns."""
    rows = session.scalars(select(LedgerMark).order_by(LedgerMark.name).with_for_update())
    marks = {row.name: row for row in rows}
    for name in PLACES - marks.keys():
        marks[name] = LedgerMark(name=name, floor=0, seen=[], passed=0)
        session.add(marks[name])
    return marks


def _found_before(session: Session) -> dict[str, list[int]]:
    """Return, by kind, the things for which something is open, the longest known first."""
    rows = session.execute(
        select(LedgerException.kind, LedgerException.subject)
        .where(LedgerException.closed_at.is_(None))
        .order_by(LedgerException.id)
        .limit(MOST)
    )
    found: dict[str, list[int]] = {}
    for kind, subject in rows:
        found.setdefault(kind, []).append(subject)
    return found


def _next(session: Session, kind: Kind, mark: LedgerMark) -> Sequence[int]:
    ids = kind.listed(session, mark.passed, kind.at_once)
    mark.passed = ids[-1] if len(ids) == kind.at_once else 0
    return ids


def ask(session: Session, kind: Kind, ids: Sequence[int], *, now: dt.datetime) -> None:
    """Ask every invariant that is about *kind* of these things, and write down what it finds."""
    if not ids:
        return
    faults = [
        (invariant, fault)
        for invariant in INVARIANTS
        if (question := invariant.questions.get(kind))
        for fault in question(session, ids, now)
    ]
    _write_down(session, kind, ids, faults, now)


def _write_down(
    session: Session,
    kind: Kind,
    ids: Sequence[int],
    faults: Collection[tuple[Invariant, Fault]],
    now: dt.datetime,
) -> None:
    known = {
        (row.code, row.subject, row.label, row.what): row
        for row in session.scalars(
            select(LedgerException).where(
                LedgerException.closed_at.is_(None),
                LedgerException.kind == kind.name,
                LedgerException.subject.in_(ids),
            )
        )
    }
    found = {(invariant.code, *fault[:3]): fault for invariant, fault in faults}
    for key in known.keys() - found.keys():
        known[key].closed_at = now
    session.add_all(
        LedgerException(code=key[0], kind=kind.name, opened_at=now, **found[key]._asdict())
        for key in found
        if key not in known
    )
    session.flush()


def sum_up(session: Session, *, now: dt.datetime) -> None:
    """Write how each invariant stands, and today's sheet."""
    broken = select(LedgerException.code).where(LedgerException.closed_at.is_(None)).distinct()
    codes = set(session.scalars(broken))
    known = {row.code: row for row in session.scalars(select(LedgerCheck))}
    for invariant in INVARIANTS:
        holds = invariant.code not in codes
        row = known.get(invariant.code)
        if row is None:
            row = LedgerCheck(code=invariant.code, holds=holds, since=now)
            session.add(row)
        if row.holds != holds:
            row.holds, row.since = holds, now
            if not holds:
                _alarm(session, invariant, now)
        row.checked_at = now
    write_sheet(session, now=now)


def _alarm(session: Session, invariant: Invariant, now: dt.datetime) -> None:
    """Tell the leads that an invariant that held does not any more."""
    centre = units.unit(session, "hotline")
    for person in staff.leads(session, centre.id, Role.SUPERVISOR):
        desk.notify(
            session,
            person.id,
            "ledger",
            N_("台账 %(code)s 出现例外，请查看并处理。"),
            params={"code": invariant.code},
            purpose=f"ledger:{invariant.code}:{now:%Y%m%d%H%M}:{person.id}",
            now=now,
        )


def whole(session: Session) -> Sequence[tuple[Kind, int]]:
    """Return the slices of everything: of which kind, and above which id one begins."""
    found = []
    for kind in KINDS:
        above = 0
        while ids := kind.listed(session, above, kind.at_once):
            found.append((kind, above))
            above = ids[-1]
    return found


def at_one_moment(transact: Transact, work: Callable[[Session], None]) -> None:
    """Let *work* see rows, entries and what was kept of them as of one moment."""

    def within(session: Session) -> None:
        open_snapshot(session)
        work(session)

    transact(within)


def ask_slice(session: Session, part: tuple[Kind, int], *, now: dt.datetime) -> None:
    """Ask of one slice of everything."""
    kind, above = part
    ask(session, kind, kind.listed(session, above, kind.at_once), now=now)


def finish(session: Session, *, now: dt.datetime) -> None:
    """Ask of what is in no slice, what is open among it, and write that all was asked."""
    before = _found_before(session)
    for kind in KINDS:
        ids = {*kind.standing(session, now), *kind.besides(session, now)}
        ask(session, kind, sorted(ids | {*before.get(kind.name, ())}), now=now)
    sum_up(session, now=now)
    session.execute(update(LedgerCheck).values(whole_at=now))


def open_exceptions(session: Session) -> Sequence[LedgerException]:
    """Return what is open, by invariant and in order of discovery."""
    rows = select(LedgerException).where(LedgerException.closed_at.is_(None))
    return session.scalars(rows.order_by(LedgerException.code, LedgerException.id)).all()
