"""What each fact means, said a second time in plain Python: the rollup is held against it."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import pairwise
from typing import Any

from tests.rooms.plain_calls import CALLBACKS, CALLS, REPEATS, SUMS, Test, day, holding, of_call

SETTLED = {"resolved", "appraisal_review", "surveyed", "archived"}
GONE = {"voided", "merged"}
SUBMITTED = SETTLED | {"result_review"}
ORDERS = {"dispatch", "hand_down", "order_rework"}
SCORES = {"survey_satisfied": True, "survey_dissatisfied": False}
CHANNELS = ("sms", "keypress", "call", "person")


def settled(ticket: Any) -> bool:
    return ticket.state in SETTLED


def counted(ticket: Any) -> bool:
    return ticket.state not in GONE


def is_open(ticket: Any) -> bool:
    return ticket.state not in SETTLED | GONE


def in_state(state: str) -> Test:
    return lambda ticket: ticket.state == state


RECEIVED: dict[str, Test] = {
    "received": lambda _ticket: True,
    "received_counted": counted,
    "received_settled": settled,
    "received_open": is_open,
    "received_suspended": in_state("suspended"),
    "received_direct": lambda ticket: settled(ticket) and ticket.outcome == "answered_direct",
    "received_voided": in_state("voided"),
    "received_merged": in_state("merged"),
}
ORIGINAL: dict[str, Test] = {
    "original_counted": counted,
    "original_on_time": lambda ticket: (
        settled(ticket) and ticket.resolved_at <= ticket.due_original
    ),
    "original_voided": in_state("voided"),
    "original_merged": in_state("merged"),
}
DUE: dict[str, Test] = {
    "due_counted": counted,
    "due_running": lambda ticket: counted(ticket) and ticket.state != "suspended",
    "due_settled": settled,
    "due_on_time": lambda ticket: settled(ticket) and ticket.resolved_at <= ticket.due_at,
    "due_unsubmitted": lambda ticket: ticket.state not in SUBMITTED | GONE,
    "due_suspended": in_state("suspended"),
    "due_voided": in_state("voided"),
    "due_merged": in_state("merged"),
}


class Told:
    """All the rows, and what they tell of a ticket."""

    def __init__(self, rows: Mapping[str, Iterable[Any]]) -> None:
        self.calls, self.callbacks = [*rows["call"]], [*rows["callback"]]
        self.tickets = [*rows["ticket"]]
        self.attempts = {(one.ticket_id, one.cycle) for one in rows["survey"] if one.tries > 0}
        self.extended = {
            one.ticket_id
            for one in rows["approval"]
            if (one.action, one.decision) == ("extend", "approved")
        }
        self.timeline: dict[int, list[Any]] = defaultdict(list)
        for event in sorted(rows["ticket_event"], key=lambda event: event.id):
            self.timeline[event.ticket_id].append(event)

    def detail(self, ticket: Any, action: str) -> dict[str, Any]:
        """What the timeline tells of an action in the present cycle."""
        found: dict[str, Any] = {}
        for event in self.timeline[ticket.id]:
            if (event.cycle, event.action) == (ticket.cycle, action):
                found = event.detail
        return found

    def scores(self, ticket: Any) -> list[Any]:
        """The answers of all cycles, in order."""
        return [event for event in self.timeline[ticket.id] if event.action in SCORES]

    def first(self, ticket: Any) -> bool | None:
        """Whether the first answer of all, if it was to the first result, was a good one."""
        scores = self.scores(ticket)[:1]
        return next((SCORES[event.action] for event in scores if event.cycle == 1), None)

    def last(self, ticket: Any) -> bool | None:
        """Whether the last answer was a good one."""
        return next((SCORES[event.action] for event in self.scores(ticket)[-1:]), None)

    def came_back(self, ticket: Any) -> bool:
        """Whether the worker asked again within seven days of the settlement."""
        moments = [
            call.received_at
            for call in self.calls
            if call.ticket_id == ticket.id and call.disposition in REPEATS
        ]
        moments += [event.at for event in self.timeline[ticket.id] if event.kind == "caller"]
        moments += [
            other.received_at
            for other in self.tickets
            if other.id != ticket.id
            and None not in {other.worker_id, other.category_code}
            and (other.worker_id, other.category_code) == (ticket.worker_id, ticket.category_code)
        ]
        last = ticket.resolved_at + dt.timedelta(days=7)
        return any(ticket.resolved_at < moment <= last for moment in moments)

    def orders(self, ticket: Any) -> Iterator[tuple[Any, list[Any]]]:
        """Each order to a unit, with what followed it up to the next."""
        timeline = self.timeline[ticket.id]
        starts = [n for n, event in enumerate(timeline) if event.action in ORDERS]
        for start, end in pairwise([*starts, len(timeline)]):
            yield timeline[start], timeline[start + 1 : end]


def resolved_facts(told: Told) -> dict[str, Test]:
    """Return the facts of settled tickets."""

    def at_risk(ticket: Any) -> bool:
        reason = told.detail(ticket, "survey_not_possible").get("reason")
        return ticket.confidential_level == 3 or reason in {"level_3", "crisis", "unsafe"}

    def askable(ticket: Any) -> bool:
        return not ticket.anonymous and not at_risk(ticket)

    def came_to(*outcomes: str | None) -> Test:
        return lambda ticket: ticket.survey_outcome in outcomes

    def attempted(ticket: Any) -> bool:
        asked = (ticket.id, ticket.cycle) in told.attempts
        return asked or came_to("satisfied", "dissatisfied", "unreachable")(ticket)

    answered = came_to("satisfied", "dissatisfied")
    return {
        "settled": lambda _ticket: True,
        "settled_again": lambda ticket: ticket.cycle > 1,
        "settled_first_time": lambda ticket: ticket.cycle == 1 and not told.came_back(ticket),
        "survey_base": askable,
        "survey_anonymous": lambda ticket: ticket.anonymous,
        "survey_exempt": lambda ticket: not ticket.anonymous and at_risk(ticket),
        "base_attempted": lambda ticket: askable(ticket) and attempted(ticket),
        "base_answered": lambda ticket: askable(ticket) and answered(ticket),
        "base_satisfied": lambda ticket: askable(ticket) and came_to("satisfied")(ticket),
        "survey_answered": answered,
        "survey_satisfied": came_to("satisfied"),
        "survey_pleased": lambda ticket: (
            came_to("satisfied")(ticket)
            and told.detail(ticket, "survey_satisfied").get("score") in {1, 2}
        ),
        "survey_dissatisfied": came_to("dissatisfied"),
        "survey_unreachable": came_to("unreachable"),
        "survey_not_possible": came_to("not_possible"),
        "survey_waiting": came_to(None),
        "first_answered": lambda ticket: told.first(ticket) is not None,
        "first_satisfied": lambda ticket: told.first(ticket) is True,
        "ever_answered": lambda ticket: told.last(ticket) is not None,
        "last_satisfied": lambda ticket: told.last(ticket) is True,
        **{name: test for channel in CHANNELS for name, test in by_channel(told, channel).items()},
    }


def by_channel(told: Told, channel: str) -> dict[str, Test]:
    """Return the two facts of answers by one channel."""

    def came(ticket: Any, action: str) -> bool:
        return told.detail(ticket, action).get("channel") == channel

    return {
        f"answered_by_{channel}": lambda ticket: (
            ticket.survey_outcome in {"satisfied", "dissatisfied"}
            and any(came(ticket, action) for action in SCORES)
        ),
        f"satisfied_by_{channel}": lambda ticket: (
            ticket.survey_outcome == "satisfied" and came(ticket, "survey_satisfied")
        ),
    }


def order_facts(followed: list[Any]) -> dict[str, bool]:
    """Return what is true of an order, given what followed it."""
    actions = {event.action for event in followed}
    in_time = any(e.action == "sign" and e.detail.get("late") is False for e in followed)
    return {
        "orders": True,
        "orders_standing": "recall" not in actions,
        "orders_recalled": "recall" in actions,
        "orders_signed": "sign" in actions,
        "orders_signed_in_time": in_time,
        "orders_returned": "request_return" in actions,
        "orders_wrong": "accept_return" in actions,
        "orders_right": not {"recall", "accept_return"} & actions,
    }


Counts = Counter[tuple[str, dt.date, int, str, str, str]]


def count_plainly(rows: Mapping[str, Iterable[Any]], units: Mapping[str, int]) -> Counts:
    """Count every fact of these rows, by day, unit, region, category and channel."""
    told, found = Told(rows), Counts()
    for call in told.calls:
        for fact, n in of_call(call):
            found[(fact, day(call.received_at), units["hotline"], "", "", "")] += n
    for callback in told.callbacks:
        for fact in holding(CALLBACKS, callback):
            found[(fact, day(callback.opened_at), callback.unit_id, "", "", "")] += 1
    cohorts = _cohorts(told)
    for ticket in told.tickets:
        found.update(_of_ticket(ticket, cohorts))
        for order, followed in told.orders(ticket):
            given = (units[order.detail["unit"]], *_place(ticket)[1:])
            found.update((fact, day(order.at), *given) for fact in _of_order(followed))
    return Counts({key: n for key, n in found.items() if n})


def _of_ticket(ticket: Any, cohorts: Mapping[str, Mapping[str, Test]]) -> Iterator[Any]:
    for name, facts in cohorts.items():
        for fact in holding(facts, ticket):
            yield (fact, day(getattr(ticket, name)), *_place(ticket))


def _of_order(followed: list[Any]) -> list[str]:
    return [name for name, holds in order_facts(followed).items() if holds]


def _cohorts(told: Told) -> dict[str, dict[str, Test]]:
    """Return the facts of tickets by the moment that puts a ticket into its day."""
    resolved = {name: partial(_both, settled, test) for name, test in resolved_facts(told).items()}

    def extended(ticket: Any) -> bool:
        return counted(ticket) and ticket.id in told.extended

    return {
        "received_at": RECEIVED,
        "due_original": ORIGINAL,
        "due_at": DUE | {"due_extended": extended},
        "resolved_at": resolved,
    }


def _both(one: Test, other: Test, row: Any) -> bool:
    return one(row) and other(row)


def _place(ticket: Any) -> tuple[int, str, str, str]:
    return (
        ticket.unit_id,
        ticket.region_code or "",
        ticket.category_code or "",
        str(ticket.channel),
    )


NOTHING = Told(defaultdict(list))
ALL = {
    *CALLS, *SUMS, *CALLBACKS, *RECEIVED, *ORIGINAL, *DUE, "due_extended",
    *resolved_facts(NOTHING), *order_facts([]),
}  # fmt: skip
