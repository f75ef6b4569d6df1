"""When a late matter comes to each rung, and when reminders fall due."""

import csv
import datetime as dt
import zoneinfo
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.core.roles import Role
from hotline.deadlines.arithmetic import Calendar, Limit, Tick
from hotline.sla import countdown
from hotline.sla.ladder import Place, Rung, latest_due, reached_at

ZONE = zoneinfo.ZoneInfo("Asia/Shanghai")
CALENDAR = Calendar(
    off=frozenset({dt.date(2026, 10, day) for day in (1, 2, 5, 6, 7)}),
    on=frozenset({dt.date(2026, 9, 20), dt.date(2026, 10, 10)}),
)
ROWS = list(
    csv.DictReader(
        (Path(__file__).parents[2] / "migrations/data/ladder_rung.csv").read_text().splitlines()
    )
)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


def rung(patience: str) -> Rung:
    limit = Limit.parse(patience) if patience else None
    return Rung("normal", 1, Place.UNIT, Role.SUPERVISOR, limit)


@pytest.mark.parametrize(
    ("patience", "due_at", "reached"),
    [
        ("", "2026-11-23 23:59:59", "2026-11-23 23:59:59"),
        ("1wd", "2026-11-23 23:59:59", "2026-11-24 23:59:59"),
        ("1wd", "2026-11-27 23:59:59", "2026-11-30 23:59:59"),
        ("5wd", "2026-09-30 23:59:59", "2026-10-13 23:59:59"),  # holidays, a make-up Saturday
        ("15min", "2026-11-28 03:00", "2026-11-28 03:15"),
        ("24nh", "2026-11-28 03:00", "2026-11-29 03:00"),
    ],
)
def test_each_rung_has_its_own_patience(patience: str, due_at: str, reached: str) -> None:
    assert reached_at(rung(patience), at(due_at), CALENDAR, ZONE) == at(reached)


MOMENTS = st.timedeltas(dt.timedelta(), dt.timedelta(days=60)).map(
    lambda span: at("2026-09-01 00:00") + span
)


@given(MOMENTS, MOMENTS, st.sampled_from(["", "1wd", "5wd", "4wh", "30min", "2nh", "3nd"]))
def test_one_comparison_answers_for_every_ticket(
    due_at: dt.datetime, now: dt.datetime, patience: str
) -> None:
    latest = latest_due(rung(patience), now, CALENDAR, ZONE)
    if abs(due_at - latest) > dt.timedelta(seconds=2):  # found to the second
        assert (due_at <= latest) == (reached_at(rung(patience), due_at, CALENDAR, ZONE) <= now)


def test_the_ladder_of_each_urgency_is_whole_and_climbs() -> None:
    for urgency in ("normal", "urgent", "critical"):
        rungs = [row for row in ROWS if row["urgency"] == urgency]
        assert [row["rung"] for row in rungs] == ["1", "2", "3", "4"]
        assert [row["place"] for row in rungs] == ["unit", "hotline", "superior", "region"]
        moments = [
            reached_at(rung(row["patience"]), at("2026-11-23 12:00"), CALENDAR, ZONE)
            for row in rungs
        ]
        assert moments == sorted(set(moments))
        assert {Role(row["role"]) for row in rungs} == {Role.SUPERVISOR}


def test_half_of_five_working_days_is_used_up_at_noon_of_the_third() -> None:
    span = at("2026-11-20 18:00"), at("2026-11-27 23:59:59")  # Mon to Fri, 45 working hours
    net = countdown.net_time(*span, Tick.WORKING_DAY, CALENDAR, ZONE)
    assert net == dt.timedelta(hours=45)
    found = {
        percent: countdown.reached_at(percent, net, span, Tick.WORKING_DAY, CALENDAR, ZONE)
        for percent in countdown.PERCENTS
    }
    second = dt.timedelta(seconds=1)
    assert abs(found[50] - at("2026-11-25 13:00")) <= second
    assert (
        abs(found[80] - at("2026-11-26 17:30")) <= second
        or abs(found[80] - at("2026-11-27 08:30")) <= second
    )
    assert found[100] == span[1]


def test_natural_time_runs_at_night_and_at_weekends() -> None:
    span = at("2026-11-28 20:00"), at("2026-11-29 06:00")
    net = countdown.net_time(*span, Tick.HOUR, CALENDAR, ZONE)
    assert countdown.reached_at(50, net, span, Tick.HOUR, CALENDAR, ZONE) == at("2026-11-29 01:00")


def test_a_pause_moves_the_reminders_with_the_deadline() -> None:
    net = dt.timedelta(hours=10)
    began = at("2026-11-23 08:00")
    later = at("2026-11-25 18:00")  # a day of pause
    found = countdown.reached_at(80, net, (began, later), Tick.HOUR, CALENDAR, ZONE)
    assert found == at("2026-11-25 16:00")
