"""What the carrier lists, kind by kind: whose it is, and what we had not been told of it."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import Any, Final

from sqlalchemy.orm import Session

from hotline.callbacks import service as callbacks
from hotline.calls import listed, recorded
from hotline.calls import queries as calls
from hotline.calls.queries import Heard
from hotline.intake.models import Gap, Kind
from hotline.intake.sms import receive_sms
from hotline.messages import queries as messages
from hotline.messages.doubt import HELD_FOR
from hotline.messages.service import settle_delivery
from hotline.messages.states import OVER, RANKS
from hotline.telephony.numbers import normalise
from hotline.telephony.port import (
    Carrier,
    CarrierCall,
    CarrierMessage,
    CarrierRecording,
    InboundSms,
)
from hotline.telephony.progress import TERMINAL

UNDER_WAY: Final = dt.timedelta(minutes=1)  # a webhook may take so long; it is not lost yet
DATED: Final = dt.timedelta(seconds=1)  # as finely as carriers date
RINGS: Final = dt.timedelta(minutes=10)  # some carriers list a call by when it was answered

Items = Sequence[Any]
Lister = Callable[[Carrier, dt.datetime, dt.datetime], Items]
Mend = Callable[[Session], Any]


@dataclass(frozen=True)
class Found:
    """A difference, and what mends it; None where only a person can say what it is."""

    gap: Gap
    sid: str
    at: dt.datetime
    mend: Mend | None = None


@dataclass(frozen=True)
class Sort:
    """How one kind is compared.

    Attributes:
        listed: Asks the carrier for all of a time.
        began: When one of them began, by the carrier's clock; None if it has not yet.
        ours: Whether one of them is of this kind, and the hotline's number's.
        differences: Compares those that are, the oldest first, with our rows.
    """

    listed: Lister
    began: Callable[[Any], dt.datetime | None]
    ours: Callable[[Any, str], bool]
    differences: Callable[[Session, Items, dt.datetime], Iterator[Found]]


def _list_calls(carrier: Carrier, since: dt.datetime, until: dt.datetime) -> Items:
    return carrier.list_calls(since - UNDER_WAY, until + RINGS)


def _list_sms(carrier: Carrier, since: dt.datetime, until: dt.datetime) -> Items:
    return carrier.list_sms(since, until)


def _list_recordings(carrier: Carrier, since: dt.datetime, until: dt.datetime) -> Items:
    return carrier.list_recordings(since, until)


# ------------------------------------------------------------------ calls


def _calls_in(session: Session, items: Items, now: dt.datetime) -> Iterator[Found]:
    known = calls.heard_of(session, [shown.sid for shown in items])
    for shown in items:
        gap = _gap(known.get(shown.sid), shown, now)
        if gap is not None:
            mend = partial(_take_call, shown=shown, now=now)
            yield Found(gap, shown.sid, shown.started_at, mend)


def _gap(known: Heard | None, shown: CarrierCall, now: dt.datetime) -> Gap | None:
    """Return what is missing of an inbound call; None for nothing."""
    if known is None:
        return Gap.UNKNOWN
    began = shown.started_at or now
    ended = (shown.ended_at or began) if shown.status in TERMINAL else None
    if ended is not None and ended <= (known.ended_at or now) - UNDER_WAY:
        return Gap.UNENDED
    late = not known.rang and known.received_at >= began + DATED
    return Gap.UNHEARD if late else None


def _take_call(session: Session, shown: CarrierCall, now: dt.datetime) -> None:
    call = listed.take(session, shown, now=now)
    callbacks.heed(session, call, now=now)


def _calls_out(session: Session, items: Items, now: dt.datetime) -> Iterator[Found]:
    """Find calls from our number that no order of ours began: somebody else uses it."""
    ordered = calls.ordered(session, [shown.sid for shown in items])
    for shown in items:
        if shown.sid not in ordered:
            yield Found(Gap.UNKNOWN, shown.sid, shown.started_at)


def _recordings(session: Session, items: Items, now: dt.datetime) -> Iterator[Found]:
    known = recorded.known(session, [shown.sid for shown in items])
    by_sound = calls.by_sound(session, [_source(shown) for shown in items])
    for shown in items:
        call_id = by_sound.get(_source(shown))
        if call_id is not None and shown.sid not in known:
            mend = partial(_take_recording, call_id=call_id, shown=shown, now=now)
            yield Found(Gap.UNKNOWN, shown.sid, shown.started_at, mend)


def _source(shown: CarrierRecording) -> str:
    return shown.call_sid or shown.conference_sid or ""


def _take_recording(
    session: Session, call_id: int, shown: CarrierRecording, now: dt.datetime
) -> None:
    call = listed.take_recording(session, call_id, shown, now=now)
    callbacks.heed(session, call, now=now)


# ------------------------------------------------------------------ SMS


def _sms_in(session: Session, items: Items, now: dt.datetime) -> Iterator[Found]:
    known = messages.ranks(session, [shown.sid for shown in items])
    for shown in items:
        if shown.sid not in known:
            mend = partial(_take_sms, shown=shown, now=now)
            yield Found(Gap.UNKNOWN, shown.sid, shown.sent_at, mend)


def _take_sms(session: Session, shown: CarrierMessage, now: dt.datetime) -> None:
    sms = InboundSms(
        sid=shown.sid,
        from_=normalise(shown.from_),
        to=shown.to,
        body=shown.body,
        raw_from=shown.from_,
    )
    receive_sms(session, sms, now)


def _sms_out(session: Session, items: Items, now: dt.datetime) -> Iterator[Found]:
    """Find messages whose last report was lost, and such as no row of ours ordered.

    One whose hand-over is in doubt is nobody's until the doubt is looked into.
    """
    known = messages.ranks(session, [shown.sid for shown in items])
    for shown in items:
        rank = RANKS.get(shown.status, 0)
        if shown.sid not in known:
            if shown.sent_at <= now - HELD_FOR:
                yield Found(Gap.UNKNOWN, shown.sid, shown.sent_at)
        elif rank >= OVER and rank > known[shown.sid]:
            mend = partial(_settle_sms, shown=shown, now=now)
            yield Found(Gap.UNSETTLED, shown.sid, shown.sent_at, mend)


def _settle_sms(session: Session, shown: CarrierMessage, now: dt.datetime) -> None:
    settle_delivery(session, shown.sid, shown.status, shown.error, now)


#: In the order in which one needs the other: a recording belongs to a call that is known.
SORTS: Final[dict[Kind, Sort]] = {
    Kind.CALL_IN: Sort(
        _list_calls,
        attrgetter("started_at"),
        lambda call, number: call.direction == "inbound" and normalise(call.to) == number,
        _calls_in,
    ),
    Kind.CALL_OUT: Sort(
        _list_calls,
        attrgetter("started_at"),
        lambda call, number: call.direction == "outbound-api" and normalise(call.from_) == number,
        _calls_out,
    ),
    Kind.RECORDING: Sort(
        _list_recordings,
        attrgetter("started_at"),
        lambda sound, _number: sound.status == "completed" and sound.seconds > 0,
        _recordings,
    ),
    Kind.SMS_IN: Sort(
        _list_sms,
        attrgetter("sent_at"),
        lambda sms, number: normalise(sms.to) == number != normalise(sms.from_),
        _sms_in,
    ),
    Kind.SMS_OUT: Sort(
        _list_sms,
        attrgetter("sent_at"),
        lambda sms, number: normalise(sms.from_) == number,
        _sms_out,
    ),
}
