"""Rest between shifts: eleven hours, a stretch of twelve at most, six days in a row."""

import datetime as dt

import pytest

from hotline.staff import rest

MONDAY = dt.datetime(2026, 11, 23)  # noqa: DTZ001 - a rule about local hours


def shift(day: float, begins: float, hours: float) -> rest.Span:
    since = MONDAY + dt.timedelta(days=day, hours=begins)
    return since, since + dt.timedelta(hours=hours)


@pytest.mark.parametrize(
    ("spans", "problem"),
    [
        ([shift(0, 8, 8), shift(1, 8, 8)], ""),
        ([shift(0, 16, 8), shift(1, 8, 8)], "11 小时"),  # late, then early
        ([shift(0, 16, 8), shift(1, 11, 8)], ""),
        ([shift(0, 8, 4), shift(0, 13, 4)], ""),  # a meal between the halves of a day
        ([shift(0, 8, 4), shift(0, 15, 4)], "11 小时"),
        ([shift(0, 8, 6), shift(0, 15, 6)], "12 小时"),
        ([shift(day, 8, 8) for day in range(6)], ""),
        ([shift(day, 8, 8) for day in range(7)], "6 天"),
        ([shift(day, 8, 8) for day in range(8) if day != 3], ""),
        ([shift(5, 20, 11), *(shift(day, 20, 11) for day in range(5))], ""),  # nights
    ],
)
def test_what_is_too_little_rest(spans: list[rest.Span], problem: str) -> None:
    found = rest.broken(spans)
    assert (problem in found) if problem and found else found == (problem or None)
