"""Rates of what follows: orders to units, people who come back, debts, the worst 24 hours."""

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from hotline.calls.models import CallEvent
from hotline.calls.states import Disposition, EndState
from hotline.money.models import Claim, Payment, Proof
from hotline.rates import evidence, queries
from hotline.rates.questions import Question
from hotline.staff.models import PresenceChange
from hotline.staff.presence import Line
from hotline.tickets.records import EventKind
from hotline.tickets.states import Action, State
from hotline.workers.models import Worker
from tests import people
from tests.rooms.counted_rows import (
    DAY,
    HOUR,
    NOVEMBER,
    NOW,
    TODAY,
    answer,
    ask,
    boss,
    numbers_of,
    receive,
    ring,
    roll_up,
    settle,
    write,
)


def order(session: Session, *steps: tuple[Action, dict[str, Any]]) -> None:
    ticket = receive(session)
    for action, detail in steps:
        write(session, ticket, kind=EventKind.ACTION, action=action, detail=detail)


def test_an_order_counts_for_the_unit_it_went_to_until_the_next(session: Session) -> None:
    to_banner, to_league = {"unit": "150102"}, {"unit": "1501"}
    order(session, (Action.DISPATCH, to_banner), (Action.SIGN, {"late": False}))
    order(session, (Action.DISPATCH, to_banner), (Action.SIGN, {"late": True}))
    order(session, (Action.DISPATCH, to_banner), (Action.RECALL, {}))
    order(
        session,
        (Action.DISPATCH, to_league),
        (Action.REQUEST_RETURN, {}),
        (Action.ACCEPT_RETURN, {}),
        (Action.DISPATCH, to_banner),
        (Action.SIGN, {"late": False}),
    )
    assert numbers_of(ask(session, "T7")) == (2, 4)
    assert ask(session, "T7").excluded == {"recalled": 1}
    assert numbers_of(ask(session, "T8")) == (1, 4)
    assert numbers_of(ask(session, "T8-right")) == (3, 4)
    banner = Question(NOVEMBER.first, NOVEMBER.last, unit="150102")
    assert numbers_of(ask(session, "T8", banner)) == (0, 3)
    assert numbers_of(ask(session, "T7", banner)) == (2, 3)


def test_whoever_comes_back_within_a_week_was_not_helped_at_once(session: Session) -> None:
    worker = Worker(language="zh", created_at=NOW)
    session.add(worker)
    session.flush()
    called, wrote, later, asked = (
        settle(session, receive(session, category_code=code), at=NOW - 5 * DAY)
        for code in ("A1", "A1", "A1", "A1")
    )
    asked.worker_id = worker.id
    progress = {"disposition": Disposition.PROGRESS, "ticket_id": called.id}
    answer(session, **progress)
    write(session, wrote, kind=EventKind.CALLER)
    write(session, later, kind=EventKind.CALLER, at=NOW + 3 * DAY)  # the eighth day
    assert numbers_of(ask(session, "T10")) == (2, 4)
    receive(session, worker_id=worker.id, category_code="B1")
    assert numbers_of(ask(session, "T10")) == (2, 4)
    receive(session, worker_id=worker.id, category_code="A1")
    assert numbers_of(ask(session, "T10")) == (1, 4)
    assert numbers_of(ask(session, "T12")) == (1, 1)


def test_r54_the_worst_24_hours_may_begin_at_any_hour(session: Session) -> None:
    """R54: the lowest answer rate of any 24 hours, which no midnight cuts in two."""
    evening = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)  # 20:00 in Hohhot
    for hour, answered, lost in ((-14, 30, 0), (0, 1, 2), (8, 1, 2), (20, 30, 0)):
        at = evening + hour * HOUR
        for _ in range(answered):
            answer(session, received_at=at)
        for _ in range(lost):
            ring(session, EndState.ABANDONED_QUEUE, queued_at=at, received_at=at)
    roll_up(session)
    worst = queries.worst_window(session, boss(), NOVEMBER, now=NOW)
    assert worst is not None
    assert (worst.answered, worst.queued, worst.printed) == (2, 6, "33.33%")
    assert worst.start == evening - 13 * HOUR  # the hour after the good morning
    empty = Question(dt.date(2026, 10, 1), dt.date(2026, 10, 31))
    assert queries.worst_window(session, boss(), empty, now=NOW) is None


def test_what_is_open_is_shown_by_age_and_suspended_is_open(session: Session) -> None:
    for days in (0, 7, 8, 30, 31, 90, 91, 400):
        receive(session, received_at=NOW - days * DAY)
    settle(session, receive(session))
    waits = receive(session, handler_id=people.hire(session).operator.id)
    waits.state, waits.paused_since = State.SUSPENDED, NOW
    roll_up(session)
    asked = Question(NOW.date(), NOW.date())
    found = queries.stock(session, boss(), asked)
    assert [band.open for band in found] == [3, 2, 2, 2]
    assert [band.suspended for band in found] == [1, 0, 0, 0]
    assert found[0].question.last == asked.last


def test_a_mean_comes_with_the_steps_within_which_half_and_nine_tenths_ended(
    session: Session,
) -> None:
    for waited in (900, 2_000, 3_000, 4_000, 33_000):
        answer(session, waited_ms=waited, talked_ms=60_000, wrap_up_done_at=NOW + HOUR / 60)
    answer(session)
    found = ask(session, "C8")
    assert (found.printed, found.denominator, found.excluded) == ("8.6 s", 5, {"untimed": 1})
    assert found.quantiles == {50: 3, 90: 35}
    assert ask(session, "C9").printed == "120.0 s"


def sit(
    session: Session, staff_id: int, hours: float, state: str, reason: str | None = None
) -> None:
    session.add(
        PresenceChange(
            staff_id=staff_id, at=NOW + hours * HOUR, act="get_ready", to_state=state,
            line=Line.DESK, reason=reason,
        )
    )  # fmt: skip
    session.flush()


def test_c10_and_c11_divide_the_time_of_the_desk(session: Session) -> None:
    who = people.hire(session).operator.id
    for hours, state, reason in (
        (-8, "ready", None),
        (-6, "talking", None),
        (-5, "wrap_up", None),
        (-4.5, "away", "meal"),
        (-3.5, "ready", None),
        (-3, "ringing", None),
        (-2.5, "away", "missed"),
        (-2, "offline", None),
        (-1, "ready", None),
    ):
        sit(session, who, hours, state, reason)
    assert ask(session, "C10").printed == "44.44%"  # 2 of 4.5 hours
    assert (ask(session, "C11").total, ask(session, "C11").whole) == ("4.5 h", "6.0 h")
    assert ask(session, "C11").excluded == {"running": 1}
    assert ask(session, "C11-away").printed == ask(session, "C11-meal").printed == "16.67%"
    assert ask(session, "C11-missed").printed == "8.33%"
    sit(session, who, 1, "offline")
    assert ask(session, "C11").excluded == {"running": 0}


def test_c12_says_what_happened_inside_answered_calls(session: Session) -> None:
    first, second, _third = (answer(session) for _ in range(3))
    lost = ring(session, EndState.ABANDONED_QUEUE, queued_at=NOW)
    for call, kind, detail in (
        (first, "transferred", {}),
        (first, "transferred", {}),
        (first, "line_lost", {}),
        (second, "joined", {"role": "colleague"}),
        (second, "joined", {"role": "emergency"}),
        (lost, "line_lost", {}),
    ):
        session.add(CallEvent(call_id=call.id, at=NOW, kind=kind, detail=detail))
    session.flush()
    assert numbers_of(ask(session, "C12")) == (1, 3)
    assert numbers_of(ask(session, "C12-three")) == (1, 3)
    assert numbers_of(ask(session, "C12-broken")) == (1, 3)


def test_t13_counts_what_was_paid_and_on_whose_word(session: Session) -> None:
    """T13: claimed and agreed stand beside it; a payment counts on the day the money came."""
    ticket = receive(session)
    first = Claim(ticket_id=ticket.id, name="演示职工甲", claimed=1_800_000, agreed=1_200_000)
    other = Claim(ticket_id=ticket.id, name="演示职工乙", claimed=900_000)
    session.add_all([first, other])
    session.flush()
    for claim, amount, day, proof in (
        (first, 500_000, TODAY, Proof.UNIT),
        (first, 100_000, TODAY - 40 * DAY, Proof.BANK),
        (other, 300_000, TODAY, Proof.BANK),
    ):
        session.add(
            Payment(claim_id=claim.id, amount=amount, paid_on=day, proof=proof, noted_at=NOW)
        )
    write(session, ticket, kind=EventKind.MONEY)
    paid = ask(session, "T13")
    assert (paid.printed, paid.total, paid.whole) == ("33.33%", "9,000.00", "27,000.00")
    assert ask(session, "T13-agreed").printed == "50.00%"
    assert ask(session, "T13-agreed").excluded == {"not_agreed": 1}
    assert numbers_of(ask(session, "T13-people")) == (2, 2)
    assert numbers_of(ask(session, "T13-bank")) == (300_000, 800_000)
    rows = evidence.rows(session, boss(), evidence.fact("payments"), NOVEMBER, limit=1)
    assert [row.label for row in rows.items] == [ticket.number]
    more = evidence.rows(session, boss(), evidence.fact("payments"), NOVEMBER, rows.next)
    assert [row.at.date() for row in more.items] == [TODAY]
