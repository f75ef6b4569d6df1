"""Tickets by request: lists, intake, corrections, and what happens beside the state table."""

import base64
import binascii
import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Annotated, Final, Literal

from pydantic import AliasChoices, Field

from hotline.api import shapes
from hotline.api.actions import approval
from hotline.api.endpoint import Asked, Model, Operation, Reply, endpoint
from hotline.core.errors import Invalid
from hotline.core.roles import Permission
from hotline.core.words import N_
from hotline.intake import service as intake
from hotline.intake.form import IntakeForm, Moment
from hotline.telephony.numbers import normalise
from hotline.tickets import approvals, casework, confidence, queries, reaching, urging
from hotline.tickets.contact import Way
from hotline.tickets.models import DemandType, Ticket, Urgency
from hotline.tickets.narrowing import Filter
from hotline.tickets.states import State

Limit = Annotated[int, Field(ge=1, le=200)]
# The contract's names of intake fields, and the columns they are kept in.
COLUMNS: Final = {"category": "category_code", "region": "region_code"}


class TicketQuery(Model):
    """What a list of tickets is narrowed to."""

    state: str | None = None
    caller: str | None = None
    q: str | None = None
    unit: str | None = None
    category: str | None = None
    tag: str | None = None
    overdue: bool | None = None
    received_from: Moment | None = None
    received_to: Moment | None = None
    limit: Limit = 50
    cursor: str | None = None


class Correction(Model):
    """Intake fields to correct, with the version they were read at."""

    version: int
    subject: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    narrative: Annotated[str, Field(min_length=1, max_length=8000)] | None = None
    category: str | None = None
    demand_type: DemandType | None = None
    region: str | None = None
    employer: Annotated[str, Field(max_length=200)] | None = None
    confidential_level: Annotated[int, Field(ge=0, le=3)] | None = None
    anonymous: bool | None = None
    head_count: Annotated[int, Field(ge=1)] | None = None
    foreign_number: Annotated[str, Field(max_length=60)] | None = None
    mass: bool | None = None


class Note(Model):
    """Words that only staff see."""

    text: Annotated[str, Field(min_length=1, max_length=4000)]


class Contact(Model):
    """A word with the worker, or a try that nobody answered."""

    way: Literal[Way.CALL, Way.SMS, Way.VISIT, Way.LETTER]
    reached: bool
    text: Annotated[str, Field(max_length=4000)] | None = None


class File(Model):
    """A file, its content in base64."""

    name: Annotated[str, Field(min_length=1, max_length=120)]
    content: str


class FileShape(Model):
    """A file that was kept."""

    id: str
    media_type: str
    size: int
    sha256: str


class Extension(Model):
    """A later deadline, and why."""

    due_at: Moment
    reason: Annotated[str, Field(min_length=1, max_length=1000)]


class Urge(Model):
    """Words to whoever holds the matter."""

    reason: Annotated[
        str, Field(max_length=1000, validation_alias=AliasChoices("reason", "text"))
    ] = ""


class Supervision(Model):
    """A supervision level."""

    level: Annotated[int, Field(ge=0, le=3)]
    reason: str | None = None


class UrgencyChange(Model):
    """How urgent a matter is."""

    urgency: Urgency
    reason: str | None = None


class Secrecy(Model):
    """A level of confidentiality; a lower one needs the caller's recorded consent."""

    level: Annotated[int, Field(ge=0, le=3)]
    consent: Annotated[str, Field(max_length=1000)] | None = None
    version: int | None = None


READ, WRITE = Permission.TICKET_READ, Permission.TICKET_WRITE


@endpoint(
    Operation(
        "GET",
        "/tickets",
        "tickets, newest first",
        READ,
        shapes.Listed[shapes.TicketLine],
        query=TicketQuery,
    )
)
def listed(asked: Asked) -> Model:
    """List tickets of the asker's part of the tree."""
    wanted = asked.query
    page = queries.page(
        asked.session,
        asked.actor,
        Filter(
            states=_states(wanted.state),
            caller=_number(wanted.caller),
            q=wanted.q,
            unit=wanted.unit,
            category=wanted.category,
            tag=wanted.tag,
            overdue=wanted.overdue,
            received_from=wanted.received_from,
            received_to=wanted.received_to,
        ),
        cursor=wanted.cursor,
        limit=wanted.limit,
        now=asked.now,
    )
    known = shapes.names(asked.session, page.items)
    lines = [shapes.line(ticket, known, asked.now) for ticket in page.items]
    return shapes.Listed[shapes.TicketLine](items=lines, next=page.next)


@endpoint(
    Operation(
        "POST",
        "/tickets",
        "write a new matter down",
        WRITE,
        shapes.TicketShape,
        body=IntakeForm,
        status=HTTPStatus.CREATED,
    )
)
def create(asked: Asked) -> Model:
    """Take a matter in."""
    ticket = intake.register(asked.session, asked.actor, asked.body, now=asked.now)
    return shapes.whole(asked.session, ticket, asked.actor, asked.now)


@endpoint(Operation("GET", "/tickets/<number>", "one ticket", READ, shapes.TicketShape))
def show(asked: Asked, number: str) -> Model:
    """Give one ticket with its story."""
    ticket = queries.by_number(asked.session, asked.actor, number)
    return shapes.whole(asked.session, ticket, asked.actor, asked.now)


@endpoint(
    Operation(
        "PATCH", "/tickets/<number>", "correct intake fields", WRITE, shapes.TicketShape,
        body=Correction,
    )
)  # fmt: skip
def correct(asked: Asked, number: str) -> Model:
    """Correct what was taken down."""
    ticket = locked(asked, number)
    given = asked.body.model_dump(exclude_unset=True, exclude={"version"})
    changes = {COLUMNS.get(name, name): value for name, value in given.items()}
    with _faults_as_asked():
        casework.edit(
            asked.session,
            ticket,
            changes,
            actor=asked.actor,
            now=asked.now,
            version=asked.body.version,
        )
    return whole(asked, ticket)


@contextmanager
def _faults_as_asked() -> Iterator[None]:
    """Name the fields of a fault as the program named them, not as they are kept."""
    try:
        yield
    except Invalid as error:
        names = {column: name for name, column in COLUMNS.items()}
        raise Invalid({names.get(k, k): v for k, v in error.errors.items()}) from None


@endpoint(
    Operation(
        "POST", "/tickets/<number>/notes", "write a note", WRITE, shapes.TicketShape,
        body=Note, status=HTTPStatus.CREATED,
    )
)  # fmt: skip
def add_note(asked: Asked, number: str) -> Model:
    """Write something down that only staff see."""
    ticket = locked(asked, number)
    casework.add_note(asked.session, ticket, asked.body.text, actor=asked.actor, now=asked.now)
    return whole(asked, ticket)


@endpoint(
    Operation(
        "POST", "/tickets/<number>/contacts", "record a contact", WRITE, shapes.TicketShape,
        body=Contact, status=HTTPStatus.CREATED,
    )
)  # fmt: skip
def record_contact(asked: Asked, number: str) -> Model:
    """Record a contact with the worker; it counts from this moment."""
    ticket, told = locked(asked, number), asked.body
    reaching.record(
        asked.session, ticket, told.way, told.text,
        reached=told.reached, actor=asked.actor, now=asked.now,
    )  # fmt: skip
    return whole(asked, ticket)


@endpoint(
    Operation(
        "POST", "/tickets/<number>/attachments", "keep a file", WRITE, FileShape,
        body=File, status=HTTPStatus.CREATED,
    )
)  # fmt: skip
def attach(asked: Asked, number: str) -> Model:
    """Keep a file on the ticket."""
    ticket = locked(asked, number)
    try:
        content = base64.b64decode(asked.body.content, validate=True)
    except binascii.Error:
        raise Invalid({"content": N_("须为 base64")}) from None
    kept = casework.attach(
        asked.session, ticket, asked.body.name, content, actor=asked.actor, now=asked.now
    )
    return FileShape(
        id=str(kept.id), media_type=kept.media_type, size=kept.size, sha256=kept.digest
    )


@endpoint(
    Operation(
        "POST", "/tickets/<number>/extensions", "ask for a later deadline", Permission.TICKET_ACT,
        shapes.ApprovalShape, body=Extension, status=HTTPStatus.ACCEPTED,
    )
)  # fmt: skip
def extend(asked: Asked, number: str) -> Model:
    """Ask for a later deadline; another person decides."""
    ticket = locked(asked, number)
    request = approvals.ask_extension(
        asked.session,
        ticket,
        asked.body.due_at.astimezone(dt.UTC),
        asked.body.reason,
        actor=asked.actor,
        now=asked.now,
    )
    return approval(asked, request, ticket)


@endpoint(
    Operation("POST", "/tickets/<number>/urges", "urge", WRITE, shapes.TicketShape, body=Urge)
)
def urge(asked: Asked, number: str) -> Model:
    """Urge whoever holds the matter."""
    ticket = locked(asked, number)
    urging.urge(asked.session, ticket, asked.body.reason, actor=asked.actor, now=asked.now)
    return whole(asked, ticket)


@endpoint(
    Operation(
        "POST", "/tickets/<number>/supervision", "set the supervision level",
        Permission.TICKET_RULE, shapes.TicketShape, body=Supervision,
    )
)  # fmt: skip
def supervise(asked: Asked, number: str) -> Model:
    """Set the supervision level."""
    ticket = locked(asked, number)
    level, reason = asked.body.level, asked.body.reason
    urging.supervise(asked.session, ticket, level, reason, actor=asked.actor, now=asked.now)
    return whole(asked, ticket)


@endpoint(
    Operation(
        "POST", "/tickets/<number>/urgency", "set the urgency", WRITE, shapes.TicketShape,
        body=UrgencyChange,
    )
)  # fmt: skip
def set_urgency(asked: Asked, number: str) -> Reply | Model:
    """Set the urgency; the deadline follows."""
    ticket = locked(asked, number)
    urgency, reason = asked.body.urgency, asked.body.reason
    casework.set_urgency(asked.session, ticket, urgency, reason, actor=asked.actor, now=asked.now)
    return whole(asked, ticket)


@endpoint(
    Operation(
        "POST", "/tickets/<number>/confidentiality", "set the level of confidentiality", WRITE,
        shapes.TicketShape, body=Secrecy,
    )
)  # fmt: skip
def set_confidentiality(asked: Asked, number: str) -> Model:
    """Make a matter more confidential, or with the caller's consent less."""
    ticket = locked(asked, number)
    level, consent, version = asked.body.level, asked.body.consent, asked.body.version
    confidence.set_level(
        asked.session, ticket, level, consent, actor=asked.actor, now=asked.now, version=version
    )
    return whole(asked, ticket)


def locked(asked: Asked, number: str) -> Ticket:
    """Return the ticket of that number to be written on."""
    return queries.by_number(asked.session, asked.actor, number, lock=True)


def whole(asked: Asked, ticket: Ticket) -> Model:
    """Return *ticket* as it stands after what was written."""
    asked.session.flush()
    return shapes.whole(asked.session, ticket, asked.actor, asked.now)


def _states(text: str | None) -> tuple[State, ...]:
    try:
        return tuple(State(part) for part in text.split(",")) if text else ()
    except ValueError:
        raise Invalid({"state": N_("没有这个状态")}) from None


def _number(text: str | None) -> str | None:
    if not text:
        return None
    number = normalise(text)
    if number is None:
        raise Invalid({"caller": N_("不是有效的电话号码")})
    return number
