"""Statutory limits on a ticket's page: the days they count from, and legal aid first."""

import datetime as dt
from typing import Any, NamedTuple

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from hotline.core.db import Session
from hotline.core.doors import permits
from hotline.core.errors import Invalid
from hotline.core.language import _, local
from hotline.core.roles import Permission
from hotline.core.time import utcnow
from hotline.core.words import N_
from hotline.deadlines.limitation import QUESTIONS, Fact, LastDay
from hotline.tickets import limitation
from hotline.tickets.models import Ticket
from hotline.tickets.records import Obligation
from hotline.web import forms
from hotline.web.work import write

bp = Blueprint("limitation", __name__, url_prefix="/tickets/<number>")


class Limits(NamedTuple):
    """What the card of a ticket shows: last days, what was entered, legal aid that is owed."""

    last_days: list[LastDay]
    facts: dict[Fact, dt.date]
    questions: dict[Fact, str]
    aid: Obligation | None

    @property
    def aid_first(self) -> bool:
        """Whether legal aid can be asked for with one click."""
        return self.aid is None and any(last.aid_first for last in self.last_days)


def limits(session: Session, ticket: Ticket) -> Limits:
    """Return the card of *ticket*."""
    return Limits(
        [*limitation.of_ticket(session, ticket, local(utcnow()).date())],
        limitation.facts(session, ticket),
        QUESTIONS,
        limitation.aid_owed(session, ticket),
    )


@bp.post("/limitation")
@permits(Permission.TICKET_WRITE)
def enter(number: str) -> ResponseReturnValue:
    """Keep the days that limits count from."""
    return write(number, _("法定期限已重算"), limitation.enter, _days(request.form))


@bp.post("/legal-aid")
@permits(Permission.TICKET_WRITE)
def aid_first(number: str) -> ResponseReturnValue:
    """Ask for legal aid first."""
    return write(number, _("已请班长先行安排法律援助"), limitation.ask_aid_first)


@bp.post("/legal-aid/arranged")
@permits(Permission.TICKET_ACT)
def aid_arranged(number: str) -> ResponseReturnValue:
    """Say that legal aid is arranged."""
    note = request.form.get("note", "")
    return write(number, _("法律援助已安排"), limitation.aid_arranged, note)


def _days(form: forms.Form) -> dict[Fact, dt.date]:
    given: dict[Fact, dt.date] = {}
    faults: dict[str, Any] = {}
    for fact in Fact:
        if text := form.get(fact.value, "").strip():
            try:
                given[fact] = dt.date.fromisoformat(text)
            except ValueError:
                faults[fact.value] = N_("请写成 2026-11-23 这样的日期")
    if faults:
        raise Invalid(faults)
    return given
