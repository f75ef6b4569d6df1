"""Where nobody can answer an SMS the hotline calls, and keys are the answer."""

import dataclasses
import datetime as dt

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hotline.calls.models import Call, CallOrder
from hotline.calls.states import Direction, Disposition, EndState
from hotline.core.db import transaction
from hotline.intake import keypad
from hotline.intake.keypad import Pressed
from hotline.messages.models import Message
from hotline.messages.states import MessageKind
from hotline.surveys import calling, jobs
from hotline.surveys.models import Survey
from hotline.surveys.states import SurveyChannel, SurveyState
from hotline.tickets.models import SurveyOutcome, Ticket
from hotline.tickets.states import State
from tests.matters import MONDAY, RULES, WORKER, resolved
from tests.people import Staff
from tests.rooms.switchboard import URL, Switchboard
from tests.rooms.telling import told

ONE_WAY = dataclasses.replace(RULES, two_way=False)
HOUR = dt.timedelta(hours=1)
SID = "CAasked"


def invite(session: Session, staff: Staff, now: dt.datetime = MONDAY) -> Survey:
    """Let a matter be settled and its survey begin."""
    resolved(staff, now=now)
    jobs.invite_resolved(transaction, rules=ONE_WAY, now=now)
    return survey(session)


def survey(session: Session) -> Survey:
    """Return the only survey, as it is now."""
    session.rollback()
    return session.scalars(select(Survey)).one()


def send(session: Session, now: dt.datetime) -> list[tuple[str, ...]]:
    """Hand the orders over; return what was asked of the carrier."""
    from hotline.calls import sending

    carrier = Switchboard()
    sending.send_orders(
        transaction,
        carrier,  # type: ignore[arg-type] # only calls are placed here
        public_url=URL,
        owner="test",
        clock=lambda: now,
    )
    session.rollback()
    return carrier.asked


def press(session: Session, step: str, about: int, digits: str = "", go: int = 1) -> str:
    """Take one step of the worker who was called."""
    form = {"CallSid": SID, "From": "+8647112351", "To": WORKER, "Direction": "outbound-api"}
    pressed = Pressed(step, form | ({"Digits": digits} if digits else {}), MONDAY, str(about), go)
    return transaction(lambda session: keypad.take(session, pressed))


def ended(session: Session, now: dt.datetime, how: str) -> None:
    """Tell that the worker's line is closed."""
    from hotline.calls import events

    order = session.scalars(select(CallOrder).order_by(CallOrder.id.desc()).limit(1)).one()
    event = dataclasses.replace(
        told("callee_status", 0, order.id, CallSid=f"{SID}{now:%d%H}", CallStatus=how), at=now
    )
    transaction(lambda session: events.take(session, event))


def test_the_worker_is_called_and_no_sms_is_sent(session: Session, staff: Staff) -> None:
    row = invite(session, staff)
    assert (row.channel, row.state) == (SurveyChannel.KEYPRESS, SurveyState.ASKED)
    call = session.scalars(select(Call)).one()
    assert call.direction is Direction.OUTBOUND
    order = session.scalars(select(CallOrder)).one().id
    url = f"{URL}/phone/survey/{order}"
    assert send(session, MONDAY) == [("dial", WORKER, url, f"{url}/status", "20", "3600")]
    surveys = select(Message).where(Message.kind == MessageKind.SURVEY)
    assert not session.scalars(surveys).all()


def test_a_key_is_the_workers_own_answer(session: Session, staff: Staff) -> None:
    row = invite(session, staff)
    order = session.scalars(select(CallOrder)).one().id
    send(session, MONDAY)
    asked = press(session, "survey", order)
    assert "非常满意请按1" in asked
    assert f'action="/phone/score/{row.id}"' in asked
    again = press(session, "score", row.id, "9")
    assert f'action="/phone/score/{row.id}/again"' in again
    assert "谢谢" in press(session, "score", row.id, "2", go=2)
    kept = survey(session)
    assert (kept.state, kept.score, kept.channel) == (SurveyState.ANSWERED, 2, "keypress")
    ticket = session.scalars(select(Ticket)).one()
    assert (ticket.state, ticket.survey_outcome) == (State.SURVEYED, SurveyOutcome.SATISFIED)
    ended(session, MONDAY, "completed")
    call = session.scalars(select(Call)).one()
    assert (call.end_state, call.disposition) == (
        EndState.IVR_SELFSERVED,
        Disposition.SELFSERVED,
    )


@pytest.mark.parametrize("how", ["no-answer", "completed", "busy"])
def test_a_mailbox_and_a_telephone_nobody_takes_up_are_tries_and_no_answer(
    session: Session, staff: Staff, how: str
) -> None:
    invite(session, staff)
    order = session.scalars(select(CallOrder)).one().id
    send(session, MONDAY)
    if how == "completed":
        press(session, "survey", order)
    ended(session, MONDAY, how)
    call = session.scalars(select(Call)).one()
    assert (call.end_state, call.disposition) == (
        EndState.NOT_REACHED,
        Disposition.NOT_REACHED,
    )
    assert survey(session).state is SurveyState.ASKED


def test_three_tries_over_two_days_and_then_unreachable(session: Session, staff: Staff) -> None:
    invite(session, staff)
    now, moments = MONDAY, []
    for _ in range(9 * 24):
        jobs.chase(transaction, rules=ONE_WAY, now=now)
        if send(session, now):
            moments.append(now)
            ended(session, now, "no-answer")
        now += HOUR
    assert len(moments) == 3
    assert moments[-1] - moments[0] >= dt.timedelta(days=2)
    assert len({(moment + 8 * HOUR).hour // 6 for moment in moments}) >= 2
    assert all(ONE_WAY.quiet and ONE_WAY.quiet.until(moment) is None for moment in moments)
    assert survey(session).state is SurveyState.UNREACHABLE
    assert session.scalars(select(Ticket)).one().survey_outcome is SurveyOutcome.UNREACHABLE


def test_nobody_is_called_at_night(session: Session, staff: Staff) -> None:
    night = MONDAY + 12 * HOUR  # 22:00 in Hohhot
    row = invite(session, staff, night)
    assert (row.state, row.next_at) == (SurveyState.DUE, MONDAY + dt.timedelta(hours=22.5))
    assert send(session, night) == []


def test_nobody_is_called_who_is_on_the_line(session: Session, staff: Staff) -> None:
    resolved(staff)
    worker = session.scalars(select(Ticket)).one().worker_id
    call = Call(worker_id=worker, raw_from=WORKER, received_at=MONDAY, heard_at=MONDAY)
    session.add(call)
    session.commit()
    jobs.invite_resolved(transaction, rules=ONE_WAY, now=MONDAY)
    assert survey(session).next_at == MONDAY + calling.SPOKEN_TO


def test_the_days_cap_puts_calls_off(
    session: Session, staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calling, "A_DAY", 0)
    assert invite(session, staff).next_at == MONDAY + HOUR
    assert send(session, MONDAY) == []


def test_a_number_outside_the_prefixes_is_left_to_a_surveyor(
    session: Session, staff: Staff
) -> None:
    resolved(staff)
    session.rollback()
    from hotline.workers.models import Worker

    session.execute(update(Worker).values(phone="+19005550100"))
    session.commit()
    jobs.invite_resolved(transaction, rules=ONE_WAY, now=MONDAY)
    assert survey(session).channel is SurveyChannel.CALL
    assert send(session, MONDAY) == []


def test_a_score_counts_for_ones_own_survey_alone(session: Session, staff: Staff) -> None:
    row = invite(session, staff)
    form = {"CallSid": "CAother", "From": "+8613800000009", "Direction": "inbound"}
    pressed = Pressed("score", form | {"Digits": "1"}, MONDAY, str(row.id))
    assert "再见" in transaction(lambda session: keypad.take(session, pressed))
    assert survey(session).score is None
