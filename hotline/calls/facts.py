"""Facts become rows: whatever was just learnt, the row's state and end follow from it here."""

import datetime as dt
from typing import Final

from hotline.calls.models import Call
from hotline.calls.states import (
    SELF_SETTLED,
    CallState,
    Disposition,
    end_of,
    owes_callback,
    state_of,
)

MILLISECOND: Final = dt.timedelta(milliseconds=1)
ON_TIME: Final = dt.timedelta(seconds=5)
ROUNDED: Final = 1000  # the carrier counts whole seconds


def happened(at: dt.datetime | None, now: dt.datetime) -> dt.datetime:
    """Return when something happened that is told *now* and dated *at* by the carrier.

    The carrier dates to the second; our own clock is finer, as long as the news is fresh.
    """
    return at if at is not None and now - at > ON_TIME else now


def earliest(known: dt.datetime | None, told: dt.datetime) -> dt.datetime:
    """Return the earlier moment, so that order and repetition of the news do not matter."""
    return told if known is None else min(known, told)


def resumed(call: Call, now: dt.datetime) -> None:
    """Add a hold that ends *now* to those before it; a caller who is not held stays so."""
    if call.held_at is not None:
        call.held_ms += _between(call.held_at, now) or 0
        call.held_at = None


def settle(call: Call) -> None:
    """Write what follows from the facts of *call*: state, end, durations.

    An end that asked for a callback and turns out to owe none gives it up; the callbacks
    room sees that and withdraws it.
    """
    call.waited_ms = _waited(call)
    call.talked_ms = _between(call.answered_at, call.ended_at)
    call.state = state_of(call)
    call.end_state = end_of(call) if call.ended_at is not None else None
    if call.ended_at is not None:
        resumed(call, call.ended_at)
    if call.state is not CallState.OFFERED:
        call.offered_to = call.offered_at = call.accepted_at = None
    if call.end_state is None:
        return
    if call.end_state in SELF_SETTLED:
        call.disposition = SELF_SETTLED[call.end_state]
    elif call.disposition is Disposition.CALLBACK and not owes_callback(call.end_state):
        call.disposition = None


def _waited(call: Call) -> int | None:
    """Return the wait by our clock, or by the carrier's where the news came out of order."""
    ends = [end for end in (call.answered_at, call.ended_at) if end is not None]
    measured = _between(call.queued_at, min(ends, default=None))
    if call.queue_seconds is None:
        return measured
    counted = call.queue_seconds * 1000
    return measured if measured is not None and measured >= counted - ROUNDED else counted


def _between(start: dt.datetime | None, end: dt.datetime | None) -> int | None:
    return None if start is None or end is None else max(0, int((end - start) / MILLISECOND))
