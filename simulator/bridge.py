"""Two people in conversation, until one of them goes."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from simulator import speech, transcripts
from simulator.exchange import Exchange
from simulator.leg import Activity, Leg


@dataclass(eq=False)
class Side:
    """One party of a conversation.

    `over` is called when the *other* party went; `left` when this one did, with the
    reason (`hangup` or `redirected`).
    """

    leg: Leg
    over: Callable[[], None]
    left: Callable[[str], None]


class Talking(Activity):
    """Somebody is at the other end of the line."""

    name = "bridged"

    def __init__(self, bridge: "Bridge", side: Side, other: Side) -> None:
        self._bridge = bridge
        self._side = side
        self._other = other

    def leave(self, why: str) -> None:
        """Go, and leave the other party alone."""
        self._bridge.end()
        self._side.left(why)
        if self._other.leg.activity is self._bridge.activities.get(self._other):
            self._other.leg.activity = None
        if not self._other.leg.ended:
            self._other.over()

    def hear_words(self, words: str) -> None:
        """Let the other line's transcription hear what this person says."""
        transcripts.note(self._bridge.exchange, self._other.leg, words, "outbound_track")


class Bridge:
    """A conversation between two legs."""

    def __init__(self, exchange: Exchange, one: Side, two: Side, time_limit: float) -> None:
        self.exchange = exchange
        self.began = exchange.clock.now()
        self.ended: dt.datetime | None = None
        self.activities = {one: Talking(self, one, two), two: Talking(self, two, one)}
        self._limit = exchange.agenda.after(time_limit, partial(self._cut, one))
        for side, other in ((one, two), (two, one)):
            side.leg.activity = self.activities[side]
            side.leg.bridged_to = other.leg.far_end
            speech.converse(exchange, side.leg, self.activities[side])

    @property
    def seconds(self) -> int:
        """How long they talked, or have talked so far."""
        until = self.ended or self.exchange.clock.now()
        return round((until - self.began).total_seconds())

    def end(self) -> None:
        """Note the end of the conversation."""
        self.ended = self.ended or self.exchange.clock.now()
        self._limit.cancel()

    def _cut(self, side: Side) -> None:
        """Part the two when the time limit is reached: as if the second had gone."""
        self.end()
        for each in self.activities:
            each.leg.activity = None
        for each in self.activities:
            if not each.leg.ended:
                each.over()
