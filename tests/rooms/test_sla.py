"""What time does to tickets, on both engines: told once, whoever looks and however often."""

import datetime as dt
import threading
from collections.abc import Callable, Sequence

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hotline.core.db import db, transaction
from hotline.core.roles import Actor, Role
from hotline.deadlines import service as calendar
from hotline.messages.models import DeskNotice, Message
from hotline.messages.states import MessageKind
from hotline.sla import alarm, jobs, provisional, reminders, waiting
from hotline.sla.models import Countdown, Escalation, Reminder
from hotline.tickets.models import Ticket, Urgency
from hotline.tickets.records import EventKind, Obligation, TicketEvent
from hotline.tickets.states import Action, State
from tests import matters
from tests.matters import MONDAY, RULES, WORKER
from tests.people import LEAD_PHONE, Staff

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
UNIT_LEAD_PHONE = "+8613900000004"
HANDLER_PHONE = "+8613900000003"


def escalate(now: dt.datetime) -> int:
    return jobs.escalate(transaction, now=now)


def the_ticket(session: Session, ticket_id: int) -> Ticket:
    session.rollback()
    return session.get_one(Ticket, ticket_id, populate_existing=True)


def rungs(session: Session, ticket_id: int) -> list[int]:
    session.rollback()
    found = session.scalars(select(Escalation.rung).where(Escalation.ticket_id == ticket_id))
    return sorted(found)


def notices(session: Session, kind: str) -> Sequence[DeskNotice]:
    session.rollback()
    return session.scalars(
        select(DeskNotice).where(DeskNotice.kind == kind).order_by(DeskNotice.id)
    ).all()


def texts(session: Session, kind: MessageKind = MessageKind.ALERT) -> list[tuple[str, str]]:
    session.rollback()
    rows = session.scalars(select(Message).where(Message.kind == kind).order_by(Message.id))
    return [(row.address or "", row.template or "") for row in rows]


def test_a_late_ticket_climbs_one_rung_at_a_time(session: Session, staff: Staff) -> None:
    ticket_id, number = matters.in_progress(staff)
    due_at = the_ticket(session, ticket_id).due_at
    assert escalate(due_at - HOUR) == 0
    assert escalate(due_at) == 1
    assert [row.staff_id for row in notices(session, "escalation")] == [staff.unit_lead.id]
    assert notices(session, "escalation")[0].params["number"] == number
    assert escalate(due_at + DAY) == 1  # one working day: the hotline's supervisors
    hearers = {row.staff_id for row in notices(session, "escalation")[1:]}
    assert hearers == {staff.supervisor.id, staff.second_supervisor.id}
    assert escalate(due_at + 2 * DAY) == 0
    assert escalate(due_at + 20 * DAY) == 2
    assert rungs(session, ticket_id) == [1, 2, 3, 4]
    ticket = the_ticket(session, ticket_id)
    assert (ticket.escalation_level, ticket.state) == (4, State.IN_PROGRESS)
    assert escalate(due_at + 90 * DAY) == 0


def test_a_tick_that_runs_twice_escalates_once(session: Session, staff: Staff) -> None:
    ticket_id, _ = matters.in_progress(staff)
    due_at = the_ticket(session, ticket_id).due_at
    assert (escalate(due_at), escalate(due_at)) == (1, 0)
    assert len(notices(session, "escalation")) == 1


def test_the_timeline_tells_of_it_and_no_open_form_goes_stale(
    session: Session, staff: Staff
) -> None:
    ticket_id, _ = matters.in_progress(staff)
    before = the_ticket(session, ticket_id)
    version, due_at = before.version, before.due_at
    escalate(due_at)
    assert the_ticket(session, ticket_id).version == version
    entry = session.scalars(
        select(TicketEvent).where(TicketEvent.kind == EventKind.ATTRIBUTE)
    ).one()
    assert (entry.actor_name, entry.detail) == ("clock:escalate@1", {"escalation": 1})


def test_a_critical_ticket_climbs_within_the_hour_at_any_time(
    session: Session, staff: Staff
) -> None:
    ticket_id, _ = matters.in_progress(staff, urgency=Urgency.CRITICAL)
    due_at = the_ticket(session, ticket_id).due_at
    for minutes, reached in ((0, [1]), (15, [1, 2]), (30, [1, 2, 3]), (60, [1, 2, 3, 4])):
        escalate(due_at + dt.timedelta(minutes=minutes))
        assert rungs(session, ticket_id) == reached


@pytest.mark.parametrize("pausing", [Action.SUSPEND, Action.ASK_CALLER, Action.SUBMIT_RESULT])
def test_what_waits_for_others_does_not_climb(
    session: Session, staff: Staff, pausing: Action
) -> None:
    ticket_id, _ = matters.in_progress(staff)
    due_at = the_ticket(session, ticket_id).due_at
    if pausing is Action.SUSPEND:
        pytest.importorskip("hotline.tickets.approvals")
        suspend(ticket_id, staff)
    else:
        fields = {"missing": "合同"} if pausing is Action.ASK_CALLER else matters.RESULT
        matters.act(ticket_id, (pausing, staff.handler, fields), now=MONDAY)
    assert escalate(due_at + 30 * DAY) == 0


def suspend(ticket_id: int, staff: Staff) -> None:
    from hotline.tickets import service
    from hotline.tickets.records import Approval

    fields = {"type": "legacy", "plan": "等待破产清算", "review_on": "2026-12-23"}
    matters.act(ticket_id, (Action.SUSPEND, staff.handler, fields), now=MONDAY)

    def approve(session: Session) -> None:
        asked = session.scalars(select(Approval).where(Approval.ticket_id == ticket_id)).one()
        ticket = session.get_one(Ticket, ticket_id)
        service.decide(
            session,
            asked,
            ticket,
            approve=True,
            reason="同意",
            actor=staff.supervisor,
            now=MONDAY,
        )

    transaction(approve)


def test_a_unit_without_a_lead_passes_the_alarm_up_to_somebody(
    session: Session, staff: Staff
) -> None:
    ticket_id, _ = matters.received()
    matters.act(ticket_id, (Action.DISPATCH, staff.dispatcher, {"unit": "150202"}), now=MONDAY)
    escalate(the_ticket(session, ticket_id).due_at)
    assert {row.staff_id for row in notices(session, "escalation")} == {
        staff.supervisor.id,
        staff.second_supervisor.id,
    }


def test_alerts_to_one_person_go_as_one_sms(session: Session, staff: Staff) -> None:
    found = [matters.in_progress(staff)[0] for _ in range(3)]
    due_at = the_ticket(session, found[0]).due_at
    escalate(due_at)
    assert alarm.text_staff(transaction, now=due_at) == 1
    assert alarm.text_staff(transaction, now=due_at) == 0
    assert texts(session) == [(UNIT_LEAD_PHONE, "staff_bundle")]
    message = session.scalars(select(Message).where(Message.kind == MessageKind.ALERT)).one()
    assert message.params["count"] == 3


def test_a_second_alert_waits_five_minutes_unless_it_is_critical(
    session: Session, staff: Staff
) -> None:
    first, _ = matters.in_progress(staff)
    due_at = the_ticket(session, first).due_at
    escalate(due_at)
    alarm.text_staff(transaction, now=due_at)
    matters.in_progress(staff, now=MONDAY + dt.timedelta(minutes=1))
    escalate(due_at + dt.timedelta(minutes=1))
    assert alarm.text_staff(transaction, now=due_at + dt.timedelta(minutes=1)) == 0
    assert alarm.text_staff(transaction, now=due_at + dt.timedelta(minutes=5)) == 1
    matters.in_progress(staff, now=due_at - DAY, urgency=Urgency.CRITICAL)
    escalate(due_at + dt.timedelta(minutes=6))
    assert alarm.text_staff(transaction, now=due_at + dt.timedelta(minutes=6)) >= 1


def test_reminders_at_half_at_eighty_and_at_the_end(session: Session, staff: Staff) -> None:
    ticket_id, _ = matters.in_progress(staff)
    assert reminders.wind(transaction) == 1
    assert reminders.wind(transaction) == 0
    due_at = the_ticket(session, ticket_id).due_at
    given: list[int] = []
    moment = MONDAY
    while moment <= due_at:
        reminders.remind(transaction, now=moment)
        moment += HOUR
    reminders.remind(transaction, now=due_at)
    session.rollback()
    given = list(session.scalars(select(Reminder.percent).order_by(Reminder.id)))
    assert given == [50, 80, 100]
    alarm.text_staff(transaction, now=due_at)
    assert sorted(texts(session)) == [
        (HANDLER_PHONE, "staff_reminder"),
        (UNIT_LEAD_PHONE, "staff_reminder"),
    ]
    hearers = [row.staff_id for row in notices(session, "reminder")]
    assert (hearers.count(staff.handler.id), hearers.count(staff.unit_lead.id)) == (3, 2)


def test_after_a_standstill_only_the_last_reminder_is_given(session: Session, staff: Staff) -> None:
    ticket_id, _ = matters.in_progress(staff)
    reminders.wind(transaction)
    due_at = the_ticket(session, ticket_id).due_at
    assert reminders.remind(transaction, now=due_at + DAY) == 1
    assert reminders.remind(transaction, now=due_at + DAY) == 0
    assert list(session.scalars(select(Reminder.percent))) == [100]


def test_a_settled_ticket_is_not_reminded_and_its_plan_goes(session: Session, staff: Staff) -> None:
    ticket_id, _ = matters.in_progress(staff)
    reminders.wind(transaction)
    due_at = the_ticket(session, ticket_id).due_at
    steps = (
        (Action.SUBMIT_RESULT, staff.handler, matters.RESULT),
        (Action.APPROVE, staff.reviewer, {}),
    )
    matters.act(ticket_id, *steps, now=MONDAY + HOUR)
    reminders.remind(transaction, now=due_at)
    session.rollback()
    assert not session.scalars(select(Reminder)).all()
    assert not session.scalars(select(Countdown)).all()


def test_a_pause_moves_the_reminders(session: Session, staff: Staff) -> None:
    ticket_id, _ = matters.in_progress(staff)
    reminders.wind(transaction)
    planned = session.scalars(select(Countdown.next_at)).one()
    assert planned is not None
    ask = (Action.ASK_CALLER, staff.handler, {"missing": "合同"})
    matters.act(ticket_id, ask, now=MONDAY + HOUR)
    assert reminders.remind(transaction, now=planned) == 0
    matters.act(ticket_id, (Action.CALLER_REPLIED, staff.handler, {}), now=MONDAY + 2 * DAY)
    assert reminders.wind(transaction) == 1
    session.rollback()
    moved = session.scalars(select(Countdown.next_at)).one()
    assert moved is not None
    assert abs(moved - planned - 4 * DAY) < dt.timedelta(seconds=2)  # two working days


def test_a_caller_is_reminded_twice_and_then_the_handler_decides(
    session: Session, staff: Staff
) -> None:
    ticket_id, _ = matters.in_progress(staff)
    ask = (Action.ASK_CALLER, staff.handler, {"missing": "劳动合同复印件"})
    matters.act(ticket_id, ask, now=MONDAY)
    ends = the_ticket(session, ticket_id).step_due_at
    assert ends is not None
    moment = MONDAY
    while moment <= ends + HOUR:
        waiting.remind_callers(transaction, rules=RULES, now=moment)
        jobs.time_out_replies(transaction, now=moment)
        moment += HOUR
    assert texts(session, MessageKind.REMIND) == [(WORKER, "ask_again")] * 2
    reminder = session.scalars(select(Message).where(Message.kind == MessageKind.REMIND)).first()
    assert reminder is not None
    assert reminder.params["missing"] == "劳动合同复印件"
    assert the_ticket(session, ticket_id).state is State.IN_PROGRESS


def test_a_caller_without_a_mobile_is_reminded_by_the_handler(
    session: Session, staff: Staff
) -> None:
    ticket_id, _ = matters.in_progress(staff, phone="+864711234567")
    ask = (Action.ASK_CALLER, staff.handler, {"missing": "合同"})
    matters.act(ticket_id, ask, now=MONDAY)
    ends = the_ticket(session, ticket_id).step_due_at
    assert ends is not None
    noon = ends.replace(hour=4)
    waiting.remind_callers(transaction, rules=RULES, now=noon)
    assert {row.staff_id for row in notices(session, "ask_again")} == {staff.handler.id}
    assert jobs.time_out_replies(transaction, now=ends) == 1


def test_a_suspended_ticket_comes_back_on_its_day(session: Session, staff: Staff) -> None:
    ticket_id, _ = matters.in_progress(staff)
    suspend(ticket_id, staff)
    day = dt.datetime(2026, 12, 22, 15, 59, tzinfo=dt.UTC)
    assert jobs.resume_suspended(transaction, now=day) == 0
    assert jobs.resume_suspended(transaction, now=day + DAY) == 1
    assert the_ticket(session, ticket_id).state is State.IN_PROGRESS


def test_the_archive_waits_thirty_days_and_for_what_is_owed(session: Session, staff: Staff) -> None:
    ticket_id, _ = matters.resolved(staff)
    answer = (Action.SURVEY_SATISFIED, staff.surveyor, {"score": 1})
    matters.act(ticket_id, answer, now=MONDAY + HOUR)
    owed = Obligation(ticket_id=ticket_id, kind="letter", what="意见书", opened_at=MONDAY)
    transaction(lambda session: session.add(owed))
    assert jobs.archive_settled(transaction, now=MONDAY + 31 * DAY) == 0
    owed_id = session.scalars(select(Obligation.id)).one()

    def settle(session: Session) -> None:
        session.get_one(Obligation, owed_id).closed_at = MONDAY

    transaction(settle)
    assert jobs.archive_settled(transaction, now=MONDAY + 30 * DAY - HOUR) == 0
    assert jobs.archive_settled(transaction, now=MONDAY + 30 * DAY) == 1
    assert the_ticket(session, ticket_id).state is State.ARCHIVED


def test_a_provisional_deadline_is_counted_again_when_the_year_is_published(
    session: Session, staff: Staff
) -> None:
    december = dt.datetime(2026, 12, 29, 2, tzinfo=dt.UTC)
    ticket_id, number = matters.in_progress(staff, now=december)
    before = the_ticket(session, ticket_id)
    due_at, original = before.due_at, before.due_original
    assert before.due_provisional
    assert provisional.count_again(transaction, now=december) == 0
    rows = [
        {"day": f"2027-01-0{day}", "kind": "holiday", "name": "元旦", "source": "通知"}
        for day in (1, 4, 5)
    ]
    admin = Actor(None, "test", frozenset({Role.ADMIN}))
    transaction(lambda session: calendar.import_days(session, rows, actor=admin, now=december))
    assert provisional.count_again(transaction, now=december) == 1
    after = the_ticket(session, ticket_id)
    assert (after.due_provisional, after.due_original) == (False, original)
    assert after.due_at > due_at
    (notice,) = notices(session, "deadline")
    assert (notice.staff_id, notice.params["number"]) == (staff.handler.id, number)
    assert provisional.count_again(transaction, now=december) == 0


def test_one_escalation_a_ticket_cycle_and_rung_is_a_constraint(
    session: Session, staff: Staff
) -> None:
    ticket_id, _ = matters.in_progress(staff)
    for _ in range(2):
        session.add(Escalation(ticket_id=ticket_id, cycle=1, rung=1, unit_id=2, at=MONDAY))
    with pytest.raises(IntegrityError):
        session.flush()


def at_once(app: Flask, work: Callable[[], object], times: int) -> list[BaseException]:
    """Run *work* in several threads that start together; return what they raised."""
    barrier = threading.Barrier(times)
    raised: list[BaseException] = []

    def run() -> None:
        with app.app_context():
            barrier.wait()
            try:
                work()
            except BaseException as error:  # noqa: BLE001 - told to the test
                raised.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_clocks_that_race_escalate_each_ticket_once(
    app: Flask, session: Session, staff: Staff
) -> None:
    found = [matters.in_progress(staff)[0] for _ in range(12)]
    due_at = the_ticket(session, found[0]).due_at
    session.rollback()

    def both() -> None:
        escalate(due_at + 2 * DAY)
        alarm.text_staff(transaction, now=due_at + 2 * DAY)

    assert not at_once(app, both, 4)
    counted = session.scalar(select(func.count()).select_from(Escalation))
    assert counted == 2 * len(found)  # two rungs each
    assert len(notices(session, "escalation")) == 3 * len(found)
    lines = sorted(address for address, _ in texts(session))
    assert lines == sorted({UNIT_LEAD_PHONE, LEAD_PHONE})
