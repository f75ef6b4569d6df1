"""Two clocks: one that moves when a test says so, one that moves by itself."""

import datetime as dt
from typing import Protocol


class Clock(Protocol):
    """What the simulator asks of time."""

    def now(self) -> dt.datetime:
        """Return this moment, aware, in UTC."""

    def span(self, seconds: float) -> dt.timedelta:
        """Return how long *seconds* of a story last on this clock."""


class VirtualClock:
    """Time that stands still until somebody moves it."""

    def __init__(self, start: dt.datetime) -> None:
        if start.tzinfo is None:
            raise ValueError("The clock needs an aware moment.")
        self._now = start.astimezone(dt.UTC)

    def now(self) -> dt.datetime:
        """Return the moment it was last moved to."""
        return self._now

    def span(self, seconds: float) -> dt.timedelta:
        """Return *seconds* as they are."""
        return dt.timedelta(seconds=seconds)

    def move_to(self, moment: dt.datetime) -> None:
        """Move forward to *moment*; an earlier moment changes nothing."""
        self._now = max(self._now, moment)


class RealClock:
    """The machine's own time, with waits shortened *speed* times.

    Moments stay true, so that what the carrier says of itself agrees with the
    hotline's own clock; only the waiting between them shrinks.
    """

    def __init__(self, speed: float = 1.0) -> None:
        if speed <= 0:
            raise ValueError("Speed is a positive number.")
        self._speed = speed

    def now(self) -> dt.datetime:
        """Return this moment."""
        return dt.datetime.now(dt.UTC)

    def span(self, seconds: float) -> dt.timedelta:
        """Return *seconds* divided by the speed."""
        return dt.timedelta(seconds=seconds / self._speed)
