"""A life in danger on the line: one press tells the shift leads, and what is done has its second.

Domain, sections 1.7 and 8 (R15). The call's own record holds that a crisis was raised;
what the caller says of place and company stands among the call's words, which are sealed.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.calls import aid
from hotline.calls import queries as calls
from hotline.calls.models import CallEvent, CallWords, Speaker
from hotline.calls.rows import note, spoken_by
from hotline.core.errors import Invalid
from hotline.core.roles import Actor
from hotline.core.words import N_
from hotline.intake.aftercare import Crisis
from hotline.tickets import casework
from hotline.tickets import queries as tickets
from hotline.tickets.models import Urgency
from hotline.workers import service as workers

RAISED: Final = "crisis"
ALARM: Final = N_("危机来电：%(name)s 正在通话，请立即旁听支援")
REASON: Final = N_("危机来电")
LONGEST: Final = 200
ASKED: Final = {"place": N_("地点"), "company": N_("身边的人"), "done": N_("已做的事")}


@dataclass(frozen=True)
class Moment:
    """One line of the course of a crisis: a code of the record, or words; and its second."""

    at: dt.datetime
    kind: str | None = None
    said: str | None = None


def raise_alarm(session: Session, actor: Actor, call_id: int, *, now: dt.datetime) -> None:
    """Begin a crisis: the shift leads hear of it at once, a ticket of the call becomes critical.

    The caller's number is shown from now on; that is noted like any other revealing. A
    second press changes nothing.

    Raises:
        Forbidden: *actor* does not work calls.
        GuardFailed: *actor* is not in this conversation.
        NotFound: There is no such call.
    """
    call = spoken_by(session, actor, call_id)
    if raised(session, call_id) is not None:
        return
    note(session, call, RAISED, now=now, staff_id=actor.id)
    session.add(Crisis(call_id=call.id, raised_at=now))
    if call.worker_id is not None:
        workers.reveal(session, actor, call.worker_id, REASON, now)
    aid.tell_leads(session, actor, call_id, RAISED, ALARM, now=now)
    if call.ticket_id is not None:
        ticket = tickets.by_id(session, call.ticket_id)
        casework.set_urgency(session, ticket, Urgency.CRITICAL, REASON, actor=actor, now=now)


def write_down(
    session: Session, actor: Actor, call_id: int, text: str, *, now: dt.datetime
) -> None:
    """Keep what an operator learnt or did, with its second.

    Raises:
        Forbidden: *actor* does not work calls.
        GuardFailed: *actor* is not in this conversation.
        Invalid: There are no words, or too many.
        NotFound: There is no such call.
    """
    call = spoken_by(session, actor, call_id)
    words = text.strip()
    if not words or len(words) > LONGEST:
        raise Invalid({"text": N_("请填写，不超过 200 字")})
    session.add(CallWords(call_id=call.id, at=now, speaker=Speaker.OPERATOR, text=words))


def raised(session: Session, call_id: int) -> CallEvent | None:
    """Return the record of a crisis in this call, or None where there was none."""
    return session.scalar(
        select(CallEvent).where(CallEvent.call_id == call_id, CallEvent.kind == RAISED)
    )


def course(session: Session, begun: CallEvent) -> Sequence[Moment]:
    """Return what happened since a crisis was raised, the latest first."""
    events = [
        Moment(event.at, kind=event.kind)
        for event in calls.story(session, begun.call_id)
        if event.id >= begun.id
    ]
    noted = [
        Moment(words.at, said=words.text)
        for words in calls.words(session, begun.call_id)
        if words.speaker is Speaker.OPERATOR and words.at >= begun.at
    ]
    return sorted([*events, *noted], key=lambda one: one.at)[::-1]
