"""The life of a call, and the one end it comes to, as pure rules over facts.

The carrier tells what happened twice, late and out of order. So nothing here depends
on the order of telling: each event leaves a fact, and what state a call is in follows
from its facts alone (domain, section 1.4).
"""

import datetime as dt
from collections.abc import Callable
from enum import StrEnum
from typing import Final, Protocol

from hotline.telephony.progress import OUR_FAULT

SHORT: Final = dt.timedelta(seconds=5)  # a caller who leaves the queue sooner did not wait
CONTENT: Final = dt.timedelta(seconds=30)  # whoever stays longer after the keypad's answer waits


class Direction(StrEnum):
    """Who called whom."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class CallState(StrEnum):
    """Where a call is now."""

    RINGING = "ringing"  # hears the greeting
    QUEUED = "queued"  # waits for a person
    OFFERED = "offered"  # waits, and an operator's line rings
    TALKING = "talking"
    ENDED = "ended"


class LegRole(StrEnum):
    """What a party of a call is to the caller."""

    OPERATOR = "operator"
    COLLEAGUE = "colleague"
    PARTNER = "partner"  # a body outside, from the directory
    EMERGENCY = "emergency"  # 110, 119, 120 and the like
    SUPERVISOR = "supervisor"


class Mode(StrEnum):
    """How a supervisor takes part."""

    LISTEN = "listen"  # nobody hears them
    WHISPER = "whisper"  # the operator alone hears them
    BARGE = "barge"  # everybody hears them


class EndState(StrEnum):
    """How a call ended: exactly one of these."""

    ANSWERED = "answered"
    IVR_SELFSERVED = "ivr_selfserved"
    IVR_EXIT = "ivr_exit"
    ABANDONED_SHORT = "abandoned_short"
    ABANDONED_QUEUE = "abandoned_queue"
    VOICEMAIL = "voicemail"
    CALLBACK_REQUESTED = "callback_requested"
    AFTER_HOURS = "after_hours"
    OVERFLOWED = "overflowed"
    BLOCKED = "blocked"
    FAILED = "failed"
    NOT_REACHED = "not_reached"  # of a call that we placed


class Decline(StrEnum):
    """Why an operator does not take a call that rings."""

    WRITING = "writing"  # the record of the one before
    CONFLICT = "conflict"  # an interest in the matter
    LANGUAGE = "language_barrier"
    UNWELL = "unwell"
    FAULT = "fault"


class Disposition(StrEnum):
    """What a call led to: a ticket, a callback, or the reason why neither was needed."""

    REGISTERED = "registered"
    CALLBACK = "callback"
    WRONG_NUMBER = "wrong_number"
    SILENT = "silent"
    NUISANCE = "nuisance"
    THANKS = "thanks"
    PROGRESS = "progress"
    URGE = "urge"
    SUPPLEMENT = "supplement"
    TEST = "test"
    CONNECTED = "connected"  # joined with another service while on the line
    SELFSERVED = "selfserved"
    BLOCKED = "blocked"
    NOT_REACHED = "not_reached"


#: Reasons an operator may give for an answered call without a ticket (domain, section 1.6).
NO_TICKET: Final = frozenset(
    {
        Disposition.WRONG_NUMBER,
        Disposition.SILENT,
        Disposition.NUISANCE,
        Disposition.THANKS,
        Disposition.PROGRESS,
        Disposition.URGE,
        Disposition.SUPPLEMENT,
        Disposition.TEST,
        Disposition.CONNECTED,
    }
)

#: Reasons that speak of a ticket which exists already.
LINKED: Final = frozenset({Disposition.PROGRESS, Disposition.URGE, Disposition.SUPPLEMENT})

#: Ends that settle themselves; every end that is neither here nor answered owes a callback.
SELF_SETTLED: Final = {
    EndState.IVR_SELFSERVED: Disposition.SELFSERVED,
    EndState.BLOCKED: Disposition.BLOCKED,
    EndState.NOT_REACHED: Disposition.NOT_REACHED,
}


class Facts(Protocol):
    """What is known about a call; each fact is told once and stays."""

    @property
    def direction(self) -> Direction:
        """Who called whom."""

    @property
    def rang(self) -> bool:
        """Whether our own greeting was asked for."""

    @property
    def queued_at(self) -> dt.datetime | None:
        """When the caller began to wait."""

    @property
    def offered_to(self) -> int | None:
        """Whose line rings."""

    @property
    def answered_at(self) -> dt.datetime | None:
        """When a person first began to speak with the caller."""

    @property
    def bridged_by(self) -> int | None:
        """What joins a person with the caller now, or joined them at the end."""

    @property
    def ended_at(self) -> dt.datetime | None:
        """When the line was closed."""

    @property
    def waited_ms(self) -> int | None:
        """How long the caller waited in the queue."""

    @property
    def queue_seconds(self) -> int | None:
        """How long the caller waited, as the carrier counts it."""

    @property
    def carrier_status(self) -> str | None:
        """The carrier's last word on the caller's line."""

    @property
    def left_message(self) -> bool:
        """Whether the caller spoke a message."""

    @property
    def asked_back(self) -> bool:
        """Whether the caller asked to be called."""

    @property
    def served_at(self) -> dt.datetime | None:
        """When the caller heard a complete item of the keypad, lastly."""

    @property
    def after_hours(self) -> bool:
        """Whether the hotline was closed."""

    @property
    def fault(self) -> str | None:
        """What failed on our side or the carrier's."""


def state_of(call: Facts) -> CallState:
    """Return the state that follows from the facts."""
    if call.ended_at is not None:
        return CallState.ENDED
    if call.bridged_by is not None:
        return CallState.TALKING
    if call.offered_to is not None:
        return CallState.OFFERED
    return CallState.QUEUED if call.queued_at is not None else CallState.RINGING


def end_of(call: Facts) -> EndState:
    """Return the one end that an ended call came to: the first row of `ENDS` that holds."""
    ends = ENDS if call.direction is Direction.INBOUND else PLACED
    return next(end for end, holds in ends if holds(call))


def _failed(call: Facts) -> bool:
    return call.fault is not None or call.carrier_status in OUR_FAULT or not call.rang


def _served(call: Facts) -> bool:
    """Return whether what the keypad told was enough: the caller left with it."""
    if call.served_at is None or call.ended_at is None:
        return False
    return call.ended_at - call.served_at <= CONTENT


def _left_soon(call: Facts) -> bool:
    return (call.waited_ms or 0) <= SHORT / dt.timedelta(milliseconds=1)


#: What says most comes first; the last row always holds.
ENDS: Final[tuple[tuple[EndState, Callable[[Facts], bool]], ...]] = (
    (EndState.ANSWERED, lambda call: call.answered_at is not None),
    (EndState.VOICEMAIL, lambda call: call.left_message),
    (EndState.CALLBACK_REQUESTED, lambda call: call.asked_back),
    (EndState.AFTER_HOURS, lambda call: call.after_hours),
    (EndState.IVR_SELFSERVED, _served),
    (EndState.FAILED, _failed),
    (EndState.IVR_EXIT, lambda call: call.queued_at is None and call.queue_seconds is None),
    (EndState.ABANDONED_SHORT, _left_soon),
    (EndState.ABANDONED_QUEUE, lambda _: True),
)

#: The same for calls that we placed.
PLACED: Final[tuple[tuple[EndState, Callable[[Facts], bool]], ...]] = (
    (EndState.ANSWERED, lambda call: call.answered_at is not None),
    (EndState.IVR_SELFSERVED, lambda call: call.served_at is not None),
    (EndState.NOT_REACHED, lambda _: True),
)


def owes_callback(end: EndState) -> bool:
    """Return whether somebody must call back after this end."""
    return end is not EndState.ANSWERED and end not in SELF_SETTLED
