"""Comparing our rows with the carrier's own lists, and mending what lost webhooks left out.

The carrier's list is the truth about what reached us; what became of it our own facts
tell. What is missing is taken in as its webhook would have been, each by itself, so that
a webhook which comes after all is a repetition, and a second run finds nothing to do.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core import upsert
from hotline.core.db import Transact
from hotline.core.errors import Unavailable
from hotline.intake import quarters
from hotline.intake.lists import SORTS, UNDER_WAY, Found, Items, Lister, Sort
from hotline.intake.models import Difference, Kind, Reconciliation
from hotline.intake.quarters import Stretch
from hotline.telephony.errors import UNKNOWN
from hotline.telephony.port import Carrier, CarrierRefused

log = structlog.get_logger()

Listing = Mapping[Kind, Items]
Differences = list[tuple[Kind, Found]]


@dataclass(frozen=True)
class Outcome:
    """What a comparison came to, counted by kind."""

    listed: Counter[Kind] = field(default_factory=Counter)
    found: Counter[Kind] = field(default_factory=Counter)
    mended: Counter[Kind] = field(default_factory=Counter)

    def add(self, other: "Outcome") -> None:
        """Add what another stretch came to."""
        self.listed.update(other.listed)
        self.found.update(other.found)
        self.mended.update(other.mended)


def compare(
    transact: Transact,
    carrier: Carrier,
    number: str,
    stretch: Stretch,
    *,
    clock: Callable[[], dt.datetime],
) -> Outcome:
    """Compare whole quarters of an hour with the carrier's lists and mend what differs.

    Each difference is mended in a transaction of its own; one that cannot be mended stays
    open, is logged, and stops no other. The quarters count as compared at the end: what
    breaks off before is compared anew.

    Args:
        transact: Runs work in one transaction.
        carrier: Lists calls and messages; it is asked outside of transactions.
        number: The hotline's own: calls and messages of other numbers are not ours.
        stretch: From the beginning of a quarter to the end of a quarter.
        clock: Says what time it is.

    Raises:
        CarrierError: The carrier's lists could not be read to their end.
        Unavailable: The database does not take it.
    """
    listing = _listing(carrier, number, stretch, clock() - UNDER_WAY)
    now = clock()
    found: Differences = []
    mended = Counter[Kind]()
    for kind, items in listing.items():
        differ = transact(partial(_differences, kind=kind, items=items, now=now))
        mended[kind] = sum(_mend(transact, kind, one, now) for one in differ)
        found += [(kind, one) for one in differ]
    transact(partial(_close, stretch=stretch, listing=listing, found=found, now=now))
    listed = Counter({kind: len(items) for kind, items in listing.items()})
    return Outcome(listed, Counter(kind for kind, _ in found), mended)


def _listing(carrier: Carrier, number: str, stretch: Stretch, latest: dt.datetime) -> Listing:
    """Return what began in *stretch*, not later than *latest*, the oldest of each kind first.

    Kinds that the carrier keeps no list of are left out: some list messages alone.
    """
    since, until = stretch
    asked = {sort.listed for sort in SORTS.values()}
    lists = {ask: _ask(ask, carrier, stretch) for ask in asked}
    answers = {ask: items for ask, items in lists.items() if items is not None}

    def counts(item: Any, sort: Sort) -> bool:
        began = sort.began(item)
        in_time = began is not None and since <= began < min(until, latest)
        return in_time and sort.ours(item, number)

    return {
        kind: [item for item in reversed(answers[sort.listed]) if counts(item, sort)]
        for kind, sort in SORTS.items()
        if sort.listed in answers
    }


def _ask(listed: Lister, carrier: Carrier, stretch: Stretch) -> Items | None:
    try:
        return listed(carrier, *stretch)
    except CarrierRefused as refusal:
        if refusal.code not in UNKNOWN:
            raise
        log.warning("reconcile.no_list", code=refusal.code)
        return None


def _differences(session: Session, *, kind: Kind, items: Items, now: dt.datetime) -> list[Found]:
    return list(SORTS[kind].differences(session, items, now))


def _mend(transact: Transact, kind: Kind, found: Found, now: dt.datetime) -> bool:
    """Mend one difference and write it down; return whether it is mended."""
    log.warning("reconcile.found", kind=kind, gap=found.gap, sid=found.sid)

    def work(session: Session) -> None:
        if found.mend is not None:
            found.mend(session)
        _write(session, kind, found, mended_at=now if found.mend else None, now=now)

    try:
        transact(work)
    except Unavailable:
        raise
    except Exception:  # whatever one of them raises, the others are mended
        log.exception("reconcile.failed", kind=kind, sid=found.sid)
        transact(partial(_write, kind=kind, found=found, mended_at=None, now=now))
        return False
    return found.mend is not None


def _write(
    session: Session,
    kind: Kind,
    found: Found,
    *,
    mended_at: dt.datetime | None,
    now: dt.datetime,
) -> None:
    row = session.scalar(
        select(Difference).where(Difference.sid == found.sid, Difference.gap == found.gap)
    )
    if row is None:
        row = Difference(kind=kind, gap=found.gap, sid=found.sid, at=found.at, found_at=now)
        session.add(row)
    row.mended_at = mended_at
    session.flush()


def _close(
    session: Session, *, stretch: Stretch, listing: Listing, found: Differences, now: dt.datetime
) -> None:
    """Write down that the stretch was compared; what is no difference any more is mended."""
    since, until = stretch
    _forgive(session, stretch, {one.sid for _, one in found}, now)
    counted = Counter(
        (quarters.floor(SORTS[kind].began(item) or since), kind)
        for kind, items in listing.items()
        for item in items
    )
    rows = [
        {
            "since": quarter,
            "compared_at": now,
            "next_at": quarters.next_look(quarter, now),
            "listed": {str(kind): counted[quarter, kind] for kind in listing},
        }
        for quarter in quarters.between(since, until)
    ]
    insert = upsert.into(session, Reconciliation)
    latest = {name: insert.excluded[name] for name in ("compared_at", "next_at", "listed")}
    session.execute(insert.on_conflict_do_update(index_elements=["since"], set_=latest), rows)


def _forgive(session: Session, stretch: Stretch, found: Collection[str], now: dt.datetime) -> None:
    still_open = session.scalars(
        select(Difference).where(
            Difference.at >= stretch[0], Difference.at < stretch[1], Difference.mended_at.is_(None)
        )
    )
    for difference in still_open:
        if difference.sid not in found:
            difference.mended_at = now
