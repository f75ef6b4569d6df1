"""What is owed and paid on a ticket, claimant by claimant."""

import dataclasses
from collections.abc import Sequence
from typing import NamedTuple

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from hotline.core.db import Session
from hotline.core.doors import permits
from hotline.core.errors import Invalid
from hotline.core.language import _
from hotline.core.roles import Permission
from hotline.core.rows import id_in
from hotline.core.words import N_
from hotline.money import queries, service
from hotline.money.models import Proof
from hotline.money.queries import Account
from hotline.tickets import findings
from hotline.tickets.models import Ticket
from hotline.tickets.secrecy import Sight
from hotline.tickets.states import ENDED
from hotline.tickets.veils import seen
from hotline.web import forms
from hotline.web.work import write

bp = Blueprint("money", __name__, url_prefix="/tickets/<number>/money")

WAGES = "A"  # the group whose matters always have the card


class Money(NamedTuple):
    """What the card shows: accounts, their sums, and whether more may be written."""

    accounts: Sequence[Account]
    claimed: int
    verified: int
    agreed: int
    paid: int
    open: bool


def of_ticket(session: Session, ticket: Ticket, sight: Sight) -> Money | None:
    """Return what is owed on *ticket*; None where it is about no money."""
    found = [
        dataclasses.replace(each, claim=seen(each.claim, sight))
        for each in queries.accounts(session, ticket.id)
    ]
    if not found and not (ticket.category_code or "").startswith(WAGES):
        return None
    return Money(
        found,
        sum(each.claim.claimed for each in found),
        sum(each.claim.verified or 0 for each in found),
        sum(each.claim.agreed or 0 for each in found),
        sum(each.paid for each in found),
        ticket.state not in ENDED,
    )


@bp.post("")
@permits(Permission.TICKET_WRITE)
def claim(number: str) -> ResponseReturnValue:
    """Write one claimant down."""
    name, claimed = request.form.get("name", ""), _fen("claimed")
    return write(number, _("诉求人已登记"), service.claim, name, claimed)


@bp.post("/<int:claim_id>")
@permits(Permission.TICKET_WRITE)
def assess(number: str, claim_id: int) -> ResponseReturnValue:
    """Write down what was found and agreed."""
    verified, agreed = _maybe_fen("verified"), _maybe_fen("agreed")
    return write(number, _("金额已登记"), service.assess, claim_id, verified, agreed)


@bp.post("/<int:claim_id>/instalments")
@permits(Permission.TICKET_WRITE)
def plan(number: str, claim_id: int) -> ResponseReturnValue:
    """Agree on a part that is due on a day."""
    given = (claim_id, _fen("amount"), forms.day_of(request.form, "due_on"))
    return write(number, _("分期已约定"), service.plan, *given)


@bp.post("/<int:claim_id>/payments")
@permits(Permission.TICKET_WRITE)
def pay(number: str, claim_id: int) -> ResponseReturnValue:
    """Write down money that arrived."""
    proof, part = forms.member(Proof, request.form.get("proof")), request.form.get("instalment", "")
    if proof is None:
        raise Invalid({"proof": N_("请填写")})
    given = (claim_id, _fen("amount"), forms.day_of(request.form, "paid_on"), proof)
    return write(number, _("到账已登记"), service.pay, *given, instalment_id=id_in(part))


def _fen(name: str) -> int:
    try:
        return findings.money(request.form.get(name, ""))
    except findings.Unreadable as error:
        raise Invalid({name: N_("请写金额，如 18000 或 18000.50")}) from error


def _maybe_fen(name: str) -> int | None:
    return _fen(name) if request.form.get(name, "").strip() else None
