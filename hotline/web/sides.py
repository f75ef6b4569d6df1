"""What happens beside the state table, as data: urging, supervision, urgency, more time."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from hotline.core.db import Session
from hotline.core.errors import NotFound
from hotline.core.roles import Actor, Permission, require
from hotline.core.words import N_
from hotline.intake.form import IntakeForm
from hotline.tickets import approvals, casework
from hotline.tickets.casework import EDITABLE
from hotline.tickets.fields import Field, Kind
from hotline.tickets.models import Ticket, Urgency
from hotline.tickets.states import OPEN, WITH_UNIT, State
from hotline.web import forms

Given = Mapping[str, Any]
Work = Callable[[Session, Ticket, Given, Actor, dt.datetime], object]
CORRECTED: Final = {
    **{name: name for name in EDITABLE if name in IntakeForm.model_fields},
    "category": "category_code",
    "region": "region_code",
}
EMPTIED: Final = frozenset({"employer", "foreign_number", "head_count"})


class Side(NamedTuple):
    """One thing to do to a ticket that leaves its state alone."""

    id: str
    label: str
    icon: str
    permission: Permission
    states: frozenset[State]
    fields: tuple[Field, ...]
    work: Work

    def read(self, form: forms.Form) -> dict[str, Any]:
        """Return what *form* says about the fields.

        Raises:
            Invalid: One is missing or cannot be read.
        """
        return forms.read(self.fields, form)


def _urge(session: Session, ticket: Ticket, given: Given, actor: Actor, now: dt.datetime) -> None:
    casework.urge(session, ticket, given["text"], actor=actor, now=now)


def _supervise(
    session: Session, ticket: Ticket, given: Given, actor: Actor, now: dt.datetime
) -> None:
    level = int(given["level"])
    casework.supervise(session, ticket, level, given.get("reason"), actor=actor, now=now)


def _urgency(
    session: Session, ticket: Ticket, given: Given, actor: Actor, now: dt.datetime
) -> None:
    urgency = Urgency(given["urgency"])
    casework.set_urgency(session, ticket, urgency, given.get("reason"), actor=actor, now=now)


def _extend(session: Session, ticket: Ticket, given: Given, actor: Actor, now: dt.datetime) -> None:
    approvals.ask_extension(session, ticket, given["due_at"], given["reason"], actor=actor, now=now)


K, P = Kind, Permission
_WHY: Final = Field("reason", K.TEXT, N_("理由"), required=True)
SIDES: Final = (
    Side("urge", N_("催办"), "megaphone", P.TICKET_WRITE,
         OPEN, (Field("text", K.TEXT, N_("催办内容"), required=True),), _urge),
    Side("urgency", N_("调整紧急程度"), "siren", P.TICKET_WRITE,
         OPEN, (Field("urgency", K.CHOICE, N_("紧急程度"), True, tuple(Urgency)), _WHY), _urgency),
    Side("extension", N_("申请延期"), "calendar-clock", P.TICKET_ACT,
         WITH_UNIT, (Field("due_at", K.MOMENT, N_("新的期限"), required=True), _WHY), _extend),
    Side("supervision", N_("督办"), "flag", P.TICKET_RULE,
         OPEN, (Field("level", K.CHOICE, N_("督办级别"), True, tuple("0123")), _WHY), _supervise),
)  # fmt: skip
BY_ID: Final = {side.id: side for side in SIDES}


def open_to(actor: Actor, ticket: Ticket) -> list[Side]:
    """Return what *actor* may do beside the state table while *ticket* stands where it does."""
    return [side for side in SIDES if ticket.state in side.states and actor.may(side.permission)]


def known(name: str, actor: Actor) -> Side:
    """Return the side of that name.

    Raises:
        NotFound: There is none.
        Forbidden: *actor* may not.
    """
    if name not in BY_ID:
        raise NotFound
    require(actor, BY_ID[name].permission)
    return BY_ID[name]


def corrections(form: forms.Form, channel: str) -> dict[str, Any]:
    """Return what the intake form says, by column; a field emptied becomes none.

    Raises:
        Invalid: One message for each field that is wrong.
    """
    read = forms.matter(form, channel=channel).model_dump()
    return {
        column: read[name]
        for name, column in CORRECTED.items()
        if read[name] is not None or name in EMPTIED
    }
