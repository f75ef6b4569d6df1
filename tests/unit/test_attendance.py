"""Attendance: the record of a presence is cut into a day that has no gap and no overlap."""

import datetime as dt
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from hotline.staff.attendance import adherence, lasted, occupancy, stretches
from hotline.staff.presence import PresenceState

S = PresenceState
DAY = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
NEXT = DAY + dt.timedelta(days=1)
CAPS = {"short": dt.timedelta(minutes=15), "fault": None}


class Line(NamedTuple):
    """One line of a record."""

    at: dt.datetime
    to_state: PresenceState
    reason: str | None = None


def clock(hour: int, minute: int = 0) -> dt.datetime:
    """Return a moment of the day."""
    return DAY + dt.timedelta(hours=hour, minutes=minute)


SHIFT = (
    Line(clock(8), S.READY),
    Line(clock(9), S.RINGING),
    Line(clock(9, 1), S.TALKING),
    Line(clock(9, 10), S.WRAP_UP),
    Line(clock(9, 12), S.READY),
    Line(clock(10), S.AWAY, "short"),
    Line(clock(10, 20), S.READY),
    Line(clock(11), S.AWAY, "missed"),
    Line(clock(11, 30), S.OFFLINE, "forgotten"),
)


def test_a_shift_is_counted() -> None:
    parts = stretches(SHIFT, DAY, NEXT)
    total = lasted(parts)
    assert total[S.TALKING] == dt.timedelta(minutes=9)
    assert total[S.AWAY] == dt.timedelta(minutes=50)
    assert occupancy(parts) == 12 / (60 + 12 + 48 + 40)
    # of four hours: all but five minutes of a break too long, and all since the missed call
    assert adherence(parts, [(clock(8), clock(12))], CAPS) == (240 - 5 - 60) / 240


def test_a_day_that_begins_in_a_break_counts_its_cap_from_before_midnight() -> None:
    late = DAY - dt.timedelta(minutes=10)
    parts = stretches([Line(late, S.AWAY, "short")], DAY, NEXT)
    assert adherence(parts, [(DAY, clock(1))], CAPS) == 5 / 60
    assert adherence(parts, [], CAPS) is None
    assert occupancy(parts) is None


def test_before_the_first_change_somebody_is_offline() -> None:
    assert lasted(stretches((), DAY, NEXT))[S.OFFLINE] == NEXT - DAY


MOMENTS = st.datetimes(
    dt.datetime(2026, 11, 22), dt.datetime(2026, 11, 25), timezones=st.just(dt.UTC)  # noqa: DTZ001 - given one
)  # fmt: skip
RECORDS = st.lists(
    st.builds(
        Line, MOMENTS, st.sampled_from(S), st.sampled_from([None, "short", "fault", "missed"])
    ),
    max_size=12,
).map(lambda record: sorted(record, key=lambda line: line.at))


@given(RECORDS)
def test_any_record_fills_the_day_exactly(record: list[Line]) -> None:
    parts = stretches(record, DAY, NEXT)
    assert sum(lasted(parts).values(), dt.timedelta()) == NEXT - DAY
    assert [part.until for part in parts[:-1]] == [part.since for part in parts[1:]]
    assert (parts[0].since, parts[-1].until) == (DAY, NEXT)


@given(RECORDS, st.lists(st.tuples(MOMENTS, MOMENTS).map(sorted).map(tuple), max_size=4))
def test_both_figures_are_parts_of_a_whole(
    record: list[Line], roster: list[tuple[dt.datetime, dt.datetime]]
) -> None:
    parts = stretches(record, DAY, NEXT)
    for figure in (occupancy(parts), adherence(parts, roster, CAPS)):
        assert figure is None or 0 <= figure <= 1


@given(RECORDS, MOMENTS)
def test_a_day_cut_in_two_is_the_same_day(record: list[Line], at: dt.datetime) -> None:
    cut = min(max(at, DAY), NEXT)
    halves = stretches(record, DAY, cut) + stretches(record, cut, NEXT)
    assert lasted(halves) == lasted(stretches(record, DAY, NEXT))
