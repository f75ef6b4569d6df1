"""Queues of callers who wait to be put through."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from simulator.exchange import Exchange

if TYPE_CHECKING:
    from simulator.verbs.enqueue import Waiting

DEFAULT_SIZE = 1000


@dataclass(eq=False)
class Queue:
    """Callers in order of arrival, and those who wait for one to arrive."""

    sid: str
    name: str
    created: dt.datetime
    max_size: int = DEFAULT_SIZE
    members: "list[Waiting]" = field(default_factory=list)
    takers: "list[Callable[[Waiting], None]]" = field(default_factory=list)
    waits: list[int] = field(default_factory=list)

    @property
    def average_wait(self) -> int:
        """The mean wait of those who left, in seconds."""
        return round(sum(self.waits) / len(self.waits)) if self.waits else 0


def named(exchange: Exchange, name: str, max_size: int | None = None) -> Queue:
    """Return the queue called *name*, made now if nobody has used it before."""
    for queue in exchange.queues.values():
        if queue.name == name:
            return queue
    queue = Queue(exchange.sids.new("QU"), name, exchange.clock.now(), max_size or DEFAULT_SIZE)
    exchange.queues[queue.sid] = queue
    return queue
