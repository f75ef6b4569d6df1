"""The present cycle of a ticket as its deadline sees it: what the timeline says, read in order."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from hotline.deadlines.arithmetic import Span, net_elapsed
from hotline.deadlines.engine import Extended, Hastened, Later, Merged, Paused, Split
from hotline.tickets.records import EventKind, TicketEvent
from hotline.tickets.states import PAUSED, Action, State

REWORK_SHARE: Final = 2  # a rework gets half of the class's limit
OPENS: Final = frozenset({Action.ORDER_REWORK, Action.REOPEN})  # a further cycle


class Why(StrEnum):
    """Why a deadline moved: `why` in the detail of a timeline entry of kind `deadline`."""

    CLASS = "class"
    EXTENSION = "extension"
    MERGE = "merge"
    UNMERGE = "unmerge"
    SPLIT = "split"
    CALENDAR = "calendar"


class Entry(NamedTuple):
    """What one entry of the timeline means for the clock."""

    at: dt.datetime
    cycle: int
    action: Action | None = None
    from_state: State | None = None
    to_state: State | None = None
    detail: Mapping[str, Any] = {}
    given: str | None = None

    @property
    def why(self) -> str | None:
        """Why the deadline moved, if that is what the entry says."""
        return self.detail.get("why")

    def moment(self, name: str) -> dt.datetime | None:
        """Return a moment of the detail."""
        text = self.detail.get(name)
        return dt.datetime.fromisoformat(text) if text else None


@dataclass
class Cycle:
    """One cycle of work.

    Attributes:
        began: When it began: with the reception, a rework or a reopening.
        share: What part of the class's limit it has: 1, or `REWORK_SHARE` for a half.
        named: The deadline that a supervisor named for a rework.
        later: What moved the deadline since, in order.
        pauses: When the net clock stood still.
    """

    began: dt.datetime
    share: int = 1
    named: dt.datetime | None = None
    later: list[Later] = field(default_factory=list)
    pauses: list[Span] = field(default_factory=list)

    def gross(self, until: dt.datetime) -> dt.timedelta:
        """Return how long the caller has waited by *until*: nothing is left out."""
        return until - self.began

    def net(self, until: dt.datetime) -> dt.timedelta:
        """Return the same without the pauses."""
        return net_elapsed(self.began, until, self.pauses)


def entries(
    session: Session, tickets: Iterable[int] | Select[Any]
) -> defaultdict[int, list[Entry]]:
    """Return what moves the deadlines of *tickets* (ids, or a query of them), by ticket."""
    found = defaultdict[int, list[Entry]](list)
    rows = session.execute(
        select(
            TicketEvent.ticket_id,
            TicketEvent.at,
            TicketEvent.cycle,
            TicketEvent.action,
            TicketEvent.from_state,
            TicketEvent.to_state,
            TicketEvent.detail,
            TicketEvent.given,
        )
        .where(TicketEvent.ticket_id.in_(tickets), _moves())
        .order_by(TicketEvent.id)
    )
    for ticket_id, *rest in rows:
        found[ticket_id].append(Entry(*rest))
    return found


def _moves() -> ColumnElement[bool]:
    return or_(
        TicketEvent.kind == EventKind.DEADLINE,
        TicketEvent.from_state.in_(PAUSED),
        TicketEvent.to_state.in_(PAUSED),
        TicketEvent.action.in_(OPENS),
    )


def of(
    number: int, received_at: dt.datetime, clock_from: dt.datetime, happened: Sequence[Entry]
) -> Cycle:
    """Return cycle *number* of a ticket, whose clock started at *clock_from*.

    An extension lapses when the clock starts anew; of a pause only what comes after counts.
    """
    cycle = Cycle(received_at)
    stopped: dt.datetime | None = None
    for entry in happened:
        if entry.cycle != number:
            continue
        if entry.action in OPENS:
            _open(cycle, entry)
        elif entry.to_state in PAUSED:
            stopped = entry.at
        elif entry.from_state in PAUSED and stopped is not None:
            cycle.pauses.append((stopped, entry.at))
            if entry.at > clock_from:
                pause = (max(stopped, clock_from), entry.at)
                cycle.later.append(Paused(*(edge.replace(microsecond=0) for edge in pause)))
        elif entry.why is not None:
            _move(cycle, entry, clock_from)
    return cycle


def _open(cycle: Cycle, entry: Entry) -> None:
    cycle.began = entry.at
    if entry.action is Action.ORDER_REWORK:
        cycle.share = REWORK_SHARE
        named = json.loads(entry.given or "{}").get("due_at")
        cycle.named = dt.datetime.fromisoformat(named) if named else None


def _move(cycle: Cycle, entry: Entry, clock_from: dt.datetime) -> None:
    than = entry.moment("than")
    if entry.why == Why.CLASS:  # another limit: what was named or held under the old one is over
        cycle.named = None
        cycle.later = [event for event in cycle.later if not isinstance(event, Hastened)]
        if than is not None:
            cycle.later.append(Hastened(than))
    elif entry.why == Why.MERGE and than is not None:
        cycle.later.append(Merged(than, entry.detail["number"]))
    elif entry.why == Why.SPLIT and than is not None:
        cycle.later.append(Split(than, entry.detail["number"]))
    elif entry.why == Why.UNMERGE:
        number = entry.detail["number"]
        cycle.later = [
            event
            for event in cycle.later
            if not (isinstance(event, Merged) and event.number == number)
        ]
    elif entry.why == Why.EXTENSION and entry.at >= clock_from:
        cycle.later.append(Extended(dt.datetime.fromisoformat(entry.detail["due_to"])))
