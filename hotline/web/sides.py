"""What happens beside the state table, as data: urging, supervision, help, more time."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from hotline.core.db import Session
from hotline.core.errors import Invalid, NotFound
from hotline.core.roles import Actor, Permission, Role, require
from hotline.core.words import N_
from hotline.intake.form import IntakeForm
from hotline.staff import queries as staff
from hotline.tickets import approvals, assisting, casework, confidence, reaching, urging
from hotline.tickets.casework import EDITABLE
from hotline.tickets.contact import Way
from hotline.tickets.fields import Field, Kind
from hotline.tickets.models import Ticket, Urgency
from hotline.tickets.secrecy import LEVELS, NAMED_ONLY, level_of
from hotline.tickets.sight import central
from hotline.tickets.states import OPEN, WITH_UNIT, State
from hotline.units import queries as units
from hotline.web import forms

Given = Mapping[str, Any]
Work = Callable[[Session, Ticket, Given, Actor, dt.datetime], object]
CORRECTED: Final = {
    **{name: name for name in EDITABLE if name in IntakeForm.model_fields},
    "category": "category_code",
    "region": "region_code",
}
EMPTIED: Final = frozenset({"employer", "employer_id", "project", "foreign_number", "head_count"})


class Side(NamedTuple):
    """One thing to do to a ticket that leaves its state alone."""

    id: str
    label: str
    icon: str
    permission: Permission
    states: frozenset[State]
    fields: tuple[Field, ...]
    work: Work
    meant_for: Callable[[Actor, Ticket], bool] = lambda actor, ticket: True  # noqa: ARG005 - for everybody who may

    def read(self, form: forms.Form) -> dict[str, Any]:
        """Return what *form* says about the fields.

        Raises:
            Invalid: One is missing or cannot be read.
        """
        return forms.read(self.fields, form)


def _contact(
    session: Session, ticket: Ticket, given: Given, actor: Actor, now: dt.datetime
) -> None:
    reached = given["reached"] == "yes"
    way, text = Way(given["way"].removeprefix("way_")), given.get("text")
    reaching.record(session, ticket, way, text, reached=reached, actor=actor, now=now)


def _holds(actor: Actor, ticket: Ticket) -> bool:
    return urging.holds(ticket, actor)


def _urge(session: Session, ticket: Ticket, given: Given, actor: Actor, now: dt.datetime) -> None:
    urging.urge(session, ticket, given["text"], actor=actor, now=now)


def _supervise(
    session: Session, ticket: Ticket, given: Given, actor: Actor, now: dt.datetime
) -> None:
    level, due_at = int(given["level"]), given.get("due_at")
    urging.supervise(
        session, ticket, level, given.get("reason"), actor=actor, now=now, due_at=due_at
    )


def _assist(session: Session, ticket: Ticket, given: Given, actor: Actor, now: dt.datetime) -> None:
    unit = units.unit(session, given["unit"])
    assisting.add(session, ticket, unit, given["asked"], actor=actor, now=now)


def _asks_for_help(actor: Actor, ticket: Ticket) -> bool:
    leads = Role.HANDLER in actor.roles and actor.unit_id == ticket.unit_id
    return leads or Role.DISPATCHER in actor.roles


def _urgency(
    session: Session, ticket: Ticket, given: Given, actor: Actor, now: dt.datetime
) -> None:
    urgency = Urgency(given["urgency"])
    casework.set_urgency(session, ticket, urgency, given.get("reason"), actor=actor, now=now)


def _extend(session: Session, ticket: Ticket, given: Given, actor: Actor, now: dt.datetime) -> None:
    approvals.ask_extension(session, ticket, given["due_at"], given["reason"], actor=actor, now=now)


def _secrecy(
    session: Session, ticket: Ticket, given: Given, actor: Actor, now: dt.datetime
) -> None:
    level = int(given["level"].removeprefix("secrecy_"))
    confidence.set_level(session, ticket, level, given.get("consent"), actor=actor, now=now)


def _brief(session: Session, ticket: Ticket, given: Given, actor: Actor, now: dt.datetime) -> None:
    confidence.write_brief(session, ticket, given["brief"], actor=actor, now=now)


def _consent(
    session: Session, ticket: Ticket, given: Given, actor: Actor, now: dt.datetime
) -> None:
    confidence.agree(session, ticket, given["consent"], actor=actor, now=now)


def _keeper(session: Session, ticket: Ticket, given: Given, actor: Actor, now: dt.datetime) -> None:
    try:
        person = staff.by_login(session, given["login"])
    except NotFound:
        raise Invalid({"login": N_("没有这个用户名")}) from None
    confidence.name_keeper(session, ticket, person.id, actor=actor, now=now)


def _at_the_hotline(actor: Actor, _ticket: Ticket) -> bool:
    return central(actor)


def _kept_from_unit(actor: Actor, ticket: Ticket) -> bool:
    return central(actor) and level_of(ticket.confidential_level) > 1


def _kept_from_employer(actor: Actor, ticket: Ticket) -> bool:
    against = ticket.employer_key is not None and level_of(ticket.confidential_level) > 0
    return central(actor) and against


def _named_only(actor: Actor, ticket: Ticket) -> bool:
    return central(actor) and ticket.confidential_level == NAMED_ONLY


K, P = Kind, Permission
_LEVELS: Final = tuple(f"secrecy_{level}" for level in LEVELS)
_WHY: Final = Field("reason", K.TEXT, N_("理由"), required=True)
_WAYS: Final = tuple(f"way_{way}" for way in Way if way is not Way.NONE)
SIDES: Final = (
    Side("contact", N_("登记联系职工"), "phone-outgoing", P.TICKET_WRITE,
         reaching.WORKED_ON, (Field("way", K.CHOICE, N_("联系方式"), True, _WAYS),
                              Field("reached", K.CHOICE, N_("是否联系上"), True, ("yes", "no")),
                              Field("text", K.TEXT, N_("联系情况"))), _contact, _holds),
    Side("urge", N_("催办"), "megaphone", P.TICKET_WRITE,
         OPEN, (Field("text", K.TEXT, N_("催办内容"), required=True),), _urge),
    Side("urgency", N_("调整紧急程度"), "siren", P.TICKET_WRITE,
         OPEN, (Field("urgency", K.CHOICE, N_("紧急程度"), True, tuple(Urgency)), _WHY), _urgency),
    Side("extension", N_("申请延期"), "calendar-clock", P.TICKET_ACT,
         WITH_UNIT, (Field("due_at", K.MOMENT, N_("新的期限"), required=True), _WHY), _extend),
    Side("supervision", N_("督办"), "flag", P.TICKET_RULE,
         OPEN, (Field("level", K.CHOICE, N_("督办级别"), True, tuple("0123")), _WHY,
                Field("due_at", K.MOMENT, N_("反馈期限（不填按级别计算）"))), _supervise),
    Side("assist", N_("加派协办"), "users-round", P.TICKET_ACT,
         WITH_UNIT, (Field("unit", K.UNIT, N_("协办单位"), required=True),
                     Field("asked", K.TEXT, N_("请其协助的事项"), required=True)), _assist,
         _asks_for_help),
    Side("secrecy", N_("调整保密级别"), "lock", P.TICKET_WRITE,
         OPEN, (Field("level", K.CHOICE, N_("保密级别"), True, _LEVELS),
                Field("consent", K.TEXT, N_("职工同意降低的原话或录音出处"))), _secrecy,
         _at_the_hotline),
    Side("brief", N_("写给承办单位"), "square-pen", P.TICKET_WRITE,
         OPEN, (Field("brief", K.TEXT, N_("承办单位看到的说明（不写姓名、岗位、班次和日期）"),
                      required=True),), _brief, _kept_from_unit),
    Side("consent", N_("记录职工同意"), "check", P.TICKET_WRITE,
         OPEN, (Field("consent", K.TEXT, N_("职工同意交给本单位工会的原话或录音出处"),
                      required=True),), _consent, _kept_from_employer),
    Side("keeper", N_("指定知情人"), "user-check", P.TICKET_WRITE,
         OPEN, (Field("login", K.LINE, N_("用户名"), required=True),), _keeper, _named_only),
)  # fmt: skip
BY_ID: Final = {side.id: side for side in SIDES}


def open_to(actor: Actor, ticket: Ticket) -> list[Side]:
    """Return what *actor* may do beside the state table while *ticket* stands where it does."""
    return [
        side
        for side in SIDES
        if ticket.state in side.states
        and actor.may(side.permission)
        and side.meant_for(actor, ticket)
    ]


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
