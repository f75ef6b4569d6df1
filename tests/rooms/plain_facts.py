"""What each fact means, said a second time in plain Python: the rollup is held against it."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple

from tests.rooms import plain_desk, plain_orders
from tests.rooms.plain_calls import (
    CALLBACKS,
    CALLS,
    REPEATS,
    SUMS,
    Test,
    day,
    holding,
    hour,
    of_call,
)

SETTLED = {"resolved", "appraisal_review", "surveyed", "archived"}
GONE = {"voided", "merged"}
SUBMITTED = SETTLED | {"result_review"}
ORDERS = {"dispatch", "hand_down", "order_rework"}
SCORES = {"survey_satisfied": True, "survey_dissatisfied": False}
DANGERS = {"level_3", "crisis", "unsafe", "deceased", "protected"}
DEMANDS = ("inquiry", "complaint", "legal", "suggestion", "help", "praise", "other")
CHANNELS = ("sms", "keypress", "call", "person")


def settled(ticket: Any) -> bool:
    return ticket.state in SETTLED


def counted(ticket: Any) -> bool:
    return ticket.state not in GONE


def is_open(ticket: Any) -> bool:
    return ticket.state not in SETTLED | GONE


def imported(ticket: Any) -> bool:
    return ticket.import_id is not None


def in_state(state: str) -> Test:
    return lambda ticket: ticket.state == state


def of_demand(demand: str | None) -> Test:
    return lambda ticket: counted(ticket) and ticket.demand_type == demand


RECEIVED: dict[str, Test] = {
    "received": lambda _ticket: True,
    "received_counted": counted,
    "received_settled": settled,
    "received_open": is_open,
    "received_suspended": in_state("suspended"),
    "received_direct": lambda ticket: settled(ticket) and ticket.outcome == "answered_direct",
    **{f"received_{demand or 'untyped'}": of_demand(demand) for demand in (None, *DEMANDS)},
    "received_voided": in_state("voided"),
    "received_merged": in_state("merged"),
    "received_imported": imported,
}
ORIGINAL: dict[str, Test] = {
    "original_counted": counted,
    "original_on_time": lambda ticket: (
        settled(ticket) and ticket.resolved_at <= ticket.due_original
    ),
    "original_voided": in_state("voided"),
    "original_merged": in_state("merged"),
    "original_imported": imported,
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
    "due_imported": imported,
}


class Told:
    """All the rows, and what they tell of a ticket."""

    def __init__(self, rows: Mapping[str, Iterable[Any]]) -> None:
        self.calls, self.callbacks = [*rows["call"]], [*rows["callback"]]
        self.tickets = [*rows["ticket"]]
        self.presences, self.claims = [*rows["presence_change"]], [*rows["claim"]]
        self.payments = [*rows["payment"]]
        self.inside: dict[int, list[Any]] = defaultdict(list)
        for line in rows["call_event"]:
            self.inside[line.call_id].append(line)
        results = (one for one in rows["ticket_result"] if one.contact_way == "call")
        self.rung = {(one.ticket_id, one.cycle) for one in results}
        self.attempts = {(one.ticket_id, one.cycle) for one in rows["survey"] if one.tries > 0}
        self.extended = {
            one.ticket_id
            for one in rows["approval"]
            if (one.action, one.decision) == ("extend", "approved")
        }
        self.timeline: dict[int, list[Any]] = defaultdict(list)
        for event in sorted(rows["ticket_event"], key=lambda event: event.id):
            self.timeline[event.ticket_id].append(event)
            if event.kind == "contact" and event.detail.get("reached"):
                by_telephone = event.detail.get("way") == "call"
                self.rung |= {(event.ticket_id, event.cycle)} if by_telephone else set()

    def detail(self, ticket: Any, action: str) -> dict[str, Any]:
        """What the timeline tells of an action in the present cycle."""
        found: dict[str, Any] = {}
        for event in self.timeline[ticket.id]:
            if (event.cycle, event.action) == (ticket.cycle, action):
                found = event.detail
        return found

    def heard(self, ticket: Any) -> str | None:
        """What a second person heard about the answer to the present result."""
        mine = (e for e in self.timeline[ticket.id] if e.cycle == ticket.cycle)
        told = [e.detail.get("recheck") for e in mine]
        known = {"agreed", "differs", "reached", "confirmed"}
        return next((one for one in told if one in known), None)

    def was_dissatisfied(self, ticket: Any) -> bool:
        """Whether an earlier result was scored badly."""
        earlier = (e for e in self.timeline[ticket.id] if e.cycle < ticket.cycle)
        return any(e.action == "survey_dissatisfied" for e in earlier)

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

    def came_by(self, ticket: Any) -> tuple[object, str | None]:
        """Who spoke with the worker in the call by which the ticket came, and in what language."""
        calls = sorted(self.calls, key=lambda call: (call.received_at, call.id))
        for call in calls:
            if (call.ticket_id, call.disposition) == (ticket.id, "registered"):
                return call.staff_id, call.language
        return None, None

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
        return ticket.confidential_level == 3 or reason in DANGERS

    def askable(ticket: Any) -> bool:
        return not ticket.anonymous and not at_risk(ticket)

    def came_to(*outcomes: str | None) -> Test:
        return lambda ticket: ticket.survey_outcome in outcomes

    def attempted(ticket: Any) -> bool:
        asked = (ticket.id, ticket.cycle) in told.attempts
        return asked or came_to("satisfied", "dissatisfied", "unreachable")(ticket)

    answered = came_to("satisfied", "dissatisfied")
    return {
        "settled_imported": imported,
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
        **answers(told),
        **{name: test for channel in CHANNELS for name, test in by_channel(told, channel).items()},
    }


OUTCOMES = (
    *("answered_direct", "solved", "partly_solved", "explained_not_solved"),
    *("channelled", "transferred_out", "rejected", "withdrawn"),
)


def answers(told: Told) -> dict[str, Test]:
    """Return what workers answered, question by question, and how matters ended."""

    def said(name: str, *values: Any) -> Test:
        def holds(ticket: Any) -> bool:
            given = [told.detail(ticket, action).get(name) for action in SCORES]
            known = [value for value in given if value is not None]
            rated = ticket.survey_outcome in {"satisfied", "dissatisfied"}
            return rated and any(not values or value in values for value in known)

        return holds

    def rated(ticket: Any) -> bool:
        return ticket.survey_outcome in {"satisfied", "dissatisfied"}

    def refused(ticket: Any) -> bool:
        reason = told.detail(ticket, "survey_not_possible").get("reason")
        return ticket.survey_outcome == "not_possible" and reason == "refused"

    def ended(outcome: str) -> Test:
        return lambda ticket: ticket.outcome == outcome

    return {
        "survey_refused": refused,
        **{f"scored_{n}": said("score", n) for n in (1, 2, 3, 4, 5)},
        **{f"ended_{outcome}": ended(outcome) for outcome in OUTCOMES},
        "rechecked": lambda ticket: told.heard(ticket) in {"agreed", "differs"},
        "rechecked_vain": lambda ticket: told.heard(ticket) in {"reached", "confirmed"},
        "recheck_reached": lambda ticket: told.heard(ticket) == "reached",
        "answered_anew": lambda t: rated(t) and told.was_dissatisfied(t),
        "turned_after_call": lambda t: (
            t.survey_outcome == "satisfied"
            and told.was_dissatisfied(t)
            and (t.id, t.cycle) in told.rung
        ),
        "recheck_agreed": lambda ticket: told.heard(ticket) == "agreed",
        "told_contact": said("contacted"),
        "told_contacted": said("contacted", "yes"),
        "told_solution": said("solved"),
        "told_solved": said("solved", "yes"),
        "told_partly": said("solved", "partly"),
        **{f"{one}_rated": said(f"{one}_score") for one in ("hotline", "unit")},
        **{f"{one}_satisfied": said(f"{one}_score", 1, 2, 3) for one in ("hotline", "unit")},
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


Counts = Counter[tuple[object, ...]]
Place = tuple[int, str, str, str]


class Row(NamedTuple):
    """One row of a cohort: of which fact, when, where, who took it, in which language."""

    fact: str
    at: dt.datetime | dt.date
    place: Place
    operator: object
    language: str | None
    n: int = 1


def count_plainly(rows: Mapping[str, Iterable[Any]], units: Mapping[str, int]) -> Counts:
    """Count every fact of these rows: by day and place, and by day, unit and each other way."""
    told, found = Told(rows), Counts()
    for row in (*_of_the_desk(told, units["hotline"]), *_of_tickets(told, units)):
        timed = isinstance(row.at, dt.datetime)
        when = day(row.at) if timed else row.at
        found[(row.fact, when, *row.place)] += row.n
        for way, key in (
            ("operator", str(row.operator or "")),
            ("language", row.language or ""),
            ("hour", hour(row.at) if timed else ""),
        ):
            found[(way, row.fact, when, key, row.place[0])] += row.n
    return Counts({key: n for key, n in found.items() if n})


def _of_the_desk(told: Told, centre: int) -> Iterator[Row]:
    """Yield what belongs to the hotline's centre: calls, debts, and the time of its people."""
    place, calls = (centre, "", "", ""), {call.id: call for call in told.calls}
    for call in told.calls:
        known = [*of_call(call)]
        if call.direction == "inbound" and call.answered_at:
            known += [(fact, 1) for fact in plain_desk.inside(told.inside[call.id])]
        for fact, n in known:
            yield Row(fact, call.received_at, place, call.staff_id, call.language, n)
    for change, fact, n in plain_desk.presences(told.presences):
        yield Row(fact, change.at, place, change.staff_id, None, n)
    for one in told.callbacks:
        language = calls[one.call_id].language
        for fact in holding(CALLBACKS, one):
            yield Row(fact, one.opened_at, (one.unit_id, "", "", ""), None, language)


def _of_tickets(told: Told, units: Mapping[str, int]) -> Iterator[Row]:
    cohorts, tickets = _cohorts(told), {ticket.id: ticket for ticket in told.tickets}
    for ticket in told.tickets:
        place, by = _place(ticket), told.came_by(ticket)
        for name, facts in cohorts.items():
            for fact in holding(facts, ticket):
                yield Row(fact, getattr(ticket, name), place, *by)
        for order, followed in told.orders(ticket):
            given = (units[order.detail["unit"]], *place[1:])
            for fact in plain_orders.of_order(followed):
                yield Row(fact, order.at, given, *by)
    for ticket, when, fact, n in plain_desk.money(tickets, told.claims, told.payments):
        yield Row(fact, when, _place(ticket), *told.came_by(ticket), n)


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


def _place(ticket: Any) -> Place:
    return (
        ticket.unit_id,
        ticket.region_code or "",
        ticket.category_code or "",
        str(ticket.channel),
    )


NOTHING = Told(defaultdict(list))
ALL = {
    *CALLS, *SUMS, *CALLBACKS, *RECEIVED, *ORIGINAL, *DUE, "due_extended",
    *resolved_facts(NOTHING), *plain_orders.order_facts([]),
    *plain_desk.INSIDE, *plain_desk.PRESENCES, *plain_desk.MONEY,
}  # fmt: skip
