"""The stage of the history: lives that go on one after another in the order of their moments.

A life is a generator. It does something as of `stage.now`, then yields the moment at
which it goes on; what lies beyond the present is never played, so that matters stand
wherever the present found them.
"""

import datetime as dt
import heapq
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final, TypeVar

from sqlalchemy.orm import Session

from hotline.core.language import local, zone
from hotline.deadlines.arithmetic import CLOSES, DAY, OPENS, Calendar
from hotline.demo.cast import Cast
from hotline.messages.rules import Rules
from hotline.tickets import queries
from hotline.tickets.models import Ticket

Life = Iterator[dt.datetime]
T = TypeVar("T")
AWAKE: Final = (dt.time(8), dt.time(21, 30))


@dataclass
class Stage:
    """Who plays, in which transaction, and what time it is."""

    session: Session
    cast: Cast
    chance: Random
    rules: Rules
    calendar: Calendar
    now: dt.datetime
    closes: dt.datetime  # the present: nothing happens after it
    places: dict[str, str] = field(default_factory=dict)  # names of banners by code
    at_hand: dict[int, Ticket] = field(default_factory=dict)  # tickets that were read lately
    _agenda: list[tuple[dt.datetime, int, Life]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=itertools.count)

    def begin(self, at: dt.datetime, life: Life) -> None:
        """Let *life* begin at a moment."""
        heapq.heappush(self._agenda, (at, next(self._order), life))

    def play(self, until: dt.datetime) -> None:
        """Let everything happen that happens before or at *until*."""
        while self._agenda and self._agenda[0][0] <= until:
            self.now, _, life = heapq.heappop(self._agenda)
            moment = next(life, None)
            if moment is not None:
                self.begin(max(moment, self.now), life)
        self.now = until
        self.at_hand.clear()

    def ticket(self, ticket_id: int) -> Ticket:
        """Return a ticket as it is now; the session keeps it true while somebody holds it."""
        if ticket_id not in self.at_hand:
            self.at_hand[ticket_id] = queries.by_id(self.session, ticket_id)
        return self.at_hand[ticket_id]

    def soon(self, least: float, most: float) -> dt.datetime:
        """Return a moment between *least* and *most* minutes from now."""
        return self.now + dt.timedelta(seconds=round(60 * self.chance.uniform(least, most), 1))

    def at_work(self, least: float, most: float) -> dt.datetime:
        """Return a moment between *least* and *most* working minutes from now."""
        left = dt.timedelta(seconds=round(60 * self.chance.uniform(least, most)))
        moment = local(self.now)
        while True:
            opens = dt.datetime.combine(moment.date(), OPENS, zone())
            closes = dt.datetime.combine(moment.date(), CLOSES, zone())
            begins = max(opens, moment)
            if self.calendar.is_working(moment.date()) and begins + left <= closes:
                return (begins + left).astimezone(dt.UTC)
            if self.calendar.is_working(moment.date()):
                left -= max(closes - begins, dt.timedelta())
            moment = opens + DAY

    def awake(self, moment: dt.datetime) -> dt.datetime:
        """Return *moment*, or the next morning if people sleep then."""
        here = local(moment)
        if AWAKE[0] <= here.time() < AWAKE[1]:
            return moment
        later = DAY if here.time() >= AWAKE[1] else dt.timedelta()
        morning = dt.datetime.combine(here.date() + later, AWAKE[0], zone())
        return morning.astimezone(dt.UTC) + dt.timedelta(minutes=self.chance.uniform(0, 90))

    def draw(self, choices: Sequence[tuple[T, int]]) -> T:
        """Return one of *choices*, each as likely as its weight."""
        return self.chance.choices([c for c, _ in choices], [weight for _, weight in choices])[0]

    def sid(self, kind: str) -> str:
        """Return an id such as a carrier gives: *kind* and 32 hexadecimal digits."""
        return f"{kind}{self.chance.getrandbits(128):032x}"
