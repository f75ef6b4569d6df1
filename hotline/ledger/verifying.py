"""Reading the whole record again, seal by seal, in bounded memory."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.ledger import chain
from hotline.ledger.chain import Flaw
from hotline.ledger.faults import Fault
from hotline.ledger.models import Seal

AT_ONCE: Final = 20  # seals read together
END: Final = 0  # stands for the rows behind the last seal


def length(session: Session) -> int:
    """Return the number of the newest seal."""
    newest = chain.last(session)
    return newest.number if newest else 0


def pairs(session: Session, start: int) -> Iterator[tuple[Seal | None, Seal]]:
    """Yield `AT_ONCE` seals from number *start* on, each with the one before it."""
    before = chain.last(session, Seal.number < start)
    within = select(Seal).where(Seal.number >= start, Seal.number < start + AT_ONCE)
    for seal in session.scalars(within.order_by(Seal.number)):
        yield before, seal
        before = seal


def lost(session: Session, noted: tuple[int, str]) -> Iterator[Flaw]:
    """Yield what is wrong with the seal whose number and hash were *noted* outside; 0 for none."""
    number, hash_ = noted
    there = select(Seal.number).where(Seal.number == number, Seal.hash == bytes.fromhex(hash_))
    if number and session.scalar(there) is None:
        yield Flaw("not_in_chain", f"seal {number}")


def seals(session: Session, numbers: Sequence[int], now: dt.datetime) -> Iterator[Fault]:
    """I7: yield what is wrong with these seals and their rows; `END` asks what none answers for."""
    for seal in session.scalars(select(Seal).where(Seal.number.in_(numbers))):
        before = chain.last(session, Seal.number < seal.number)
        for flaw in chain.flaws(session, seal, before, now=now):
            yield Fault(seal.number, flaw.label, flaw.what)
    if END in numbers:
        for flaw in chain.loose_ends(session, now=now):
            yield Fault(END, flaw.label, flaw.what)


def end(session: Session, now: dt.datetime) -> Sequence[int]:
    """Return what is asked about each time: the rows that no seal answers for."""
    return (END,)
