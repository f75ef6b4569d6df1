"""What each fact means, said a second time in plain Python: the rollup is held against it."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
SETTLED = {"resolved", "appraisal_review", "surveyed", "archived"}
GONE = {"voided", "merged"}
SUBMITTED = SETTLED | {"result_review"}
LEFT = {"abandoned_short", "abandoned_queue"}
Test = Callable[[Any], bool]


def decided(call: Any) -> bool:
    return bool(call.end_state or call.answered_at)


def queued(call: Any) -> bool:
    return bool(call.queued_at or call.answered_at)


def left_soon(call: Any) -> bool:
    return call.end_state in LEFT and (call.waited_ms or 0) <= 15_000


def ended(*states: str) -> Test:
    return lambda call: call.end_state in states


CALLS: dict[str, Test] = {
    "calls_inbound": lambda _call: True,
    "calls_in_progress": lambda call: not decided(call),
    "calls_decided": decided,
    "calls_queued": lambda call: queued(call) and decided(call),
    "calls_not_queued": lambda call: not queued(call) and decided(call),
    "calls_patient": lambda call: (
        queued(call) and decided(call) and call.end_state != "abandoned_short"
    ),
    "calls_answered": lambda call: call.answered_at is not None,
    "calls_answered_soon": lambda call: (
        call.answered_at is not None and (call.waited_ms or 0) <= 15_000
    ),
    "calls_waited": lambda call: queued(call) and decided(call) and not left_soon(call),
    "calls_left_soon": lambda call: queued(call) and left_soon(call),
    "calls_owed": lambda call: (
        decided(call) and call.end_state not in {"blocked", "ivr_selfserved"}
    ),
    "calls_served": lambda call: call.answered_at is not None or call.end_state == "ivr_selfserved",
    "calls_abandoned": lambda call: queued(call) and call.end_state in LEFT,
    "calls_abandoned_short": lambda call: queued(call) and call.end_state == "abandoned_short",
    "calls_blocked": ended("blocked"),
    "calls_failed": ended("failed"),
    "calls_self_served": ended("ivr_selfserved"),
    "calls_ivr_exit": ended("ivr_exit"),
    "calls_after_hours": ended("after_hours"),
    "calls_overflowed": ended("overflowed"),
    "calls_voicemail": ended("voicemail"),
    "calls_callback": ended("callback_requested"),
}


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


def resolved_facts(told: dict[tuple[int, int, str], dict[str, Any]]) -> dict[str, Test]:
    """Return the facts of settled tickets, given what the timeline tells of ticket and cycle."""

    def detail(ticket: Any, action: str) -> dict[str, Any]:
        return told.get((ticket.id, ticket.cycle, action), {})

    def at_risk(ticket: Any) -> bool:
        reason = detail(ticket, "survey_not_possible").get("reason")
        return ticket.confidential_level == 3 or reason in {"level_3", "crisis", "unsafe"}

    def askable(ticket: Any) -> bool:
        return not ticket.anonymous and not at_risk(ticket)

    def came_to(*outcomes: str | None) -> Test:
        return lambda ticket: ticket.survey_outcome in outcomes

    answered = came_to("satisfied", "dissatisfied")
    return {
        "settled": lambda _ticket: True,
        "settled_again": lambda ticket: ticket.cycle > 1,
        "survey_base": askable,
        "survey_anonymous": lambda ticket: ticket.anonymous,
        "survey_exempt": lambda ticket: not ticket.anonymous and at_risk(ticket),
        "base_answered": lambda ticket: askable(ticket) and answered(ticket),
        "base_satisfied": lambda ticket: askable(ticket) and came_to("satisfied")(ticket),
        "survey_answered": answered,
        "survey_satisfied": came_to("satisfied"),
        "survey_pleased": lambda ticket: (
            came_to("satisfied")(ticket)
            and detail(ticket, "survey_satisfied").get("score") in {1, 2}
        ),
        "survey_dissatisfied": came_to("dissatisfied"),
        "survey_unreachable": came_to("unreachable"),
        "survey_not_possible": came_to("not_possible"),
        "survey_waiting": came_to(None),
    }


Counts = Counter[tuple[str, dt.date, int, str, str, str]]


def count_plainly(
    calls: Iterable[Any], tickets: Iterable[Any], events: Iterable[Any], centre: int
) -> Counts:
    """Count every fact of these rows, by day, unit, region, category and channel."""
    found: Counts = Counter()
    for call in calls:
        if call.direction == "inbound":
            for fact in (name for name, test in CALLS.items() if test(call)):
                found[(fact, _day(call.received_at), centre, "", "", "")] += 1
    resolved = resolved_facts(
        {(row.ticket_id, row.cycle, row.action): row.detail for row in events}
    )
    for ticket in tickets:
        cohorts = [
            (ticket.received_at, RECEIVED),
            (ticket.due_original, ORIGINAL),
            (ticket.due_at, DUE),
            (ticket.resolved_at, resolved if settled(ticket) else {}),
        ]
        for moment, facts in cohorts:
            for fact in (name for name, test in facts.items() if test(ticket)):
                found[(fact, _day(moment), *_place(ticket))] += 1
    return found


def _place(ticket: Any) -> tuple[int, str, str, str]:
    return (
        ticket.unit_id,
        ticket.region_code or "",
        ticket.category_code or "",
        str(ticket.channel),
    )


def _day(moment: dt.datetime) -> dt.date:
    return moment.astimezone(SHANGHAI).date()


ALL = {*CALLS, *RECEIVED, *ORIGINAL, *DUE, *resolved_facts({})}
