"""Writing down what is claimed, found, agreed and paid; nothing here ever lowers what was paid."""

import datetime as dt
from typing import Any, Final

from sqlalchemy.orm import Session

from hotline.core.errors import GuardFailed, Invalid, NotFound
from hotline.core.language import local
from hotline.core.roles import Actor, Permission, require
from hotline.core.words import N_
from hotline.money.amounts import yuan
from hotline.money.models import Claim, Instalment, Payment, Proof
from hotline.tickets import timeline
from hotline.tickets.models import Ticket
from hotline.tickets.records import EventKind, Obligation
from hotline.tickets.states import require_not_ended

KIND: Final = "instalment"


def claim(
    session: Session, ticket: Ticket, name: str, claimed: int, *, actor: Actor, now: dt.datetime
) -> Claim:
    """Write down what one claimant says is owed to them, in fen.

    Raises:
        GuardFailed: The ticket has ended.
        Invalid: The claimant has no name, or nothing is claimed.
    """
    _may_write(ticket, actor)
    if not name.strip() or claimed <= 0:
        raise Invalid({"name" if not name.strip() else "claimed": N_("请填写")})
    row = Claim(ticket_id=ticket.id, name=name.strip(), claimed=claimed)
    session.add(row)
    session.flush()
    _note(session, ticket, actor, now, f"登记诉求人，主张 {yuan(claimed)} 元")
    return row


def assess(
    session: Session,
    ticket: Ticket,
    claim_id: int,
    verified: int | None,
    agreed: int | None,
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Write down what was found to be owed and what was agreed upon, in fen; None leaves it open.

    Raises:
        NotFound: The ticket has no such claim.
        GuardFailed: It has ended.
    """
    _may_write(ticket, actor)
    row = _claim(session, ticket, claim_id)
    row.verified, row.agreed = verified, agreed
    _note(session, ticket, actor, now, f"核实 {yuan(verified)} 元，约定 {yuan(agreed)} 元")


def plan(
    session: Session,
    ticket: Ticket,
    claim_id: int,
    amount: int,
    due_on: dt.date,
    *,
    actor: Actor,
    now: dt.datetime,
) -> Instalment:
    """Agree on a part that is due on a day; the ticket cannot be archived before it is paid.

    Raises:
        NotFound: The ticket has no such claim.
        GuardFailed: It has ended.
        Invalid: There is no amount, or the day is past.
    """
    _may_write(ticket, actor)
    row = _claim(session, ticket, claim_id)
    if amount <= 0:
        raise Invalid({"amount": N_("请填写")})
    if due_on < local(now).date():
        raise Invalid({"due_on": N_("约定日期不能早于今天")})
    owed = Obligation(ticket_id=ticket.id, kind=KIND, what=row.name, opened_at=now)
    session.add(owed)
    session.flush()
    part = Instalment(claim_id=row.id, obligation_id=owed.id, amount=amount, due_on=due_on)
    session.add(part)
    _note(session, ticket, actor, now, f"约定 {due_on} 支付 {yuan(amount)} 元")
    session.flush()
    return part


def pay(
    session: Session,
    ticket: Ticket,
    claim_id: int,
    amount: int,
    paid_on: dt.date,
    proof: Proof,
    *,
    actor: Actor,
    now: dt.datetime,
    instalment_id: int | None = None,
) -> Payment:
    """Write down money that reached a claimant; an instalment it pays is owed no more.

    Raises:
        NotFound: The ticket has no such claim, or the claim no such instalment.
        GuardFailed: The ticket has ended, or the instalment was paid already.
        Invalid: There is no amount, it is less than the instalment, or the day is to come.
    """
    _may_write(ticket, actor)
    row = _claim(session, ticket, claim_id)
    if amount <= 0:
        raise Invalid({"amount": N_("请填写")})
    if paid_on > local(now).date():
        raise Invalid({"paid_on": N_("到账日期不能晚于今天")})
    if instalment_id is not None:
        _close(session, row, instalment_id, amount, now)
    found = Payment(
        claim_id=row.id, instalment_id=instalment_id, amount=amount, paid_on=paid_on,
        proof=proof, noted_by=actor.id, noted_at=now,
    )  # fmt: skip
    session.add(found)
    _note(session, ticket, actor, now, f"{paid_on} 到账 {yuan(amount)} 元", proof=proof)
    session.flush()
    return found


def _close(session: Session, row: Claim, instalment_id: int, amount: int, now: dt.datetime) -> None:
    part = session.get(Instalment, instalment_id)
    if part is None or part.claim_id != row.id:
        raise NotFound
    if part.paid_at is not None:
        raise GuardFailed(N_("这一期已经登记到账。"), guard="unpaid")
    if amount < part.amount:
        raise Invalid({"amount": N_("少于这一期的金额，请作为单独一笔登记")})
    part.paid_at = now
    session.get_one(Obligation, part.obligation_id).closed_at = now


def _claim(session: Session, ticket: Ticket, claim_id: int) -> Claim:
    row = session.get(Claim, claim_id)
    if row is None or row.ticket_id != ticket.id:
        raise NotFound
    return row


def _may_write(ticket: Ticket, actor: Actor) -> None:
    require(actor, Permission.TICKET_WRITE)
    require_not_ended(ticket.state)


def _note(
    session: Session, ticket: Ticket, actor: Actor, now: dt.datetime, text: str, **detail: Any
) -> None:
    timeline.write(session, ticket, EventKind.MONEY, actor=actor, now=now, note=text, **detail)
