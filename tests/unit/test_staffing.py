"""Seats and forecasts: the published table, limits of the formulas, days that are alike."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.core.errors import Invalid
from hotline.deadlines.arithmetic import Calendar
from hotline.staffing import erlang, forecast, plan
from hotline.staffing.erlang import Load
from hotline.staffing.plan import Assumptions

MONDAY = dt.date(2026, 11, 23)
WEEK = dt.timedelta(weeks=1)
DAY = dt.timedelta(days=1)

PUBLISHED = [  # domain, section 2.6: calls an hour, AHT; seats, answered in 15 s, busy, give up
    (5, 360, [(2, 90.6, 25, 5.6), (3, 98.6, 17, 0.79), (4, 99.8, 12, 0.09)]),
    (14, 400, [(4, 92.4, 39, 3.5), (5, 98.0, 31, 0.95), (6, 99.5, 26, 0.22)]),
    (33, 400, [(7, 91.8, 52, 2.9), (8, 96.8, 46, 1.2), (9, 98.8, 41, 0.43)]),
]


@pytest.mark.parametrize(("per_hour", "handling", "rows"), PUBLISHED)
def test_r55_the_published_table_comes_out(
    per_hour: int, handling: int, rows: list[tuple[int, float, float, float]]
) -> None:
    """R55: Erlang C and A give the table to a tenth of a point."""
    load = Load(per_hour, handling, patience=90)
    for seats, within, busy, abandon in rows:
        found = erlang.service(load, seats, 15)
        assert 100 * found.within == pytest.approx(within, abs=0.1)
        assert 100 * found.occupancy == pytest.approx(busy, abs=0.6)  # printed without a decimal
        assert 100 * found.abandon == pytest.approx(abandon, abs=0.1)


def test_a_public_calculator_agrees() -> None:
    """100 calls in half an hour of 180 s, 80 % in 20 s: 14 seats, 20 rostered."""
    load = Load(200, 180, 90)
    assert erlang.needed(load, 20, 0.8) == 14
    assert erlang.answered_within(load, 14, 20) == pytest.approx(0.8884, abs=0.0001)
    assert erlang.rostered(14, 0.3) == 20


loads = st.builds(Load, st.floats(0.1, 400), st.floats(30, 900), st.floats(10, 900))


@given(loads, st.integers(1, 120))
def test_another_seat_never_harms(load: Load, seats: int) -> None:
    fewer, more = erlang.service(load, seats, 15), erlang.service(load, seats + 1, 15)
    assert 0 <= fewer.within <= more.within + 1e-9
    assert more.within <= 1
    assert 0 <= more.abandon <= fewer.abandon + 1e-9
    assert fewer.abandon <= 1


@given(loads)
def test_enough_is_enough_and_one_less_is_not(load: Load) -> None:
    seats = erlang.needed(load, 15, 0.8)
    assert erlang.answered_within(load, seats, 15) >= 0.8
    assert erlang.answered_within(load, seats - 1, 15) < 0.8


def test_without_calls_nobody_waits_and_with_too_many_all_do() -> None:
    assert erlang.service(Load(0, 360, 90), 0, 15) == erlang.Service(0, 1.0, 0.0, 0.0)
    swamped = Load(60, 360, 90)  # six Erlang on five seats
    assert erlang.answered_within(swamped, 5, 15) == 0
    assert 1 / 6 < erlang.abandoning(swamped, 5) < 1 / 3
    with pytest.raises(ValueError, match="500 seats"):
        erlang.needed(Load(1e6, 360, 90), 15, 0.8)


def even(n: int) -> list[int]:
    return [n if 16 <= slot < 36 else 0 for slot in range(48)]


def test_a_day_is_like_the_same_weekdays_before_it_and_none_after() -> None:
    known = [MONDAY + n * DAY for n in range(-70, 30)]
    found = forecast.like(MONDAY, known, Calendar())
    assert found == [MONDAY - n * WEEK for n in range(1, 9)]


def test_holidays_are_like_holidays_and_worked_weekends_like_each_other() -> None:
    off = frozenset({MONDAY, MONDAY - DAY * 40, MONDAY - DAY * 41})
    calendar = Calendar(off=off)
    known = [MONDAY - n * DAY for n in range(1, 60)]
    assert forecast.like(MONDAY, known, calendar) == [MONDAY - DAY * 40, MONDAY - DAY * 41]
    first_holiday = Calendar(off=frozenset({MONDAY}))
    assert {day.weekday() for day in forecast.like(MONDAY, known, first_holiday)} == {5, 6}
    saturday = MONDAY - 2 * DAY
    worked = Calendar(on=frozenset({saturday}))
    assert {day.weekday() for day in forecast.like(saturday, known, worked)} <= {0, 1, 2, 3, 4}


def test_one_burst_does_not_move_the_forecast() -> None:
    history = {MONDAY - n * WEEK: even(3) for n in range(1, 9)}
    calm = forecast.foresee(MONDAY, history, Calendar())
    history[MONDAY - WEEK] = even(50)
    burst = forecast.foresee(MONDAY, history, Calendar())
    assert calm is not None
    assert burst is not None
    assert calm.total == burst.total == pytest.approx(60)
    assert calm.course[16] == pytest.approx(3)
    assert calm.course[0] == 0


def test_one_day_is_no_forecast_and_quiet_days_foresee_quiet() -> None:
    assert forecast.foresee(MONDAY, {MONDAY - WEEK: even(3)}, Calendar()) is None
    quiet = forecast.foresee(MONDAY, {MONDAY - n * WEEK: even(0) for n in (1, 2)}, Calendar())
    assert quiet is not None
    assert quiet.total == 0


def test_the_test_of_a_day_knows_nothing_of_it_or_after() -> None:
    history = {MONDAY - n * WEEK: even(2) for n in range(4)}
    before = forecast.back_test([MONDAY], history, Calendar())
    history[MONDAY] = even(9)
    history[MONDAY + WEEK] = even(40)
    after = forecast.back_test([MONDAY], history, Calendar())
    assert before[0].forecast == after[0].forecast
    assert forecast.error_by_day(before) == 0
    assert forecast.error_by_day(after) == pytest.approx(140 / 180)
    assert forecast.error_by_slot(after) == pytest.approx(140 / 180)
    assert forecast.error([(1, 0)]) is None


def test_the_next_thirty_minutes_cross_midnight() -> None:
    today, tomorrow = [2.0] * 48, [6.0] * 48
    assert forecast.soon(today, tomorrow, 600) == 2
    assert forecast.soon(today, tomorrow, 23 * 60 + 45) == 4


def test_who_waits_is_served_too_and_the_line_is_never_left_alone() -> None:
    assumed = Assumptions()
    assert plan.advise(0, 0, 0, assumed).missing == 1
    calm, queued = plan.advise(2.5, 0, 4, assumed), plan.advise(2.5, 6, 4, assumed)
    assert calm.needed == 2
    assert calm.missing == -2
    assert queued.needed > calm.needed


def test_a_shift_counts_for_the_half_hours_it_lasts_through() -> None:
    begins = dt.datetime(2026, 11, 22, 16, tzinfo=dt.UTC)
    shift = (begins + dt.timedelta(hours=8, minutes=10), begins + dt.timedelta(hours=9))
    assert [slot for slot, n in enumerate(plan.covered([shift], begins)) if n] == [17]


def test_assumptions_keep_to_their_bounds() -> None:
    assert plan.read({"share": "90", "day": "x"}, Assumptions()).share == 90
    for wrong in ({"share": "100"}, {"handling": "x"}, {"shrinkage": "-1"}):
        with pytest.raises(Invalid):
            plan.read(wrong, Assumptions())
