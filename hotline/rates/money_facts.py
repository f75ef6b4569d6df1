"""What may be true of claims and payments: by the day their ticket came, or the money.

Amounts are fen. Only what was paid is recovered; what is claimed, verified and agreed on stands
beside it and is never added to it (R63).
"""

from sqlalchemy import and_, exists, func, select

from hotline.core.words import N_
from hotline.money.models import Claim, Payment, Proof
from hotline.rates.cohorts import CLAIMED, PAID
from hotline.rates.fact import Condition, Number, fact, total


@fact(CLAIMED, N_("诉求人"))
def claims() -> Condition:
    """Every claimant of the tickets received."""
    return Claim.id.is_not(None)


@fact(CLAIMED, N_("已有约定的诉求人"))
def claims_agreed() -> Condition:
    """Claimants for whom a sum was agreed on."""
    return Claim.agreed.is_not(None)


@fact(CLAIMED, N_("尚无约定的诉求人"))
def claims_not_agreed() -> Condition:
    """Claimants for whom no sum was agreed on."""
    return Claim.agreed.is_(None)


@fact(CLAIMED, N_("已有到账的诉求人"))
def claims_paid() -> Condition:
    """Claimants whom money has reached, whenever it did."""
    return exists().where(Payment.claim_id == Claim.id)


@fact(CLAIMED, N_("有约定且已有到账的诉求人"))
def claims_agreed_paid() -> Condition:
    """Claimants for whom a sum was agreed on and whom money has reached."""
    return and_(claims_agreed(), claims_paid())


@total(CLAIMED, N_("主张金额"), claims)
def sum_claimed() -> Number:
    """What claimants say is owed to them."""
    return Claim.claimed.expression


@total(CLAIMED, N_("核实金额"), claims)
def sum_verified() -> Number:
    """What was found to be owed."""
    return Claim.verified.expression


@total(CLAIMED, N_("约定金额"), claims_agreed)
def sum_agreed() -> Number:
    """What was agreed on."""
    return Claim.agreed.expression


@total(CLAIMED, N_("所主张的到账金额"), claims_paid)
def sum_claim_paid() -> Number:
    """What has reached these claimants, whenever it did."""
    return _paid()


@total(CLAIMED, N_("有约定的到账金额"), claims_agreed_paid)
def sum_agreed_paid() -> Number:
    """What has reached these claimants of whom a sum was agreed on."""
    return _paid()


@fact(PAID, N_("到账"))
def payments() -> Condition:
    """Every payment that reached a claimant."""
    return Payment.id.is_not(None)


@total(PAID, N_("到账金额"), payments)
def sum_paid() -> Number:
    """What reached claimants in these days."""
    return Payment.amount.expression


def _paid() -> Number:
    mine = select(func.sum(Payment.amount)).where(Payment.claim_id == Claim.id)
    return mine.correlate(Claim).scalar_subquery()


def _on(proof: Proof, rows: str, sums: str) -> None:
    """Enter the two facts of payments that stand on *proof*."""

    def payments_by() -> Condition:
        return Payment.proof == proof

    def sum_paid_by() -> Number:
        return Payment.amount.expression

    payments_by.__doc__ = f"Payments that stand on the word of: {proof}."
    sum_paid_by.__doc__ = f"What reached claimants, on the word of: {proof}."
    payments_by.__name__, sum_paid_by.__name__ = f"payments_by_{proof}", f"sum_paid_by_{proof}"
    fact(PAID, rows)(payments_by)
    total(PAID, sums, payments_by)(sum_paid_by)


_on(Proof.BANK, N_("银行凭证证明的到账"), N_("银行凭证证明的到账金额"))
_on(Proof.WORKER, N_("职工确认的到账"), N_("职工确认的到账金额"))
_on(Proof.UNIT, N_("单位陈述的到账"), N_("单位陈述的到账金额"))
