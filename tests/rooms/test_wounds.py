"""One row altered or removed behind the rollup: a recount names the figure it stood in.

What no figure rests on is named by the seals (`test_seals.py`) and the ledger (`test_ledger.py`).
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.callbacks.models import Callback, CallbackCall
from hotline.calls.models import Call, CallEvent
from hotline.calls.states import EndState
from hotline.money.models import Claim, Payment, Proof
from hotline.rates import jobs
from hotline.staff.models import PresenceChange
from hotline.surveys.models import Survey
from hotline.tickets.models import Ticket
from hotline.tickets.records import Approval, EventKind, TicketResult
from hotline.tickets.states import Action
from hotline.workers.models import Worker
from tests.people import Staff
from tests.rooms.counted_rows import (
    DAY,
    HOUR,
    NOW,
    TODAY,
    answer,
    receive,
    ring,
    roll_up,
    settle,
    write,
)

AROUND = TODAY - DAY, TODAY + DAY
WOUNDS: tuple[tuple[str, tuple[Any, ...]], ...] = (
    ("settled", (sa.update(Ticket).values(resolved_at=NOW - DAY),)),
    ("due_on_time", (sa.update(Ticket).values(due_at=NOW - HOUR),)),
    ("received_inquiry", (sa.update(Ticket).values(demand_type="other"),)),
    ("calls_inbound", (sa.delete(Call).where(Call.end_state == EndState.FAILED),)),
    ("wait_of_answered", (sa.update(Call).values(waited_ms=999),)),
    ("calls_transferred", (sa.delete(CallEvent),)),
    ("callbacks_owed", (sa.delete(CallbackCall), sa.delete(Callback))),
    ("callbacks_met", (sa.update(Callback).values(state="closed_unreachable"),)),
    ("sum_claimed", (sa.update(Claim).values(claimed=1),)),
    ("sum_paid", (sa.delete(Payment),)),
    ("sum_paid_by_bank", (sa.update(Payment).values(proof=Proof.UNIT),)),
    ("time_signed_in", (sa.delete(PresenceChange).where(PresenceChange.to_state == "offline"),)),
    ("time_meal", (sa.update(PresenceChange).values(reason="short"),)),
    ("base_attempted", (sa.delete(Survey),)),
    ("due_extended", (sa.delete(Approval),)),
    ("turned_after_call", (sa.delete(TicketResult),)),
)


def something_of_everything(session: Session, staff: Staff) -> None:
    """Write at least one row of each table that figures rest on."""
    turned, asked = (settle(session, receive(session, demand_type="inquiry")) for _ in range(2))
    turned.cycle, turned.survey_outcome = 2, "satisfied"
    missed = ring(session, EndState.ABANDONED_QUEUE, queued_at=NOW, ended_at=NOW)
    spoken, _ = answer(session, waited_ms=4_000), ring(session, EndState.FAILED)
    worker = Worker(language="zh", created_at=NOW)
    claim = Claim(ticket_id=turned.id, name="演示职工甲", claimed=9_000_00)
    session.add_all([worker, claim])
    session.flush()
    owed = Callback(
        worker_id=worker.id, call_id=missed.id, unit_id=1, state="closed_reached",
        reason=missed.end_state, opened_at=NOW, closed_at=NOW,
    )  # fmt: skip
    session.add(owed)
    session.flush()
    session.add_all([
        CallbackCall(call_id=missed.id, callback_id=owed.id),
        CallEvent(call_id=spoken.id, at=NOW, kind="transferred"),
        Payment(claim_id=claim.id, amount=1, paid_on=TODAY, proof=Proof.BANK, noted_at=NOW),
        TicketResult(ticket_id=turned.id, cycle=2, outcome="solved", reply="演示",
                     contact_way="call", submitted_at=NOW),
        Survey(ticket_id=asked.id, cycle=1, state="due", created_at=NOW, next_at=NOW, tries=1),
        Approval(ticket_id=asked.id, action="extend", fields="{}", asked_by=staff.operator.id,
                 asked_at=NOW, decision="approved"),
    ])  # fmt: skip
    for hours, state, reason in ((-3, "ready", None), (-2, "away", "meal"), (-1, "offline", None)):
        session.add(PresenceChange(staff_id=staff.operator.id, at=NOW + hours * HOUR, act="leave",
                                   to_state=state, line="desk", reason=reason))  # fmt: skip
    write(session, turned, action=Action.SURVEY_DISSATISFIED, cycle=1, detail={"score": 5})
    write(session, asked, kind=EventKind.MONEY)


def test_each_wound_is_named_by_the_figure_it_is_in(session: Session, staff: Staff) -> None:
    something_of_everything(session, staff)
    roll_up(session)
    assert jobs.recount(session, now=NOW, mend=False) == []
    for fact, wound in WOUNDS:
        with session.begin_nested() as before:
            for statement in wound:
                session.execute(statement)
            found = jobs.recount(session, *AROUND, now=NOW, mend=False)
            before.rollback()
        assert fact in {one.key.fact for one in found}, fact
    assert jobs.recount(session, now=NOW, mend=False) == []
