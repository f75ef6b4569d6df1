"""What is done with recordings: taken up, opened with a reason, heard, written down, held."""

import datetime as dt
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.calls import recorded
from hotline.core import audit
from hotline.core.errors import Forbidden, GuardFailed, Invalid, NotFound
from hotline.core.language import local
from hotline.core.roles import Actor, Permission, require
from hotline.core.rows import one
from hotline.core.words import N_
from hotline.recordings import queries
from hotline.recordings.models import Listening, Recording, RetentionClass
from hotline.recordings.retention import Retention, last_day
from hotline.recordings.states import KEEPABLE, OURS, SOONEST, Kind, RecordingState
from hotline.tickets import queries as tickets
from hotline.tickets import sight
from hotline.tickets.models import DemandType, Ticket, Urgency
from hotline.tickets.secrecy import Part

LONGEST_REASON: Final = 200
LONGEST_TRANSCRIPT: Final = 4000


def take_up(session: Session, *, now: dt.datetime, limit: int) -> int:
    """Owe a copy of each recording that the carrier told of; each is taken up once.

    Returns:
        How many there were.
    """
    fresh = recorded.untaken(session, limit=limit)
    days = session.get_one(RetentionClass, Retention.ORDINARY).days if fresh else 0
    for told in fresh:
        told.taken = True
        row = Recording(
            call_id=told.call_id,
            carrier_sid=told.sid,
            kind=Kind.VOICEMAIL if told.message else Kind.CONVERSATION,
            told_at=told.told_at,
            seconds=told.seconds,
            due_at=now + SOONEST,
            last_day=last_day(local(told.told_at).date(), days),
        )
        session.add(row)
    return len(fresh)


def subject(recording: Recording) -> str:
    """Return the name of a recording in the audit record."""
    return f"recording:{recording.id}"


def listen(
    session: Session,
    actor: Actor,
    recording_id: int,
    reason: str,
    *,
    session_id: str,
    now: dt.datetime,
) -> Recording:
    """Let *actor* hear a recording for the rest of their session, and keep why.

    Raises:
        Forbidden: *actor* may not hear recordings.
        Invalid: No reason, or one that is too long.
        GuardFailed: The sound is not with us.
        NotFound: There is none, or its matter lies outside the actor's part of the tree.
    """
    found = _within_reach(session, actor, recording_id)
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise Invalid({"reason": N_("请写明收听原因（200 字以内）")})
    if found.state not in OURS:
        raise GuardFailed(N_("录音还没有取回，或者已经删除。"), guard="sound-is-ours")
    if not queries.opened(session, session_id, [found]):
        session.add(
            Listening(
                recording_id=found.id,
                session_id=session_id,
                staff_id=actor.id,
                reason=reason,
                at=now,
            )
        )
        audit.note(session, actor, "recording.open", subject(found), now=now, reason=reason)
    return found


def play(
    session: Session,
    actor: Actor,
    recording_id: int,
    *,
    session_id: str,
    begins: bool,
    now: dt.datetime,
) -> Recording:
    """Return a recording whose sound *actor* may have now; a play that *begins* is kept.

    Raises:
        Forbidden: *actor* may not hear recordings, or gave no reason in this session.
        NotFound: There is none within reach, or its sound is not with us.
    """
    found = _within_reach(session, actor, recording_id)
    opened = session.scalar(
        select(Listening).where(
            Listening.recording_id == recording_id,
            Listening.session_id == session_id,
            Listening.staff_id == actor.id,
        )
    )
    if opened is None:
        raise Forbidden(N_("请先写明收听原因。"))
    if found.state not in OURS:
        raise NotFound
    if begins:
        audit.note(session, actor, "recording.play", subject(found), now=now, reason=opened.reason)
    return found


def _within_reach(session: Session, actor: Actor, recording_id: int) -> Recording:
    require(actor, Permission.RECORDING_PLAY)
    found = queries.recording(session, recording_id)
    ticket = queries.ticket_of(session, found)
    if ticket is None:
        if not sight.central(actor):
            raise NotFound
        return found
    tickets.by_number(session, actor, ticket.number)
    if sight.sight(session, actor, ticket).hides(Part.FILES):
        raise Forbidden(N_("录音保密。"))
    return found


def write_down(
    session: Session,
    actor: Actor,
    recording_id: int,
    text: str,
    *,
    session_id: str,
    now: dt.datetime,
) -> Recording:
    """Keep the words of a message, as somebody who opened it heard them; they are read anew.

    Raises:
        Forbidden: *actor* may not hear recordings, or gave no reason in this session.
        Invalid: No words, or too many.
        NotFound: There is no such message within reach.
    """
    play(session, actor, recording_id, session_id=session_id, begins=False, now=now)
    found = one(session, Recording, recording_id, lock=True)
    text = text.strip()
    if not text or len(text) > LONGEST_TRANSCRIPT:
        raise Invalid({"text": N_("请写下留言内容（4000 字以内）")})
    found.transcript, found.read_at = text, None
    audit.note(session, actor, "recording.write_down", subject(found), now=now)
    return found


def hold(
    session: Session,
    actor: Actor,
    recording_id: int,
    reason: str,
    *,
    held: bool,
    now: dt.datetime,
) -> Recording:
    """Keep a recording beyond its time because a court or an inquiry needs it, or no longer.

    Raises:
        Forbidden: *actor* may not decide that.
        Invalid: No reason was given.
        GuardFailed: Its time is over and it is being erased.
        NotFound: There is no such recording.
    """
    require(actor, Permission.RECORDING_HOLD)
    found = one(session, Recording, recording_id, lock=True)
    if not reason.strip():
        raise Invalid({"reason": N_("请写明原因")})
    if found.state not in KEEPABLE:
        raise GuardFailed(N_("录音正在删除或者已经删除。"), guard="not-erased")
    found.held = held
    act = "recording.hold" if held else "recording.release"
    audit.note(session, actor, act, subject(found), now=now, reason=reason.strip())
    return found


def expire(session: Session, recording: Recording, *, now: dt.datetime) -> None:
    """Have a recording erased whose time is over, unless its matter asks for a longer one."""
    retention = class_of(queries.ticket_of(session, recording))
    if retention is not recording.retention and recording.retention is Retention.ORDINARY:
        days = session.get_one(RetentionClass, retention).days
        recording.retention = retention
        recording.last_day = last_day(local(recording.told_at).date(), days)
    if recording.last_day < local(now).date():
        recording.state, recording.due_at = RecordingState.ERASING, now


def class_of(ticket: Ticket | None) -> Retention:
    """Return for how long the calls about *ticket* are kept (domain, section 6.1)."""
    grave = ticket is not None and (
        ticket.urgency is not Urgency.NORMAL or ticket.demand_type is DemandType.COMPLAINT
    )
    return Retention.GRAVE if grave else Retention.ORDINARY
