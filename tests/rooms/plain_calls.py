"""What each fact of calls and callbacks means, said a second time in plain Python."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
LEFT = {"abandoned_short", "abandoned_queue"}
MET = {"closed_reached", "closed_self_returned"}
REPEATS = {"progress", "urge", "supplement"}
Test = Callable[[Any], bool]
Length = Callable[[Any], int | None]


def holding(facts: Mapping[str, Test], row: Any) -> list[str]:
    return [name for name, test in facts.items() if test(row)]


def day(moment: dt.datetime) -> dt.date:
    return moment.astimezone(SHANGHAI).date()


def hour(moment: dt.datetime) -> str:
    return f"{moment.astimezone(SHANGHAI).hour:02d}"


def decided(call: Any) -> bool:
    return bool(call.end_state or call.answered_at)


def queued(call: Any) -> bool:
    return bool(call.queued_at or call.answered_at)


def left(call: Any) -> bool:
    return queued(call) and call.end_state in LEFT


def handled(call: Any) -> bool:
    return None not in {call.answered_at, call.talked_ms, call.wrap_up_done_at}


def milliseconds(since: Any, until: Any) -> int:
    return round((until - since) / dt.timedelta(milliseconds=1))


def handling(call: Any) -> int:
    return int(call.talked_ms) + milliseconds(call.ended_at, call.wrap_up_done_at)


def ended(*states: str) -> Test:
    return lambda call: call.end_state in states


CALLS: dict[str, Test] = {
    "calls_inbound": lambda _call: True,
    "calls_in_progress": lambda call: not decided(call),
    "calls_decided": decided,
    "calls_queued": lambda call: queued(call) and decided(call),
    "calls_not_queued": lambda call: not queued(call) and decided(call),
    "calls_answered": lambda call: call.answered_at is not None,
    "calls_owed": lambda call: (
        decided(call) and call.end_state not in {"blocked", "ivr_selfserved"}
    ),
    "calls_served": lambda call: call.answered_at is not None or call.end_state == "ivr_selfserved",
    "calls_abandoned": left,
    "calls_handled": handled,
    "calls_unfinished": lambda call: call.answered_at is not None and not handled(call),
    "calls_timed": lambda call: call.answered_at is not None and call.waited_ms is not None,
    "calls_untimed": lambda call: call.answered_at is not None and call.waited_ms is None,
    "calls_repeated": lambda call: call.answered_at is not None and call.disposition in REPEATS,
    "calls_blocked": ended("blocked"),
    "calls_failed": ended("failed"),
    "calls_self_served": ended("ivr_selfserved"),
    "calls_ivr_exit": ended("ivr_exit"),
    "calls_after_hours": ended("after_hours"),
    "calls_overflowed": ended("overflowed"),
    "calls_voicemail": ended("voicemail"),
    "calls_callback": ended("callback_requested"),
}

SUMS: dict[str, tuple[Test, Length]] = {
    "wait_of_answered": (CALLS["calls_timed"], lambda call: call.waited_ms),
    "wait_from_ring": (
        CALLS["calls_answered"],
        lambda call: milliseconds(call.received_at, call.answered_at),
    ),
    "handling": (handled, handling),
}
LENGTHS: dict[str, tuple[Test, Length]] = {
    "answered_after": (CALLS["calls_answered"], lambda call: call.waited_ms),
    "left_after": (left, lambda call: call.waited_ms),
    "handled_for": (handled, handling),
}
STEPS = [
    *range(31),
    *range(35, 121, 5),
    *range(150, 601, 30),
    *range(900, 3601, 300),
    7200,
    14400,
]
LIMITED: dict[str, Callable[[Any, int], bool]] = {
    "calls_answered_soon": lambda call, limit: call.answered_at is not None and within(call, limit),
    "calls_left_soon": lambda call, limit: left(call) and within(call, limit),
    "calls_waited": lambda call, limit: (
        CALLS["calls_queued"](call) and not (left(call) and within(call, limit))
    ),
    "calls_settled_soon": lambda call, limit: (
        (left(call) or call.answered_at is not None) and within(call, limit)
    ),
    "calls_abandoned_short": lambda call, limit: left(call) and within(call, limit),
    "calls_abandoned_long": lambda call, limit: left(call) and not within(call, limit),
    "calls_patient": lambda call, limit: (
        CALLS["calls_queued"](call) and not (left(call) and within(call, limit))
    ),
}


def within(call: Any, limit: int) -> bool:
    return call.waited_ms is not None and call.waited_ms <= limit * 1000


CALLBACKS: dict[str, Test] = {
    "callbacks_owed": lambda _callback: True,
    "callbacks_possible": lambda callback: callback.state != "closed_no_number",
    "callbacks_no_number": lambda callback: callback.state == "closed_no_number",
    "callbacks_met": lambda callback: callback.state in MET,
    "callbacks_met_in_a_day": lambda callback: (
        callback.state in MET and callback.closed_at - callback.opened_at <= dt.timedelta(days=1)
    ),
    "callbacks_open": lambda callback: callback.state in {"open", "sms_sent"},
    "callbacks_unreachable": lambda callback: callback.state == "closed_unreachable",
}


def of_call(call: Any) -> Iterator[tuple[str, int]]:
    if call.direction != "inbound":
        return
    for fact in holding(CALLS, call):
        yield fact, 1
    for name, (test, length) in SUMS.items():
        if test(call):
            yield name, length(call) or 0
    for name, (test, length) in LENGTHS.items():
        if test(call) and (known := length(call)) is not None:
            step = next((step for step in STEPS if known <= step * 1000), "over")
            yield f"{name}:{step}", 1
