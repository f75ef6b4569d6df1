"""The ledger as the page, the board and the API show it, inside the asker's part of the tree."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from hotline.core.roles import Actor
from hotline.ledger import chain
from hotline.ledger.invariants import INVARIANTS, Invariant
from hotline.ledger.models import LedgerCheck, LedgerException
from hotline.units import queries as units
from hotline.units.models import Unit

SHOWN: Final = 100  # exceptions of one invariant on a page
OPEN: Final = LedgerException.closed_at.is_(None)


@dataclass(frozen=True)
class Standing:
    """How one invariant stands.

    Attributes:
        check: What the clock last wrote; None before its first round.
        exceptions: Those that are open and within the asker's units, the oldest first.
        count: How many there are.
    """

    invariant: Invariant
    check: LedgerCheck | None
    exceptions: Sequence[LedgerException]
    count: int

    @property
    def holds(self) -> bool | None:
        """Whether it holds in all that the asker sees; None before the first round."""
        return None if self.check is None else not self.count


def standings(session: Session, actor: Actor) -> Sequence[Standing]:
    """Return how the eight stand, in order; it reads what the clock has found, no more."""
    checks = {row.code: row for row in session.scalars(select(LedgerCheck))}
    counts = _counts(session, actor)
    return [
        Standing(
            each,
            checks.get(each.code),
            _exceptions(session, actor, each.code) if each.code in counts else (),
            counts.get(each.code, 0),
        )
        for each in INVARIANTS
    ]


def ownerless(session: Session, actor: Actor) -> int:
    """Return how many matters are without an owner: the exceptions of I2."""
    return _counts(session, actor).get("I2", 0)


def seals(session: Session) -> tuple[int, dt.datetime | None]:
    """Return how many seals there are, and when the last was made."""
    newest = chain.last(session)
    return (newest.number, newest.at) if newest else (0, None)


def _counts(session: Session, actor: Actor) -> dict[str, int]:
    rows = session.execute(
        select(LedgerException.code, func.count())
        .where(OPEN, _seen(actor))
        .group_by(LedgerException.code)
    )
    return {code: n for code, n in rows}  # noqa: C416 - rows are no pairs to the type checker


def _exceptions(session: Session, actor: Actor, code: str) -> Sequence[LedgerException]:
    mine = select(LedgerException).where(OPEN, LedgerException.code == code, _seen(actor))
    return session.scalars(mine.order_by(LedgerException.id).limit(SHOWN)).all()


def _seen(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that an exception is of a unit the actor sees, or of the whole."""
    below = select(Unit.id).where(units.beneath(actor.scope))
    return or_(LedgerException.unit_id.is_(None), LedgerException.unit_id.in_(below))
