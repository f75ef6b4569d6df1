"""Deadlines: they move only forward, end on no rest day, and can be counted again by hand."""

import csv
import datetime as dt
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hotline.deadlines import choose
from hotline.deadlines.arithmetic import (
    CLOSES,
    OPENS,
    Calendar,
    Limit,
    Start,
    Tick,
    after_pause,
    due,
    net_elapsed,
    working_time,
)
from hotline.tickets.models import DemandType

ZONE = ZoneInfo("Asia/Shanghai")
DATA = Path(__file__).parents[2] / "migrations/data"
DAY = dt.timedelta(days=1)


def read_calendar() -> Calendar:
    """Read the reference calendar."""
    with (DATA / "calendar_day.csv").open(encoding="utf-8", newline="") as file:
        rows = [(dt.date.fromisoformat(row["day"]), row) for row in csv.DictReader(file)]
    off = {day for day, row in rows if row["kind"] in {"rest", "holiday"}}
    return Calendar(
        off=frozenset(day for day in off if day.weekday() < 5),
        on=frozenset(day for day, _ in rows if day.weekday() >= 5 and day not in off),
        confirmed_until=max(day for day, row in rows if row["provisional"] == "0"),
        names={day: row["name"] for day, row in rows if row["name"]},
    )


CALENDAR = read_calendar()


def at(text: str) -> dt.datetime:
    """Read a moment of the hotline's zone."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


moments = st.datetimes(
    dt.datetime.fromisoformat("2025-01-01"),
    dt.datetime.fromisoformat("2026-12-31"),
    timezones=st.just(dt.UTC),
)
limits = st.builds(Limit, st.integers(1, 60), st.sampled_from(Tick))
starts = st.sampled_from(Start)


@given(moments, st.timedeltas(dt.timedelta(), dt.timedelta(days=30)), limits, starts)
def test_a_later_start_is_never_due_earlier(
    start: dt.datetime, later: dt.timedelta, limit: Limit, rule: Start
) -> None:
    first = due(start, limit, CALENDAR, ZONE, rule).at
    assert start < first <= due(start + later, limit, CALENDAR, ZONE, rule).at


@given(moments, limits, starts)
def test_a_longer_limit_is_due_later(start: dt.datetime, limit: Limit, rule: Start) -> None:
    longer = Limit(limit.amount + 1, limit.tick)
    shorter = due(start, limit, CALENDAR, ZONE, rule).at
    assert shorter < due(start, longer, CALENDAR, ZONE, rule).at


@given(moments, limits, starts)
def test_working_time_never_ends_on_a_rest_day(
    start: dt.datetime, limit: Limit, rule: Start
) -> None:
    assume(limit.tick in {Tick.WORKING_DAY, Tick.WORKING_HOUR})
    end = due(start, limit, CALENDAR, ZONE, rule).at.astimezone(ZONE)
    assert CALENDAR.is_working(end.date())
    if limit.tick is Tick.WORKING_HOUR:
        assert OPENS < end.time() <= CLOSES


@given(moments, st.integers(1, 80))
def test_the_hours_counted_are_the_hours_promised(start: dt.datetime, amount: int) -> None:
    found = due(start, Limit(amount, Tick.WORKING_HOUR), CALENDAR, ZONE)
    assert working_time(start, found.at, CALENDAR, ZONE) == dt.timedelta(hours=amount)


@given(moments, st.integers(1, 30), starts)
def test_the_days_counted_are_the_days_promised(
    start: dt.datetime, amount: int, rule: Start
) -> None:
    end = due(start, Limit(amount, Tick.WORKING_DAY), CALENDAR, ZONE, rule).at.astimezone(ZONE)
    day, days = start.astimezone(ZONE).date(), 0
    while day < end.date():
        day += DAY
        days += CALENDAR.is_working(day)
    local = start.astimezone(ZONE)
    today = rule is Start.INSTANT and CALENDAR.is_working(local.date()) and local.time() < CLOSES
    assert days + today == amount


@given(moments, limits, starts)
def test_beyond_the_known_calendar_a_deadline_is_provisional(
    start: dt.datetime, limit: Limit, rule: Start
) -> None:
    found = due(start, limit, CALENDAR, ZONE, rule)
    beyond = found.at.astimezone(ZONE).date() > dt.date(2026, 12, 31)
    assert found.provisional == (beyond and limit.tick in {Tick.WORKING_DAY, Tick.WORKING_HOUR})


@pytest.mark.parametrize(
    ("start", "limit", "rule", "end"),
    [
        ("2026-11-20T16:00", "1wd", Start.NEXT_DAY, "2026-11-23T23:59:59"),
        ("2026-11-20T16:00", "1wd", Start.INSTANT, "2026-11-20T23:59:59"),
        ("2026-11-20T17:30", "1wd", Start.INSTANT, "2026-11-23T23:59:59"),
        ("2026-11-20T16:00", "2wh", Start.INSTANT, "2026-11-23T09:00:00"),
        ("2026-11-20T07:00", "9wh", Start.INSTANT, "2026-11-20T17:30:00"),
        ("2026-11-20T23:50", "30min", Start.NEXT_DAY, "2026-11-21T00:20:00"),
        ("2026-11-20T23:50", "2nh", Start.NEXT_DAY, "2026-11-21T01:50:00"),
        ("2026-11-20T23:50", "7nd", Start.NEXT_DAY, "2026-11-27T23:59:59"),
        ("2026-09-30T10:00", "3wd", Start.NEXT_DAY, "2026-10-10T23:59:59"),  # 8, 9, 10 (made up)
        ("2026-02-13T10:00", "2wd", Start.NEXT_DAY, "2026-02-24T23:59:59"),  # Sat 14, Tue 24
        ("2026-12-31T10:00", "1wd", Start.NEXT_DAY, "2027-01-04T23:59:59"),
    ],
)
def test_examples_counted_by_hand(start: str, limit: str, rule: Start, end: str) -> None:
    assert due(at(start), Limit.parse(limit), CALENDAR, ZONE, rule).at == at(end)


@pytest.mark.parametrize("text", ["", "0wd", "1", "wd", "1 wd", "-1wd", "1d", "1wdx", "99999nd"])
def test_a_limit_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="A limit reads"):
        Limit.parse(text)


@given(limits)
def test_a_limit_reads_back(limit: Limit) -> None:
    assert Limit.parse(str(limit)) == limit


spans = st.lists(st.tuples(moments, moments).map(lambda pair: (min(pair), max(pair))), max_size=5)


@given(moments, moments, spans)
def test_net_time_is_the_gross_time_outside_pauses(
    one: dt.datetime, other: dt.datetime, pauses: list[tuple[dt.datetime, dt.datetime]]
) -> None:
    start, end = min(one, other), max(one, other)
    edges = sorted({start, end, *(edge for pause in pauses for edge in pause)})
    outside = sum(
        (
            right - left
            for left, right in pairwise(edges)
            if start <= left < end and not any(a <= left < b for a, b in pauses)
        ),
        dt.timedelta(),
    )
    assert net_elapsed(start, end, pauses) == outside


@given(moments, limits, st.timedeltas(dt.timedelta(), dt.timedelta(days=60)), st.data())
def test_a_pause_moves_a_deadline_forward_and_to_a_working_day(
    start: dt.datetime, limit: Limit, length: dt.timedelta, data: st.DataObject
) -> None:
    end = due(start, limit, CALENDAR, ZONE).at
    last = end - dt.timedelta.resolution  # one that begins with the deadline moves nothing
    since = data.draw(st.datetimes(*(m.replace(tzinfo=None) for m in (start, last))))
    pause = since.replace(tzinfo=dt.UTC), since.replace(tzinfo=dt.UTC) + length
    moved = after_pause(end, pause, limit.tick, CALENDAR, ZONE)
    assert moved >= end
    if limit.tick is Tick.WORKING_HOUR:
        lost = working_time(*pause, CALENDAR, ZONE)
        assert working_time(end, moved, CALENDAR, ZONE) == lost
    if limit.tick in {Tick.WORKING_DAY, Tick.WORKING_HOUR}:
        assert CALENDAR.is_working(moved.astimezone(ZONE).date())
    if limit.tick in {Tick.MINUTE, Tick.HOUR} and pause[0] < end:
        assert moved == end + length


@pytest.mark.parametrize(
    ("end", "since", "until", "tick", "moved"),
    [
        ("23T23:59:59", "19T10:00", "19T16:00", "wd", "23T23:59:59"),  # no midnight, no day
        ("23T23:59:59", "19T10:00", "20T09:00", "wd", "24T23:59:59"),
        ("23T23:59:59", "20T10:00", "23T09:00", "wd", "24T23:59:59"),  # a weekend is no loss
        ("23T17:30:00", "23T16:30", "23T16:30", "wh", "23T17:30:00"),
        ("23T17:30:00", "23T16:30", "24T09:00", "wh", "24T10:00:00"),
        ("23T23:59:59", "24T10:00", "30T10:00", "wd", "23T23:59:59"),  # too late to help
    ],
)
def test_pauses_counted_by_hand(end: str, since: str, until: str, tick: str, moved: str) -> None:
    pause = (at(f"2026-11-{since}"), at(f"2026-11-{until}"))
    found = after_pause(at(f"2026-11-{end}"), pause, Tick(tick), CALENDAR, ZONE)
    assert found == at(f"2026-11-{moved}")


def test_working_time_between_reversed_moments_is_none() -> None:
    later, earlier = at("2026-11-23T10:00"), at("2026-11-20T10:00")
    assert working_time(later, earlier, CALENDAR, ZONE) == dt.timedelta()


def _class(**given: object) -> str:
    usual: dict[str, object] = {
        "classified": True,
        "demand_type": "complaint",
        "category": "B1",
        "urgency": "normal",
        "mass": False,
        "received_on": dt.date(2026, 6, 1),
    }
    return choose.service_class(**(usual | given))  # type: ignore[arg-type]  # built above


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, "complaint"),
        ({"classified": False}, "triage"),
        ({"classified": False, "urgency": "critical"}, "critical"),
        ({"urgency": "urgent", "demand_type": "inquiry"}, "urgent"),
        ({"mass": True}, "urgent"),
        ({"category": "C3"}, "complaint_hard"),
        ({"category": "A1"}, "complaint"),
        ({"category": "A1", "received_on": dt.date(2026, 11, 1)}, "wages"),
        ({"category": "A1", "received_on": dt.date(2027, 2, 6)}, "wages"),
        ({"category": "A1", "received_on": dt.date(2027, 2, 7)}, "complaint"),
        ({"category": "A1", "received_on": dt.date(2040, 2, 21)}, "wages"),
        ({"category": "A1", "demand_type": "inquiry"}, "inquiry"),
    ],
)
def test_the_class_of_a_matter(given: dict[str, object], code: str) -> None:
    assert _class(**given) == code


def test_every_matter_has_a_class_that_is_in_the_table() -> None:
    with (DATA / "service_class.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    codes = {row["code"] for row in rows}
    with (DATA / "category.csv").open(encoding="utf-8", newline="") as file:
        categories = [row["code"] for row in csv.DictReader(file)]
    for demand in DemandType:
        for category in categories:
            for month in range(1, 13):
                on = dt.date(2026, month, 1)
                assert _class(demand_type=demand, category=category, received_on=on) in codes
    for row in rows:
        for column in ("sign", "review", "reply", "finish"):
            Limit.parse(row[column])
        if row["first_contact"]:
            Limit.parse(row["first_contact"])
        Start(row["start"])
