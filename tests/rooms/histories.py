"""Random histories: what may happen to calls, callbacks, tickets and surveys, in any order."""

from typing import Any

from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.callbacks.models import Callback, CallbackCall
from hotline.callbacks.states import OPEN, CallbackState
from hotline.calls.models import Call, CallEvent
from hotline.calls.states import CallState, Disposition, EndState
from hotline.money.models import Claim, Payment, Proof
from hotline.rates.cohorts import ORDERS
from hotline.staff.models import PresenceChange, Staff
from hotline.staff.presence import Line
from hotline.surveys.models import Survey
from hotline.surveys.states import SurveyChannel, SurveyState
from hotline.tickets.contact import Way
from hotline.tickets.models import Channel, Outcome, Ticket
from hotline.tickets.records import Approval, Decision, EventKind, TicketResult
from hotline.tickets.states import SETTLED, Action, State
from hotline.units import queries as units
from hotline.workers.models import Worker
from tests.rooms.counted_rows import (
    DAY,
    HOUR,
    NOW,
    receive,
    ring,
    score,
    spare,
    write,
)

HOURS = st.integers(-80, 80).map(lambda hours: NOW + hours * HOUR)
UNITS = st.sampled_from(["hotline", "15", "1501", "150102", "150202"])
ANYWHERE = {
    "region_code": st.sampled_from([None, "150102", "150202"]),
    "category_code": st.sampled_from([None, "A1", "B1"]),
    "demand_type": st.sampled_from([None, "inquiry", "complaint", "praise"]),
}
STATES = st.sampled_from(
    [
        State.RECEIVED,
        State.DISPATCHED,
        State.RETURN_REVIEW,
        State.SUSPENDED,
        State.VOIDED,
        State.MERGED,
        State.RESOLVED,
        State.APPRAISAL_REVIEW,
        State.SURVEYED,
        State.ARCHIVED,
    ]
)
STEPS = (
    "receive", "move", "score", "place", "deadline", "ring", "end",
    "tell", "order", "extend", "survey", "owe", "pay", "forgive", "finish", "ask_again",
    "sit", "talk", "claim", "recover", "contact",
)  # fmt: skip


ON_ORDERS = (
    *ORDERS, Action.SIGN, Action.RECALL, Action.REQUEST_RETURN, Action.ACCEPT_RETURN,
)  # fmt: skip
PROMISED = st.sampled_from([{}, {"contact_by": "2026-11-23T04:00:00+00:00"}])
CONTACT = st.fixed_dictionaries(
    {"reached": st.booleans(), "way": st.sampled_from(["call", "visit"])},
    optional={"late": st.booleans()},
)
SECOND = DAY / 86_400
DONE = set(CallbackState) - OPEN


def _some(session: Session, data: st.DataObject, model: type[Any]) -> Any:
    rows = session.scalars(select(model).order_by(model.id)).all()
    return data.draw(st.sampled_from(rows)) if rows else None


def _anybody(session: Session) -> int:
    return session.scalars(select(Staff.id).limit(1)).one()


def _receives(session: Session, data: st.DataObject) -> None:
    given = {name: data.draw(values) for name, values in ANYWHERE.items()}
    moments = {name: data.draw(HOURS) for name in ("received_at", "due_at", "due_original")}
    worker = data.draw(st.sampled_from([None, *session.scalars(select(Worker.id).limit(2))]))
    receive(
        session,
        unit=data.draw(UNITS),
        worker_id=worker,
        channel=data.draw(st.sampled_from(Channel)),
        anonymous=data.draw(st.booleans()),
        confidential_level=data.draw(st.sampled_from([None, 0, 3])),
        **given,
        **moments,
    )


def _moves(session: Session, data: st.DataObject) -> None:
    ticket = _some(session, data, Ticket)
    if ticket is None:
        return
    state, at, handler = data.draw(STATES), data.draw(HOURS), _anybody(session)
    settled = state in SETTLED
    if ticket.state in SETTLED and not settled:
        ticket.cycle += 1
        ticket.survey_outcome = None
    ticket.state = state
    outcome = data.draw(st.sampled_from([Outcome.SOLVED, Outcome.ANSWERED_DIRECT]))
    ticket.outcome = outcome if settled else None
    ticket.paused_since = at if state is State.SUSPENDED else None
    ticket.handler_id = handler if state is State.SUSPENDED else None
    ticket.resolved_at = (ticket.resolved_at or at) if settled else None
    if settled and data.draw(st.booleans()):
        session.add(
            TicketResult(
                ticket_id=ticket.id, cycle=ticket.cycle, outcome=outcome, reply="演示答复",
                contact_way=data.draw(st.sampled_from([None, *Way])), submitted_at=at,
            )
        )  # fmt: skip
    ticket.archived_at = at if state is State.ARCHIVED else None
    ticket.merged_into_id = ticket.id if state is State.MERGED else None
    write(session, ticket)


SAID = st.fixed_dictionaries(
    {},
    optional={
        "contacted": st.sampled_from(["yes", "no"]),
        "solved": st.sampled_from(["yes", "partly", "no"]),
        "hotline_score": st.integers(1, 5),
        "unit_score": st.integers(1, 5),
    },
)


def _scores(session: Session, data: st.DataObject) -> None:
    ticket = _some(session, data, Ticket)
    if ticket is None or ticket.survey_outcome or ticket.state not in SETTLED:
        return
    points = data.draw(st.integers(0, 5))
    if points:
        score(session, ticket, points, data.draw(st.sampled_from(SurveyChannel)), **data.draw(SAID))
    else:
        spare(
            session,
            ticket,
            data.draw(st.sampled_from(["crisis", "opted_out", "level_3", "refused"])),
        )


def _places(session: Session, data: st.DataObject) -> None:
    ticket = _some(session, data, Ticket)
    if ticket is not None:
        ticket.unit_id = units.unit(session, data.draw(UNITS)).id
        for name, values in ANYWHERE.items():
            setattr(ticket, name, data.draw(values))
        write(session, ticket)


def _moves_deadline(session: Session, data: st.DataObject) -> None:
    ticket = _some(session, data, Ticket)
    if ticket is not None:
        ticket.due_at = data.draw(HOURS)
        if data.draw(st.booleans()):  # classified at last
            ticket.due_original = ticket.due_at
        write(session, ticket)


def _rings(session: Session, data: st.DataObject) -> None:
    at = data.draw(HOURS)
    ring(session, received_at=at, queued_at=data.draw(st.sampled_from([None, at])))


def _ends(session: Session, data: st.DataObject) -> None:
    call = _some(session, data, Call)
    if call is None or call.end_state:
        return
    end = data.draw(st.sampled_from(EndState))
    call.state, call.end_state, call.ended_at = CallState.ENDED, end, NOW
    call.answered_at = NOW if end is EndState.ANSWERED else None
    call.staff_id = _anybody(session) if end is EndState.ANSWERED else None
    call.language = data.draw(st.sampled_from(["zh", "mn"]))
    call.waited_ms = data.draw(st.none() | st.integers(0, 40_000))
    session.add(CallEvent(call_id=call.id, at=NOW, kind="ended"))
    session.flush()


def _tells(session: Session, data: st.DataObject) -> None:
    """A word of the caller reaches the timeline, now or later than it was said."""
    ticket = _some(session, data, Ticket)
    if ticket is not None:
        write(session, ticket, kind=EventKind.CALLER, at=data.draw(HOURS))


def _orders(session: Session, data: st.DataObject) -> None:
    """A ticket is given to units, and this and that follows."""
    ticket = _some(session, data, Ticket)
    if ticket is None:
        return
    for action in data.draw(st.lists(st.sampled_from(ON_ORDERS), min_size=1, max_size=4)):
        detail = {"unit": data.draw(UNITS)} if action in ORDERS else {}
        if action is Action.SIGN:
            detail = {"late": data.draw(st.booleans()), **data.draw(PROMISED)}
        at = data.draw(HOURS)
        write(session, ticket, kind=EventKind.ACTION, action=action, detail=detail, at=at)


def _contacts(session: Session, data: st.DataObject) -> None:
    """A unit reaches the worker, or does not."""
    ticket = _some(session, data, Ticket)
    if ticket is not None:
        write(session, ticket, kind=EventKind.CONTACT, detail=data.draw(CONTACT))


def _extends(session: Session, data: st.DataObject) -> None:
    ticket = _some(session, data, Ticket)
    if ticket is None:
        return
    decision = data.draw(st.sampled_from([Decision.APPROVED, Decision.DENIED]))
    session.add(
        Approval(
            ticket_id=ticket.id, action="extend", fields="{}", asked_by=_anybody(session),
            asked_at=NOW, decision=decision,
        )
    )  # fmt: skip
    write(session, ticket, kind=EventKind.APPROVAL)


def _surveys(session: Session, data: st.DataObject) -> None:
    ticket = _some(session, data, Ticket)
    if ticket is None:
        return
    known = select(Survey).where(Survey.ticket_id == ticket.id, Survey.cycle == ticket.cycle)
    if session.scalar(known) is None:
        tries = data.draw(st.integers(0, 1))
        session.add(
            Survey(
                ticket_id=ticket.id, cycle=ticket.cycle, state=SurveyState.DUE, created_at=NOW,
                next_at=NOW, tries=tries,
            )
        )  # fmt: skip
        session.flush()


def _owes(session: Session, data: st.DataObject) -> None:
    call = _some(session, data, Call)
    if call is None or session.get(CallbackCall, call.id):
        return
    worker = Worker(language="zh", created_at=NOW)
    session.add(worker)
    session.flush()
    gone = data.draw(st.booleans())
    state = CallbackState.CLOSED_NO_NUMBER if gone else CallbackState.OPEN
    owed = Callback(
        worker_id=worker.id,
        call_id=call.id,
        unit_id=1,
        state=state,
        reason=EndState.ABANDONED_QUEUE,
        opened_at=call.ended_at or call.received_at,
        next_due_at=None if gone else NOW,
        closed_at=NOW if gone else None,
    )
    session.add(owed)
    session.flush()
    session.add(CallbackCall(call_id=call.id, callback_id=owed.id))
    session.flush()


def _pays(session: Session, data: st.DataObject) -> None:
    """A callback ends: it leaves no entry of its own."""
    owed = _some(session, data, Callback)
    if owed is not None and owed.closed_at is None:
        owed.state = data.draw(st.sampled_from([state for state in CallbackState if state in DONE]))
        owed.next_due_at, owed.closed_at = (
            None,
            owed.opened_at + data.draw(st.integers(0, 72)) * HOUR,
        )
        session.flush()


def _forgives(session: Session, data: st.DataObject) -> None:
    """A call turns out to have been answered: nothing is owed for it."""
    owed = _some(session, data, Callback)
    if owed is not None:
        call_id = owed.call_id
        session.delete(session.get_one(CallbackCall, call_id))
        session.flush()
        session.delete(owed)
        session.add(CallEvent(call_id=call_id, at=NOW, kind="answered"))
        session.flush()


def _finishes(session: Session, data: st.DataObject) -> None:
    """The record of a call is finished."""
    call = _some(session, data, Call)
    if call is None or call.answered_at is None or call.ended_at is None:
        return
    call.talked_ms = data.draw(st.integers(0, 5_000_000))
    call.wrap_up_done_at = call.ended_at + data.draw(st.integers(0, 300)) * SECOND
    session.add(CallEvent(call_id=call.id, at=NOW, kind="wrapped_up"))
    session.flush()


def _asks_again(session: Session, data: st.DataObject) -> None:
    """A call is about a ticket that exists already."""
    call, ticket = _some(session, data, Call), _some(session, data, Ticket)
    if call is None or ticket is None or call.disposition is not None:
        return
    call.disposition = data.draw(
        st.sampled_from([Disposition.REGISTERED, Disposition.PROGRESS, Disposition.THANKS])
    )
    call.ticket_id = ticket.id
    session.add(CallEvent(call_id=call.id, at=NOW, kind="settled"))
    session.flush()


SEATS = st.sampled_from(["offline", "ready", "ringing", "talking", "wrap_up", "away"])
WHY_AWAY = st.sampled_from([None, "short", "meal", "lead", "missed", "line_lost"])
INSIDE = st.sampled_from(
    [("transferred", {}), ("line_lost", {}), ("held", {}),
     ("joined", {"role": "partner"}), ("joined", {"role": "colleague"})]
)  # fmt: skip
FEN = st.integers(1, 10_000_00)


def _sits(session: Session, data: st.DataObject) -> None:
    """Somebody's presence changes, now or as of long ago."""
    state = data.draw(SEATS)
    session.add(
        PresenceChange(
            staff_id=data.draw(st.sampled_from(session.scalars(select(Staff.id).limit(2)).all())),
            at=data.draw(HOURS), act="get_ready", to_state=state, line=Line.DESK,
            reason=data.draw(WHY_AWAY) if state == "away" else None,
        )
    )  # fmt: skip
    session.flush()


def _talks(session: Session, data: st.DataObject) -> None:
    """Something happens inside a call."""
    call = _some(session, data, Call)
    if call is not None:
        kind, detail = data.draw(INSIDE)
        session.add(CallEvent(call_id=call.id, at=NOW, kind=kind, detail=detail))
        session.flush()


def _claims(session: Session, data: st.DataObject) -> None:
    ticket = _some(session, data, Ticket)
    if ticket is not None:
        agreed = data.draw(st.none() | FEN)
        session.add(
            Claim(ticket_id=ticket.id, name="演示职工", claimed=data.draw(FEN), agreed=agreed)
        )
        session.flush()
        write(session, ticket, kind=EventKind.MONEY)


def _recovers(session: Session, data: st.DataObject) -> None:
    """Money reaches a claimant; it is noted now and came on some day."""
    claim = _some(session, data, Claim)
    if claim is not None:
        session.add(
            Payment(
                claim_id=claim.id, amount=data.draw(FEN), paid_on=data.draw(HOURS).date(),
                proof=data.draw(st.sampled_from(Proof)), noted_at=NOW,
            )
        )  # fmt: skip
        claim.verified = data.draw(st.none() | FEN)
        session.flush()
        write(session, session.get_one(Ticket, claim.ticket_id), kind=EventKind.MONEY)


HISTORY = dict(
    zip(
        STEPS,
        (
            _receives, _moves, _scores, _places, _moves_deadline, _rings, _ends,
            _tells, _orders, _extends, _surveys, _owes, _pays, _forgives, _finishes, _asks_again,
            _sits, _talks, _claims, _recovers, _contacts,
        ),
        strict=True,
    )
)  # fmt: skip
