"""How many SMS may leave: counted in the database, asked before each is handed over.

A number that can be made to send without limit is a bill without limit: pumping fraud
writes from blocks of premium numbers, and two robots answer each other for ever.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import structlog
from sqlalchemy import ColumnElement, Select, bindparam, func, literal, or_, select
from sqlalchemy.orm import Session

from hotline.messages.models import Message
from hotline.messages.neighbours import worker
from hotline.messages.rules import Rules
from hotline.messages.states import Direction, MessageKind
from hotline.telephony.numbers import may_text

log = structlog.get_logger()

REPLIES: Final = (MessageKind.ACK, MessageKind.ANSWER)
REPLY_GAP: Final = dt.timedelta(minutes=10)
REPLIES_A_DAY: Final = 3
SURVEYS_A_MONTH: Final = 2
BLOCK_WINDOW: Final = dt.timedelta(minutes=10)
BLOCK_NUMBERS: Final = 10
DAY: Final = dt.timedelta(days=1)
MONTH: Final = dt.timedelta(days=30)
HOUR: Final = dt.timedelta(hours=1)
UNBOUNDED: Final = 1_000_000
BURST: Final = dt.timedelta(seconds=10)  # in which no more than twice the rate leaves


@dataclass(frozen=True)
class Stop:
    """Why a message may not leave now; *until* None means never."""

    reason: str
    until: dt.datetime | None = None


@dataclass(frozen=True)
class Room:
    """How many more may leave now: alerts, and all the rest but acknowledgements."""

    alerts: int
    others: int

    def of(self, kind: MessageKind | None) -> int:
        """Return the room for *kind*; an acknowledgement is exempt, None is all the rest."""
        if kind is MessageKind.ACK:
            return UNBOUNDED
        return self.alerts if kind is MessageKind.ALERT else self.others


def room(session: Session, rules: Rules, now: dt.datetime) -> Room:
    """Return how many messages the installation's caps leave room for."""
    spans = (BURST, dt.timedelta(minutes=1), DAY)
    counted = session.execute(select(*(_since(now - span) for span in spans))).one()
    burst, minute, day = (int(n) for n in counted)
    in_a_burst = max(1, rules.per_minute * 2 * BURST // dt.timedelta(minutes=1))
    soon = max(0, min(rules.per_minute - minute, in_a_burst - burst))
    if rules.per_day <= day:
        log.error("sms.day_is_full", sent=day, cap=rules.per_day)
    return Room(alerts=soon, others=max(0, min(soon, rules.per_day - day)))


def stop(session: Session, message: Message, rules: Rules, now: dt.datetime) -> Stop | None:
    """Return why *message* may not leave at *now*, or None if it may."""
    if message.valid_until is not None and message.valid_until < now:
        return Stop("expired")
    if message.address == rules.own_number or not may_text(message.address, rules.prefixes):
        return Stop("not_a_mobile")
    counts = _counts(session, message, now)
    if counts["opted_out"]:
        return Stop("opted_out")
    if message.kind in REPLIES:
        return _reply(counts, now)
    if message.staff_id is not None:
        return None  # alerts are counted by the escalation ladder, one a rung
    return _asked(message, rules, counts, now) or _crowd(message, rules, counts, now)


def _reply(counts: Mapping[str, Any], now: dt.datetime) -> Stop | None:
    if counts["replies"] >= REPLIES_A_DAY:
        return Stop("replies_a_day")
    last = counts["last_reply"]
    if last is not None and last + REPLY_GAP > now:
        return Stop("reply_gap", until=last + REPLY_GAP)
    return None


def _asked(
    message: Message, rules: Rules, counts: Mapping[str, Any], now: dt.datetime
) -> Stop | None:
    if message.kind is not MessageKind.SURVEY:
        return None
    if rules.quiet is not None and (end := rules.quiet.until(now)):
        return Stop("quiet_hours", until=end)
    return Stop("surveys_a_month") if counts["surveys"] >= SURVEYS_A_MONTH else None


def _crowd(
    message: Message, rules: Rules, counts: Mapping[str, Any], now: dt.datetime
) -> Stop | None:
    if counts["to_number"] >= rules.per_number_per_day:
        return Stop("number_a_day", until=now + HOUR)
    if counts["block"] >= BLOCK_NUMBERS:
        log.error("sms.block_of_numbers", message=message.id, numbers=counts["block"])
        return Stop("block_of_numbers", until=now + BLOCK_WINDOW)
    return None


def _counts(session: Session, message: Message, now: dt.datetime) -> Mapping[str, Any]:
    asked = session.execute(
        QUESTION,
        {
            "address_key": message.address_key,
            "block_key": message.block_key,
            "ticket_id": message.ticket_id,
            "ten_minutes": now - BLOCK_WINDOW,
            "a_day": now - DAY,
            "a_month": now - MONTH,
        },
    )
    return dict(asked.mappings().one())


def _since(moment: dt.datetime) -> ColumnElement[int]:
    """Count what has been handed over since *moment*, acknowledgements apart."""
    counted = select(func.count()).where(Message.sent_at > moment, Message.kind != MessageKind.ACK)
    return counted.scalar_subquery()


def _question() -> Select[Any]:
    to_number = (
        Message.address_key == bindparam("address_key"),
        Message.direction == Direction.OUT,
    )
    replies = (*to_number, Message.kind.in_(REPLIES))
    day, month = Message.sent_at > bindparam("a_day"), Message.sent_at > bindparam("a_month")
    other = or_(
        bindparam("ticket_id", type_=Message.ticket_id.type).is_(None),
        Message.ticket_id != bindparam("ticket_id"),
    )
    parts = {
        "opted_out": select(func.count()).select_from(worker).where(
            worker.c.phone_key == bindparam("address_key"), worker.c.opted_out_at.is_not(None)
        ),
        "last_reply": select(func.max(Message.sent_at)).where(*replies, day),
        "replies": select(func.count()).where(*replies, day),
        "to_number": select(func.count()).where(*to_number, day),
        "surveys": select(func.count(Message.ticket_id.distinct())).where(
            *to_number, Message.kind == MessageKind.SURVEY, month, other
        ),
        "block": select(func.count(Message.address_key.distinct())).where(
            Message.block_key == bindparam("block_key"),
            Message.kind != MessageKind.ACK,
            Message.staff_id.is_(None),
            Message.sent_at > bindparam("ten_minutes"),
            Message.address_key != bindparam("address_key"),
        ),
    }  # fmt: skip
    return select(literal(1), *(part.scalar_subquery().label(name) for name, part in parts.items()))


QUESTION: Final = _question()
