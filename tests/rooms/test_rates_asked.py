"""What is asked of the rates: whose, of which part, and the rows behind the numbers."""

from dataclasses import replace

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from hotline.calls.states import Disposition, EndState
from hotline.core.errors import Forbidden, Invalid, NotFound
from hotline.rates import evidence, queries
from hotline.rates.facts import FACTS
from hotline.rates.metrics import METRICS
from hotline.rates.questions import Question
from hotline.tickets.models import Channel
from hotline.units import queries as units
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
)


def test_each_sees_their_own_part_and_calls_are_the_hotlines(session: Session) -> None:
    settle(session, receive(session, unit="150102"))
    receive(session, unit="150202")
    answer(session)
    banner = units.unit(session, "150102").path
    league = units.unit(session, "1501").path
    assert numbers_of(ask(session, "T2", scope=banner)) == (1, 1)
    assert numbers_of(ask(session, "T2", scope=league)) == (1, 1)
    assert numbers_of(ask(session, "T2")) == (1, 2)
    assert numbers_of(ask(session, "C1", scope=league)) == (0, 0)
    assert numbers_of(ask(session, "C1", scope="/1/")) == (1, 1)
    other = Question(NOVEMBER.first, NOVEMBER.last, unit="150202")
    for asked in (other, Question(NOVEMBER.first, NOVEMBER.last, unit="nowhere")):
        with pytest.raises(NotFound):
            queries.rates(session, boss(league), asked)
        with pytest.raises(NotFound):
            evidence.rows(session, boss(league), FACTS["received"], asked)


@pytest.mark.parametrize(
    "way", ["unit", "region", "category", "channel", "operator", "language", "hour", "day"]
)
def test_the_groups_are_the_whole_and_each_opens_its_own_rows(session: Session, way: str) -> None:
    for unit, region, category in (
        ("150102", "150102", "A1"),
        ("150105", "150105", "A2"),
        ("1502", "150200", None),
        ("15", None, None),
        ("hotline", None, "A1"),
    ):
        receive(session, unit=unit, region_code=region, category_code=category)
    called = settle(session, receive(session, received_at=NOW - 2 * DAY))
    settle(session, receive(session, channel=Channel.SMS, received_at=NOW - 2 * DAY))
    answer(
        session, staff_id=people.hire(session).operator.id, language="mn", ticket_id=called.id,
        disposition=Disposition.REGISTERED,
    )  # fmt: skip
    answer(session, received_at=NOW - 7 * HOUR)
    roll_up(session)
    groups = queries.rates(session, boss("/1/"), NOVEMBER, way).groups
    whole = queries.rates(session, boss("/1/"), NOVEMBER).groups[0]
    for at, rate in enumerate(whole.rates):
        assert sum(group.rates[at].denominator for group in groups) == rate.denominator
    assert sum(rate.denominator for rate in whole.rates) > 0
    for group in groups:
        for rate in group.rates:
            fact = evidence.fact(rate.metric.denominator)
            rows = evidence.rows(session, boss("/1/"), fact, group.question).items
            assert len(rows) == rate.denominator, (group.key, rate.metric.code)


def test_units_are_summed_by_branch(session: Session) -> None:
    receive(session, unit="150102")
    receive(session, unit="150105")
    receive(session, unit="1501")
    roll_up(session)

    def received(question: Question) -> dict[str, int]:
        groups = queries.rates(session, boss("/1/"), question, "unit").groups
        at = [metric.code for metric in METRICS].index("T2")
        return {group.key: group.rates[at].denominator for group in groups}

    assert received(NOVEMBER) == {"1501": 3}
    league = Question(NOVEMBER.first, NOVEMBER.last, unit="1501")
    assert received(league) == {"1501": 1, "150102": 1, "150105": 1}


def test_a_grouping_nobody_knows_is_refused(session: Session) -> None:
    with pytest.raises(Invalid):
        queries.rates(session, boss(), NOVEMBER, "weather")
    with pytest.raises(Invalid):
        Question(TODAY, TODAY - DAY)
    with pytest.raises(NotFound):
        evidence.fact("weather")


def test_rows_are_turned_page_by_page(session: Session) -> None:
    made = [receive(session, received_at=NOW - n % 3 * HOUR) for n in range(7)]
    cursor, seen = None, []
    while True:
        page = evidence.rows(session, boss(), FACTS["received"], NOVEMBER, cursor, limit=3)
        seen += page.items
        if page.next is None:
            break
        cursor = page.next
    order = sorted(made, key=lambda t: (t.received_at, t.id), reverse=True)
    assert [row.label for row in seen] == [ticket.number for ticket in order]
    with pytest.raises(Invalid):
        evidence.rows(session, boss(), FACTS["received"], NOVEMBER, "bm9uc2Vuc2U")


def test_the_board_knows_today_what_is_open_and_what_is_late(session: Session) -> None:
    receive(session)
    receive(session, received_at=NOW - 8 * DAY, due_at=NOW - DAY, due_original=NOW - DAY)
    receive(session, received_at=NOW - 31 * DAY, due_at=NOW - HOUR)
    settle(session, receive(session, received_at=NOW - 200 * DAY, due_at=NOW - 190 * DAY))
    receive(session, received_at=NOW - 91 * DAY, due_at=NOW - 80 * DAY)
    roll_up(session)
    board = queries.today(session, boss(), now=NOW)
    assert (board.day, board.as_of) == (TODAY, NOW)
    assert board.counts["received"] == 1
    assert board.counts["settled"] == 1
    assert board.open_by_age == [1, 1, 1, 1]
    assert board.overdue == 2  # the one due an hour ago is not over before its day is
    assert [rate.metric.code for rate in board.rates] == list(queries.ON_THE_BOARD)


def test_a_trend_has_every_day_once(session: Session) -> None:
    answer(session)
    ring(session, EndState.ABANDONED_QUEUE, queued_at=NOW - 2 * DAY, received_at=NOW - 2 * DAY)
    roll_up(session)
    trend = queries.trend(session, boss(), 3, now=NOW)
    assert [day.day for day in trend] == [TODAY - 2 * DAY, TODAY - DAY, TODAY]
    assert [day.rates["C1"].printed for day in trend] == ["0%", "–", "100%"]


def test_a_page_reads_the_rollup_and_no_tickets(session: Session) -> None:
    receive(session)
    roll_up(session)
    asked: list[str] = []
    engine = session.get_bind()

    def listen(_c: object, _u: object, statement: str, *_: object) -> None:
        asked.append(statement.lower())

    event.listen(engine, "before_cursor_execute", listen)
    try:
        queries.rates(session, boss(), NOVEMBER)
        queries.rates(session, boss(), NOVEMBER, "unit")
        queries.today(session, boss(), now=NOW)
        queries.trend(session, boss(), 30, now=NOW)
    finally:
        event.remove(engine, "before_cursor_execute", listen)
    assert asked
    assert len(asked) <= 14  # of them four name the calendar and the limits
    assert not [said for said in asked if "from ticket" in said or "from call" in said]


def test_single_operators_are_for_who_sees_the_centre_and_cuts_do_not_mix(
    session: Session,
) -> None:
    answer(session, staff_id=people.hire(session).operator.id)
    receive(session, unit="1501")
    roll_up(session)
    league = boss(units.unit(session, "1501").path)
    with pytest.raises(Forbidden):
        queries.rates(session, league, NOVEMBER, "operator")
    mine = replace(NOVEMBER, operator="1")
    for refused in (
        lambda: queries.rates(session, league, mine),
        lambda: evidence.rows(session, league, FACTS["received"], mine),
    ):
        with pytest.raises(Forbidden):
            refused()
    (only,) = queries.rates(session, league, NOVEMBER, "hour").groups
    assert only.key == "12"
    assert (only.question.cut, only.counts["received"]) == (("hour", "12"), 1)
    with pytest.raises(Invalid):
        replace(mine, region="150102")
    with pytest.raises(Invalid):
        queries.rates(session, boss(), mine, "hour")
    with pytest.raises(Invalid):
        queries.rates(session, boss(), replace(NOVEMBER, region="150102"), "language")
    assert queries.by_hour(session, boss(), mine, ["calls_queued"]) == {}
    days = queries.rates(session, boss(), replace(NOVEMBER, language="zh"), "day").groups
    assert [day.counts["calls_answered"] for day in days] == [1]
