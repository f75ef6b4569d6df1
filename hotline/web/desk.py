"""The operator's desk: presence, the call at hand, and what it leads to."""

from typing import Any

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue

from hotline.callbacks.screen_pop import screen_pop
from hotline.calls import legs, pausing, service
from hotline.calls import queries as calls
from hotline.calls.states import NO_TICKET
from hotline.core.db import Session, reading, transaction
from hotline.core.doors import current_actor, permits
from hotline.core.errors import Invalid, NotFound
from hotline.core.language import _
from hotline.core.roles import Permission
from hotline.core.time import utcnow
from hotline.core.words import N_
from hotline.intake import service as intake
from hotline.staff import service as staff
from hotline.staff.presence import Line, PresenceState
from hotline.surveys import parting
from hotline.tickets import queries as tickets
from hotline.tickets.models import Channel
from hotline.tickets.narrowing import Filter
from hotline.tickets.states import OPEN
from hotline.web import callbar, choices, crisis, forms, softphone
from hotline.web.drafts import spent

bp = Blueprint("desk", __name__, url_prefix="/desk")

QUEUE = 12
RECORDING = {"pause": pausing.pause_recording, "resume": pausing.resume_recording}


@bp.get("")
@permits(Permission.DESK)
def show() -> ResponseReturnValue:
    """Show the desk: the call at hand, or the operator's own work."""
    with reading() as session:
        return softphone.admit(make_response(render_template("desk/show.html", **of(session))))


def of(session: Session) -> dict[str, Any]:
    """Return what the desk shows now."""
    actor, now = current_actor(), utcnow()
    bar = callbar.of(session, actor)
    mine = tickets.lines(
        session, actor, Filter(handler_id=actor.id, states=OPEN), cursor=None, limit=QUEUE, now=now
    )
    shown = {"desk_bar": bar, "mine": mine}
    if bar.call is None:
        return shown
    return shown | {
        "pop": screen_pop(session, actor, bar.call),
        "words": calls.words(session, bar.call.id),
        "outside": legs.outside(session, call_id=bar.call.id),
        "registered": tickets.by_ids(session, {bar.call.ticket_id or 0}).get(
            bar.call.ticket_id or 0
        ),
        "reasons": sorted(NO_TICKET),
        "crisis": crisis.card(session, bar.call),
        **choices.for_intake(session, bar.caller.phone if bar.caller else None),
    }


@bp.get("/bar")
@permits(Permission.DESK)
def bar() -> ResponseReturnValue:
    """Show the call bar alone, for a page that was told of news."""
    with reading() as session:
        return render_template("desk/bar.html", bar=callbar.of(session, current_actor()))


@bp.get("/calls/<int:call_id>/words")
@permits(Permission.CALL_WORK)
def words(call_id: int) -> ResponseReturnValue:
    """Show what was said so far in the operator's own call."""
    with reading() as session:
        at_hand = callbar.of(session, current_actor()).call
        said = calls.words(session, call_id) if at_hand and at_hand.id == call_id else ()
        return render_template("desk/words.html", words=said)


@bp.post("/presence")
@permits(Permission.DESK)
def presence() -> ResponseReturnValue:
    """Become ready, away or offline, on the line chosen."""
    actor, now = current_actor(), utcnow()
    state, line = chosen()
    reason = request.form.get("reason") or None

    def work(session: Session) -> None:
        staff.set_presence(session, actor.id or 0, state, line, reason=reason, now=now)
        staff.beat(session, actor.id or 0, now=now)
        service.offer_waiting(session, now=now)

    transaction(work)
    return softphone.after()


def chosen() -> tuple[PresenceState, Line]:
    """Return the state and the line that the form names.

    Raises:
        Invalid: There is no such state or line.
    """
    try:
        return PresenceState(request.form["state"]), Line(
            request.form.get("line", softphone.lines()[0])
        )
    except ValueError as error:
        raise Invalid({"state": N_("内容不合要求")}) from error


@bp.post("/calls/<int:call_id>/answer")
@permits(Permission.CALL_WORK)
def answer(call_id: int) -> ResponseReturnValue:
    """Take the call that rings."""
    actor, now = current_actor(), utcnow()
    transaction(lambda session: service.accept(session, actor, call_id, now=now).id)
    return softphone.after()


@bp.post("/calls/<int:call_id>/decline")
@permits(Permission.CALL_WORK)
def decline(call_id: int) -> ResponseReturnValue:
    """Let somebody else take it."""
    actor, now, why = current_actor(), utcnow(), request.form.get("reason")
    transaction(lambda session: service.decline(session, actor, call_id, reason=why, now=now))
    return softphone.after()


@bp.post("/calls/<int:call_id>/hang-up")
@permits(Permission.CALL_WORK)
def hang_up(call_id: int) -> ResponseReturnValue:
    """End the conversation."""
    actor, now = current_actor(), utcnow()
    transaction(lambda session: parting.hang_up(session, actor, call_id, now=now))
    return softphone.after()


@bp.post("/calls/<int:call_id>/recording/<word>")
@permits(Permission.CALL_WORK)
def recording(call_id: int, word: str) -> ResponseReturnValue:
    """Let the recording stand still while a number is read aloud, or go on."""
    actor, now, change = current_actor(), utcnow(), RECORDING.get(word)
    if change is None:
        raise NotFound
    transaction(lambda session: change(session, actor, call_id, now=now))
    return softphone.after()


@bp.post("/calls/<int:call_id>/register")
@permits(Permission.TICKET_WRITE)
def register(call_id: int) -> ResponseReturnValue:
    """Write the caller's matter down as a ticket."""
    actor, now = current_actor(), utcnow()
    given = forms.matter(request.form, call=call_id, channel=Channel.CALL).whole()

    def work(session: Session) -> str:
        spent(session)
        return intake.register(session, actor, given, now=now).number

    return softphone.after(_("已登记工单 %(number)s", number=transaction(work)))


@bp.post("/calls/<int:call_id>/dispose")
@permits(Permission.CALL_WORK)
def dispose(call_id: int) -> ResponseReturnValue:
    """Say why the call needs no ticket of its own."""
    actor, now = current_actor(), utcnow()
    reason, number = request.form.get("reason", ""), request.form.get("ticket", "").strip()

    def work(session: Session) -> None:
        linked = tickets.by_number(session, actor, number).id if number else None
        service.dispose(session, actor, call_id, reason, now=now, ticket_id=linked)

    transaction(work)
    return softphone.after(_("来电已处理，不建工单"))
