"""Quiet hours: when they hold and when they end."""

import datetime as dt
import zoneinfo

import pytest

from hotline.messages.quiet import QuietHours

ZONE = zoneinfo.ZoneInfo("Asia/Shanghai")


def local(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        ("2026-11-23 20:59", None),
        ("2026-11-23 21:00", "2026-11-24 08:30"),
        ("2026-11-23 23:59", "2026-11-24 08:30"),
        ("2026-11-24 00:00", "2026-11-24 08:30"),
        ("2026-11-24 08:29", "2026-11-24 08:30"),
        ("2026-11-24 08:30", None),
    ],
)
def test_a_night_lasts_until_the_next_morning(now: str, ends: str | None) -> None:
    quiet = QuietHours.read("21:00-08:30", ZONE)
    assert quiet is not None
    assert quiet.until(local(now)) == (local(ends) if ends else None)


def test_a_rest_at_noon_ends_the_same_day() -> None:
    quiet = QuietHours.read("12:00-14:00", ZONE)
    assert quiet is not None
    assert quiet.until(local("2026-11-23 13:00")) == local("2026-11-23 14:00")
    assert quiet.until(local("2026-11-23 14:00")) is None


def test_off_is_never_quiet() -> None:
    assert QuietHours.read("off", ZONE) is None
