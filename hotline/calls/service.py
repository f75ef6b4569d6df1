"""What operators do with calls: take, decline, hang up, and say what each one led to."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.calls import line, orders
from hotline.calls.models import Call
from hotline.calls.offering import finish_wrap_up, offer, ring_operator, take_back
from hotline.calls.rows import locked, note, spoken_by
from hotline.calls.states import LINKED, NO_TICKET, Decline, Disposition, EndState
from hotline.core.errors import GuardFailed, Invalid
from hotline.core.roles import Actor, Permission, require
from hotline.core.words import N_
from hotline.staff.presence import Line
from hotline.telephony.spoken import address_of


def offer_waiting(session: Session, *, now: dt.datetime) -> int:
    """Let the lines of those who can take a call ring for callers, by the rules of `matching`.

    Call it whenever somebody begins to wait or becomes ready; the clock calls it too.
    Two runs at once share the callers: a locked call is skipped, and an operator who
    is no longer ready is not rung.

    Returns:
        How many calls were offered.
    """
    return sum(
        offer(session, call, seat, why, now=now) for call, seat, why in line.pairs(session, now=now)
    )


def accept(session: Session, actor: Actor, call_id: int, *, now: dt.datetime) -> Call:
    """Take the call that rings for *actor* in the browser; a second click changes nothing.

    The carrier is told after the commit: it rings the browser, which takes the call by
    itself, and fetches the caller.

    Raises:
        Forbidden: *actor* does not work calls.
        GuardFailed: It rings for somebody else by now, or on a telephone.
        NotFound: There is no such call.
    """
    call = _offered(session, actor, call_id)
    if call.line is Line.DESK:
        raise GuardFailed(N_("请直接接听座席电话。"), guard="desk-line")
    if call.accepted_at is None:
        call.accepted_at = now
        ring_operator(session, call, address_of(call.offered_to or 0), now=now)
        note(session, call, "accepted", now=now, staff_id=actor.id)
    return call


def decline(
    session: Session, actor: Actor, call_id: int, *, reason: str | None = None, now: dt.datetime
) -> None:
    """Give a ringing call to the next operator; *actor* is away until they say otherwise.

    Raises:
        Forbidden: *actor* does not work calls.
        GuardFailed: It rings for somebody else by now, or was taken.
        Invalid: *reason* is given and is none of `Decline`.
        NotFound: There is no such call.
    """
    if reason is not None and reason not in set(Decline):
        raise Invalid({"reason": N_("请从列表中选择不接的原因")})
    call = _offered(session, actor, call_id)
    if call.accepted_at is not None:
        raise GuardFailed(N_("电话正在接通。"), guard="being-joined")
    take_back(session, call, "declined", now=now, why=reason)
    offer_waiting(session, now=now)


def _offered(session: Session, actor: Actor, call_id: int) -> Call:
    require(actor, Permission.CALL_WORK)
    call = locked(session, call_id)
    if call.offered_to is None or call.offered_to != actor.id:
        raise GuardFailed(N_("这个来电已经不在您这里。"), guard="offered-to-you")
    return call


def hang_up(
    session: Session, actor: Actor, call_id: int, *, now: dt.datetime, to: str | None = None
) -> None:
    """End the conversation *actor* is in; the caller's line is closed by the carrier.

    With *to* the caller is led to that document first; the operator's line ends all the same.

    Raises:
        Forbidden: *actor* does not work calls.
        GuardFailed: *actor* is not in this conversation.
        NotFound: There is no such call.
    """
    call = spoken_by(session, actor, call_id, there=True)
    if to is None:
        orders.hang_up(session, call, call.provider_sid, now=now)
    else:
        orders.part(session, call, to, now=now)
    note(session, call, "hung_up", now=now, staff_id=actor.id)


def register(
    session: Session, actor: Actor, call_id: int, ticket_id: int, *, now: dt.datetime
) -> Call:
    """Note that a call led to a ticket; after its end this finishes the wrap-up.

    Raises:
        Forbidden: *actor* does not work calls.
        GuardFailed: The call led to something else already.
        NotFound: There is no such call.
    """
    return _settle(session, actor, call_id, Disposition.REGISTERED, ticket_id, now=now)


def dispose(
    session: Session,
    actor: Actor,
    call_id: int,
    reason: str,
    *,
    now: dt.datetime,
    ticket_id: int | None = None,
) -> Call:
    """Say why an answered call needs no ticket of its own; this finishes the wrap-up.

    Raises:
        Forbidden: *actor* does not work calls.
        Invalid: No such reason, or one that speaks of a ticket without naming it.
        GuardFailed: Nobody answered the call, or it led to something else already.
        NotFound: There is no such call.
    """
    if reason not in NO_TICKET:
        raise Invalid({"reason": N_("请从列表中选择不建单原因")})
    if reason in LINKED and ticket_id is None:
        raise Invalid({"ticket": N_("这个原因需要关联已有工单")})
    return _settle(session, actor, call_id, Disposition(reason), ticket_id, now=now)


def _settle(
    session: Session,
    actor: Actor,
    call_id: int,
    disposition: Disposition,
    ticket_id: int | None,
    *,
    now: dt.datetime,
) -> Call:
    require(actor, Permission.CALL_WORK)
    call = locked(session, call_id)
    if (call.disposition, call.ticket_id) == (disposition, ticket_id):
        return call
    if call.disposition not in {None, Disposition.CALLBACK}:
        raise GuardFailed(N_("这个来电已经有处理结果。"), guard="one-disposition")
    if disposition in NO_TICKET and call.answered_at is None:
        raise GuardFailed(N_("没有接听的来电不能这样办结。"), guard="was-answered")
    call.disposition, call.ticket_id = disposition, ticket_id
    note(session, call, "settled", now=now, staff_id=actor.id, disposition=disposition)
    finish_wrap_up(session, call, now=now)
    offer_waiting(session, now=now)
    return call


def unsettled(session: Session, *, limit: int) -> list[Call]:
    """Return and lock ended calls that led to nothing yet and that nobody is wrapping up."""
    return list(
        session.scalars(
            select(Call)
            .where(
                Call.ended_at.is_not(None),
                Call.disposition.is_(None),
                Call.end_state != EndState.ANSWERED,
            )
            .order_by(Call.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    )
