"""Sums of money, all from the same rows: of one ticket, and what was recovered in a time."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.money.models import Claim, Instalment, Payment, Proof
from hotline.tickets.models import Ticket
from hotline.units import queries as units
from hotline.units.models import Unit


@dataclass(frozen=True)
class Account:
    """One claim with what was paid and what is to come."""

    claim: Claim
    payments: Sequence[Payment]
    instalments: Sequence[Instalment]

    @property
    def paid(self) -> int:
        """What has reached the claimant, in fen."""
        return sum(payment.amount for payment in self.payments)

    @property
    def proofs(self) -> list[Proof]:
        """The proofs of the payments, the best first, each once."""
        return [proof for proof in Proof if any(each.proof == proof for each in self.payments)]


@dataclass(frozen=True)
class Recovered:
    """What reached claimants, in fen, by proof, and how many they were.

    Only payments count: neither what was claimed nor what was promised (R63).
    """

    by_proof: Mapping[Proof, int]
    claimants: int

    @property
    def total(self) -> int:
        """The whole, whatever the proof."""
        return sum(self.by_proof.values())


def accounts(session: Session, *ticket_ids: int) -> Sequence[Account]:
    """Return the claims of tickets in the order they were made, in three queries."""
    claims = session.scalars(
        select(Claim).where(Claim.ticket_id.in_(ticket_ids)).order_by(Claim.id)
    ).all()
    ids = [claim.id for claim in claims]
    if not ids:
        return []
    payments = session.scalars(
        select(Payment).where(Payment.claim_id.in_(ids)).order_by(Payment.id)
    ).all()
    parts = session.scalars(
        select(Instalment).where(Instalment.claim_id.in_(ids)).order_by(Instalment.due_on)
    ).all()
    return [
        Account(
            claim,
            [each for each in payments if each.claim_id == claim.id],
            [each for each in parts if each.claim_id == claim.id],
        )
        for claim in claims
    ]


def recovered(session: Session, start: dt.date, end: dt.date, *, scope: str = "/") -> Recovered:
    """Return what was paid from *start* to before *end* in the part of the tree below *scope*.

    A payment belongs to the unit that holds its ticket now. A ticket that was merged or voided
    counts too: the money was paid all the same.
    """
    paid = (
        select(Payment.proof, func.sum(Payment.amount))
        .join(Claim, Claim.id == Payment.claim_id)
        .join(Ticket, Ticket.id == Claim.ticket_id)
        .where(Payment.paid_on >= start, Payment.paid_on < end)
    )
    if scope != "/":
        paid = paid.where(Ticket.unit_id.in_(select(Unit.id).where(units.beneath(scope))))
    people = paid.with_only_columns(func.count(Payment.claim_id.distinct()))
    sums = {
        Proof(proof): int(amount) for proof, amount in session.execute(paid.group_by(Payment.proof))
    }
    return Recovered(sums, session.scalar(people) or 0)
