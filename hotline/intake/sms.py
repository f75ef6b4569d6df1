"""Taking in an SMS: it finds its ticket, its survey, or the reason why it belongs to none."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog
from sqlalchemy.orm import Session

from hotline.callbacks import service as callbacks
from hotline.core.db import new_id
from hotline.core.language import local
from hotline.core.roles import Actor, Role, system
from hotline.core.words import N_
from hotline.intake import meaning
from hotline.intake.meaning import Meaning
from hotline.intake.sender import Sender, recognise
from hotline.intake.standing import standing
from hotline.messages import desk
from hotline.messages import service as messages
from hotline.messages.states import MessageKind
from hotline.staff import queries as staff
from hotline.stations import queries as stations
from hotline.stations.models import Kind
from hotline.stations.service import told
from hotline.surveys import queries as surveys
from hotline.surveys import replies
from hotline.surveys.replies import Reading
from hotline.surveys.service import record_answer
from hotline.telephony.numbers import may_text
from hotline.telephony.port import InboundSms
from hotline.tickets import casework
from hotline.tickets import queries as tickets
from hotline.tickets.intake import CENTRE_ID, Intake, receive
from hotline.tickets.joining import holder
from hotline.tickets.models import Channel, Ticket
from hotline.tickets.service import perform
from hotline.tickets.states import Action, State
from hotline.units import queries as units
from hotline.workers import service as workers
from hotline.workers.models import OptOutSource

log = structlog.get_logger()

SMS: Final[Actor] = system("sms:inbound")


@dataclass(frozen=True)
class Contact:
    """One SMS with all that was found out about it."""

    session: Session
    sms: InboundSms
    sender: Sender
    reading: Reading
    now: dt.datetime


def receive_sms(session: Session, sms: InboundSms, now: dt.datetime) -> None:
    """Take one SMS in: keep it, and do once what it means.

    The carrier may deliver it again, at the same time or much later. It is entered
    under its unique id; whoever comes second finds it there and does nothing. Every
    answer goes through the outbox, so the carrier itself is always answered the same.
    """
    reading = replies.read(sms.body)
    sender = recognise(session, sms, reading.number, now)
    if sender.seen:
        log.info("sms.again", sid=sms.sid)
        return
    said = meaning.read(sms.body, sender.situation, sms.opt_out_type, reading)
    found = meaning.decide(said)
    EFFECTS[found](Contact(session, sms, sender, reading, now))
    if sender.owed and sender.worker_id is not None and found not in SPEECHLESS:
        callbacks.replied(session, sender.worker_id, now=now)


def _matter(contact: Contact) -> None:
    """Begin a ticket. Its number is taken last, for that row is everybody's."""
    sms, sender, ticket_id = contact.sms, contact.sender, new_id()
    rows = [_received(contact, ticket_id)]
    if sender.may_reply and not sender.situation.opted_out and may_text(sms.from_):
        rows.append(
            messages.order(
                to=str(sms.from_),
                kind=MessageKind.ACK,
                template="ack",
                purpose=f"ack:{ticket_id}",
                ticket_id=ticket_id,
                worker_id=sender.worker_id,
                language=sender.language,
                now=contact.now,
            )
        )
    messages.write(contact.session, *rows)
    matter = Intake(channel=Channel.SMS, narrative=sms.body, worker_id=sender.worker_id)
    receive(contact.session, matter, actor=SMS, now=contact.now, ticket_id=ticket_id)


def _word(contact: Contact) -> None:
    """Add the words to the open ticket; whoever waited for them works on."""
    ticket = holder(contact.session, _keep_on(contact, contact.sender.open_id))
    if ticket.state is State.AWAITING_CALLER:
        perform(contact.session, ticket, Action.CALLER_REPLIED, {}, actor=SMS, now=contact.now)


def _afterword(contact: Contact) -> None:
    """Add the words to the settled ticket and ask the supervisors whether to reopen it."""
    ticket = holder(contact.session, _keep_on(contact, contact.sender.settled_id))
    for person in staff.leads(contact.session, CENTRE_ID, Role.SUPERVISOR):
        desk.notify(
            contact.session,
            person.id,
            "reopen",
            N_("职工对已办结的工单又来短信，请决定是否重新受理：%(number)s"),
            params={"number": ticket.number},
            ticket_id=ticket.id,
            purpose=f"afterword:{contact.sms.sid}:{person.id}",
            now=contact.now,
        )


def _answer(contact: Contact) -> None:
    """Keep the answer to the survey asked last, or to the one whose ticket is named."""
    asked = surveys.open_of(contact.session, contact.sender.worker_id or 0)
    chosen = surveys.addressed(asked, contact.reading.number)
    ticket = chosen.ticket if chosen else None
    if ticket is None and contact.sender.settled_id is not None:
        ticket = tickets.by_id(contact.session, contact.sender.settled_id)
    if ticket is None or ticket.state not in {State.RESOLVED, State.SURVEYED}:
        fallback = _word if contact.sender.open_id else _afterword
        (fallback if contact.sender.situation.known else _matter)(contact)
        return
    _keep(contact, ticket.id)
    record_answer(contact.session, ticket, contact.reading, now=contact.now)


def _progress(contact: Contact) -> None:
    """Say how far the matter is."""
    sender = contact.sender
    ticket_id = sender.open_id or sender.settled_id
    _keep(contact, ticket_id, reason=None if ticket_id else Meaning.PROGRESS)
    known = standing(sender.open_state) if sender.open_state else "settled" if ticket_id else "none"
    _reply(contact, f"progress_{known}", ticket_id)


def _station(contact: Contact) -> None:
    """Say where the nearest stations are; what names no place we know is a matter, or a word."""
    place = meaning.place_asked(meaning.bare(contact.sms.body))
    region = units.region_named(contact.session, place) if place else None
    if place and region is None:
        (_word if contact.sender.open_id else _matter)(contact)
        return
    ticket_id = contact.sender.open_id or contact.sender.settled_id
    _keep(contact, ticket_id, reason=Meaning.STATION)
    if region is None:
        _reply(contact, "station_ask", None)
        return
    today = local(contact.now).date()
    near = stations.near(contact.session, region.code, today, kind=Kind.STATION, limit=2)
    what = "；".join(told(each) for each in near)
    _reply(contact, "station" if near else "station_none", None, what=what)


def _opt_out(contact: Contact) -> None:
    """Write to this number no more, from now on; no last word either."""
    _keep(contact, None, reason=Meaning.OPT_OUT)
    if contact.sender.worker_id is not None:
        workers.opt_out(
            contact.session,
            contact.sender.worker_id,
            contact.now,
            source=OptOutSource.CARRIER if contact.sms.opt_out_type else OptOutSource.WORD,
            word=contact.sms.body,
        )


def _opt_in(contact: Contact) -> None:
    _keep(contact, None, reason=Meaning.OPT_IN)
    if contact.sender.worker_id is not None:
        worker_id, said = contact.sender.worker_id, contact.sms.body
        workers.opt_in(contact.session, worker_id, contact.now, word=said)
    if contact.sms.opt_out_type is None:  # else the carrier has said so itself
        _reply(contact, "opted_in", None)


def _aside(reason: Meaning) -> Callable[[Contact], None]:
    """Keep what makes no ticket, with the *reason*, beside the matter it came with."""

    def keep(contact: Contact) -> None:
        _keep(contact, contact.sender.open_id or contact.sender.settled_id, reason=reason)

    return keep


EFFECTS: Final[dict[Meaning, Callable[[Contact], None]]] = {
    Meaning.MATTER: _matter,
    Meaning.WORD: _word,
    Meaning.AFTERWORD: _afterword,
    Meaning.ANSWER: _answer,
    Meaning.PROGRESS: _progress,
    Meaning.STATION: _station,
    Meaning.OPT_OUT: _opt_out,
    Meaning.OPT_IN: _opt_in,
    **{
        reason: _aside(reason)
        for reason in (
            Meaning.NOISE,
            Meaning.HELP,
            Meaning.FLOOD,
            Meaning.COURTESY,
            Meaning.UNREADABLE,
        )
    },
}
SPEECHLESS: Final = {Meaning.NOISE, Meaning.HELP, Meaning.OPT_OUT}  # nobody has answered us


def _keep(contact: Contact, ticket_id: int | None, *, reason: str | None = None) -> None:
    messages.write(contact.session, _received(contact, ticket_id, reason=reason))


def _keep_on(contact: Contact, ticket_id: int | None) -> Ticket:
    """Keep the SMS on a ticket and in its timeline."""
    ticket = tickets.by_id(contact.session, ticket_id or 0)
    _keep(contact, ticket.id)
    casework.caller_said(
        contact.session,
        ticket,
        contact.sms.body,
        channel=Channel.SMS,
        actor=SMS,
        now=contact.now,
    )
    return ticket


def _received(
    contact: Contact, ticket_id: int | None, *, reason: str | None = None
) -> messages.Row:
    return messages.received(
        contact.sms,
        worker_id=contact.sender.worker_id,
        ticket_id=ticket_id,
        reason=reason,
        now=contact.now,
    )


def _reply(contact: Contact, template: str, ticket_id: int | None, **params: str) -> None:
    allowed = contact.sender.may_reply or template == "opted_in"
    if not allowed or not may_text(contact.sms.from_):
        return
    messages.queue(
        contact.session,
        to=contact.sms.from_,
        kind=MessageKind.ANSWER,
        template=template,
        params=params,
        ticket_id=ticket_id,
        worker_id=contact.sender.worker_id,
        language=contact.sender.language,
        now=contact.now,
    )
