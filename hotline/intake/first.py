"""A stranger's first SMS, the busiest way in: the whole matter is written at one go.

It writes what `sms.receive_sms` writes for the same SMS, or nothing at all; a test
compares the rows. Whatever is not plainly a stranger with a new matter goes the long
way, which looks before it writes.
"""

import datetime as dt
from typing import Any, Final, cast

from sqlalchemy import Table

from hotline.core.bundle import Bundle, Row
from hotline.core.convoy import Convoy
from hotline.core.db import new_id
from hotline.core.language import zone
from hotline.core.privacy import blind_index
from hotline.core.roles import Actor, system
from hotline.intake import meaning
from hotline.intake.meaning import Meaning, Situation
from hotline.messages.models import Message
from hotline.messages.service import BLOCK
from hotline.messages.states import (
    PRIORITY,
    VALID_FOR,
    Direction,
    MessageKind,
    MessageState,
    policy,
)
from hotline.surveys.replies import Reading
from hotline.telephony.numbers import may_text, normalise
from hotline.telephony.port import InboundSms
from hotline.tickets import clocks
from hotline.tickets.intake import CENTRE_ID, shortened
from hotline.tickets.models import Channel, DayCounter, Ticket
from hotline.tickets.records import EventKind, TicketEvent
from hotline.tickets.states import State
from hotline.workers.models import Worker

SMS: Final[Actor] = system("sms:inbound")
STRANGER: Final = Situation()
UNASKED: Final = Reading(None, ambiguous=False)  # no score is read from whom nobody has asked
VALID: Final = dt.timedelta(seconds=VALID_FOR[MessageKind.ACK])

WORKER: Final = Row(
    cast(Table, Worker.__table__),
    {},
    id="worker_id",
    phone="phone",
    phone_key="phone_key",
    created_at="now",
)
RECEIVED: Final = Row(
    cast(Table, Message.__table__),
    {
        "direction": Direction.IN,
        "kind": MessageKind.INBOUND,
        "state": MessageState.RECEIVED,
        "policy": policy(MessageKind.INBOUND),
        "priority": 0,
        "params": "{}",
    },
    id="received_id",
    provider_sid="sid",
    worker_id="worker_id",
    ticket_id="ticket_id",
    address="address",
    address_key="phone_key",
    body="body",
    created_at="now",
)
ACKNOWLEDGED: Final = Row(
    cast(Table, Message.__table__),
    {
        "direction": Direction.OUT,
        "kind": MessageKind.ACK,
        "state": MessageState.WAITING,
        "policy": policy(MessageKind.ACK),
        "priority": PRIORITY[MessageKind.ACK],
        "template": "ack",
        "params": "{}",
    },
    id="ack_id",
    purpose="purpose",
    worker_id="worker_id",
    ticket_id="ticket_id",
    address="address",
    address_key="phone_key",
    block_key="block_key",
    due_at="now",
    valid_until="valid_until",
    created_at="now",
)
BEGUN: Final = Row(
    cast(Table, TicketEvent.__table__),
    {
        "kind": EventKind.CALLER,
        "to_state": State.RECEIVED,
        "actor_name": SMS.name,
        "detail": f'{{"channel": "{Channel.SMS}"}}',
    },
    ticket_id="ticket_id",
    at="now",
)
TICKET: Final = Row(
    cast(Table, Ticket.__table__),
    {"channel": Channel.SMS, "unit_id": CENTRE_ID, "class_code": clocks.TRIAGE},
    id="ticket_id",
    number="number",
    worker_id="worker_id",
    subject="subject",
    narrative="narrative",
    received_at="now",
    clock_from="now",
    touched_at="now",
    due_at="due_at",
    due_original="due_at",
    due_explained="due_explained",
    due_provisional="due_provisional",
    step_due_at="step_due_at",
)
MATTER: Final = Bundle(
    new=WORKER,
    unique="phone_key",
    rows=(RECEIVED, ACKNOWLEDGED, BEGUN),
    last=TICKET,
    counter=cast(Table, DayCounter.__table__),
)


def receive(convoy: Convoy, sms: InboundSms, now: dt.datetime) -> bool:
    """Take in the first SMS of somebody never heard of; return whether that was done.

    *convoy* writes `MATTER`.
    When it returns True the ticket is committed. When it returns False nothing is known
    to be written, and the SMS has to go the long way.
    """
    if not _plain(sms):
        return False
    limits = clocks.promise(convoy.engine, now)
    return limits is not None and convoy.join(_values(sms, limits, now))


def _plain(sms: InboundSms) -> bool:
    if sms.from_ is None or sms.from_ == normalise(sms.to) or not may_text(sms.from_):
        return False
    said = meaning.read(sms.body, STRANGER, sms.opt_out_type, UNASKED)
    return meaning.decide(said) is Meaning.MATTER


def _values(sms: InboundSms, limits: clocks.Promise, now: dt.datetime) -> dict[str, Any]:
    number, ticket_id = str(sms.from_), new_id()
    return {
        "now": now,
        "day": now.astimezone(zone()).date(),
        "worker_id": new_id(),
        "phone": number,
        "phone_key": blind_index(number),
        "received_id": new_id(),
        "sid": sms.sid,
        "address": number,
        "body": sms.body,
        "ack_id": new_id(),
        "purpose": f"ack:{ticket_id}",
        "block_key": blind_index(number[:-BLOCK]),
        "valid_until": now + VALID,
        "ticket_id": ticket_id,
        "subject": shortened(sms.body),
        "narrative": sms.body,
        "due_at": limits.due.at,
        "due_explained": list(limits.due.steps),
        "due_provisional": limits.due.provisional,
        "step_due_at": limits.step_due_at,
    }
