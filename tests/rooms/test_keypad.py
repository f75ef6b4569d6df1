"""Where a matter stands, by keypad: told to whoever knows the code, guessed by nobody."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.calls.models import Call
from hotline.calls.states import CallState, Disposition, EndState
from hotline.core.attempts import Attempts
from hotline.core.pin import pin_of
from hotline.tickets.models import DemandType, Ticket
from hotline.tickets.states import Action
from tests.matters import act, in_progress, received
from tests.people import Staff
from tests.rooms.pressing import press
from tests.rooms.telling import NOW, ended, play, take, told

DAY = 24 * 3600


@pytest.fixture
def matter(session: Session, staff: Staff) -> Ticket:
    """Have one ticket."""
    return session.get_one(Ticket, received(now=NOW)[0])


@pytest.fixture
def call(session: Session) -> Call:
    """Let somebody wait."""
    return play(session, told("voice", 0), told("wait", 10))


def digits(ticket: Ticket) -> str:
    """Return the number as it is pressed."""
    return ticket.number.replace("-", "")


def wrong(ticket: Ticket) -> str:
    """Return a code that is not the ticket's."""
    return f"{(int(pin_of(ticket.id)) + 1) % 10_000:04}"


def test_the_third_key_of_those_who_wait_asks_after_a_matter(
    session: Session, call: Call, matter: Ticket
) -> None:
    assert "按3" in (take(session, told("wait", 12)) or "")
    assert "/phone/matter<" in (take(session, told("choice", 13, Digits="3")) or "")
    assert 'action="/phone/matter/1"' in press(session, "matter", 14)
    asked = press(session, "number", 18, digits(matter))
    assert f'action="/phone/pin/{digits(matter)}/1"' in asked
    answer = press(session, "pin", 22, pin_of(matter.id), about=digits(matter))
    assert "正在安排承办单位" in answer
    assert "办理期限是11月" in answer
    assert answer.endswith("<Redirect>/phone/heard</Redirect></Response>")
    assert "/phone/wait<" in press(session, "heard", 40)
    assert call.state is CallState.QUEUED
    assert call.queued_at == call.received_at.replace(second=10)


def test_nothing_personal_is_told(session: Session, call: Call, matter: Ticket) -> None:
    answer = press(session, "pin", 22, pin_of(matter.id), about=digits(matter))
    assert matter.narrative not in answer
    assert matter.subject not in answer


def test_a_settled_matter_has_no_promise_any_more(
    session: Session, staff: Staff, call: Call, matter: Ticket
) -> None:
    inquiry = {"demand_type": DemandType.INQUIRY}
    ticket_id, number = received(now=NOW, **inquiry)
    act(ticket_id, (Action.ANSWER_DIRECTLY, staff.operator, {"reply": "按月发放"}), now=NOW)
    about = number.replace("-", "")
    answer = press(session, "pin", 22, pin_of(ticket_id), about=about)
    assert "已有办理结果" in answer
    assert "办理期限" not in answer


def test_a_merged_matter_stands_where_the_other_does(
    session: Session, staff: Staff, call: Call, matter: Ticket
) -> None:
    number = in_progress(staff, now=NOW)[1]
    act(matter.id, (Action.MERGE, staff.dispatcher, {"target": number}), now=NOW)
    answer = press(session, "pin", 22, pin_of(matter.id), about=digits(matter))
    assert "正在办理" in answer
    assert "办理期限是11月" in answer


def test_whoever_hears_it_whole_and_leaves_was_served(
    session: Session, call: Call, matter: Ticket
) -> None:
    press(session, "heard", 40)
    take(session, ended(60))
    assert (call.end_state, call.disposition) == (EndState.IVR_SELFSERVED, Disposition.SELFSERVED)


def test_whoever_stays_after_it_waited_for_a_person(session: Session, call: Call) -> None:
    press(session, "heard", 40)
    take(session, ended(75))
    assert (call.end_state, call.disposition) == (EndState.ABANDONED_QUEUE, Disposition.CALLBACK)


def test_whoever_leaves_in_the_middle_was_not_served(
    session: Session, call: Call, matter: Ticket
) -> None:
    press(session, "pin", 22, pin_of(matter.id), about=digits(matter))
    take(session, ended(30))
    assert call.end_state is EndState.ABANDONED_QUEUE


def test_the_same_step_told_again_counts_once(session: Session, call: Call, matter: Ticket) -> None:
    first = press(session, "pin", 20, wrong(matter), about=digits(matter))
    assert press(session, "pin", 25, wrong(matter), about=digits(matter)) == first
    assert {len(row.moments) for row in session.scalars(select(Attempts))} == {1}


def test_three_wrong_codes_and_the_caller_waits_on_and_is_refused_for_a_day(
    session: Session, call: Call, matter: Ticket
) -> None:
    about = digits(matter)
    for go in (1, 2):
        answer = press(session, "pin", 20 + go, wrong(matter), about=about, go=go)
        assert "工单编号或查询码不对" in answer
        assert f'action="/phone/matter/{go + 1}"' in answer
    answer = press(session, "pin", 23, wrong(matter), about=about, go=3)
    assert "输入错误次数过多" in answer
    assert answer.endswith("<Redirect>/phone/wait</Redirect></Response>")
    for step in ("matter", "pin"):
        right = press(session, step, 100, pin_of(matter.id), about=about, sid="CAagain")
        assert "输入错误次数过多" in right
    other = press(
        session, "pin", 101, pin_of(matter.id), about=about, sid="CAother", caller="+8613800000009"
    )
    assert "正在安排" in other
    tomorrow = press(session, "pin", DAY + 24, pin_of(matter.id), about=about, sid="CAlate")
    assert "正在安排" in tomorrow


def test_ten_wrong_codes_close_a_ticket_whoever_presses(
    session: Session, call: Call, matter: Ticket
) -> None:
    about = digits(matter)
    for n in range(10):
        caller = f"+86138000001{n:02}"
        press(session, "pin", 30 + n, wrong(matter), about=about, caller=caller, sid=f"CA{n}")
    right = press(session, "pin", 50, pin_of(matter.id), about=about)
    assert "正在安排" not in right


def test_hidden_callers_do_not_share_their_tries(
    session: Session, call: Call, matter: Ticket
) -> None:
    about = digits(matter)
    for go in (1, 2, 3):
        press(
            session, "pin", 30, wrong(matter), about=about, go=go, caller="anonymous", sid="CAone"
        )
    assert "输入错误次数过多" in press(session, "matter", 40, caller="anonymous", sid="CAone")
    assert "请输入工单编号" in press(session, "matter", 40, caller="anonymous", sid="CAtwo")


def test_an_unknown_number_is_answered_as_a_wrong_code_is(
    session: Session, call: Call, matter: Ticket
) -> None:
    unknown = press(session, "pin", 20, "1234", about="2611229999")
    known = press(session, "pin", 20, wrong(matter), about=digits(matter), sid="CAother")
    assert unknown == known


@pytest.mark.parametrize("pressed", ["", "12", "0" * 13, "1*1", "٢٦١١٢٣٠٠٠١"])
def test_what_is_no_number_is_asked_again_and_counts_against_nobody(
    session: Session, call: Call, pressed: str
) -> None:
    for go in (1, 2):
        again = press(session, "number", 20, pressed, go=go)
        assert f'action="/phone/matter/{go + 1}"' in again
    last = press(session, "number", 20, pressed, go=3)
    assert last.endswith("<Response><Redirect>/phone/wait</Redirect></Response>")
    assert not session.scalars(select(Attempts)).all()


def test_a_code_has_four_digits_and_is_no_other_tickets(session: Session) -> None:
    codes = [pin_of(number) for number in range(1, 2000)]
    assert all(len(code) == 4 and code.isdecimal() for code in codes)
    assert len(set(codes)) > 1500
