"""What will happen, in order of time: the simulator's only loop."""

import datetime as dt
import heapq
import itertools
from collections.abc import Callable

from simulator.clock import Clock


class Appointment:
    """Something that will happen once, unless cancelled before."""

    __slots__ = ("action", "at")

    def __init__(self, at: dt.datetime, action: Callable[[], None]) -> None:
        self.at = at
        self.action: Callable[[], None] | None = action

    def cancel(self) -> None:
        """Let it not happen; cancelling twice or too late is harmless."""
        self.action = None


class Agenda:
    """Appointments by time; equal times in the order they were made."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._heap: list[tuple[dt.datetime, int, Appointment]] = []
        self._order = itertools.count()

    def after(self, seconds: float, action: Callable[[], None]) -> Appointment:
        """Arrange *action* for *seconds* of story time from now."""
        appointment = Appointment(self._clock.now() + self._clock.span(seconds), action)
        heapq.heappush(self._heap, (appointment.at, next(self._order), appointment))
        return appointment

    def now(self) -> dt.datetime:
        """Return this moment on the agenda's clock."""
        return self._clock.now()

    def soon(self, action: Callable[[], None]) -> Appointment:
        """Arrange *action* for the next turn of the loop."""
        return self.after(0, action)

    def next_at(self) -> dt.datetime | None:
        """Return when the next appointment is due, or None when none is left."""
        while self._heap and self._heap[0][2].action is None:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def pop_due(self) -> Callable[[], None] | None:
        """Take the first appointment that is due now, or None."""
        due = self.next_at()
        if due is None or due > self._clock.now():
            return None
        return heapq.heappop(self._heap)[2].action
