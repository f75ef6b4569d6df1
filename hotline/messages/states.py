"""The life of a message and the ranks of what carriers report. No framework here.

waiting → sending → sent → delivered
sending → waiting (refused for now), failed, uncertain (the answer was lost)
uncertain → sent, delivered, failed (found out), waiting (it was certainly not taken)
waiting → cancelled, or what a late report of an earlier try says
sent → failed → delivered, as reports come
"""

from enum import StrEnum
from typing import Final


class Direction(StrEnum):
    """Which way it goes."""

    IN = "in"
    OUT = "out"


class MessageKind(StrEnum):
    """What a message is for."""

    INBOUND = "inbound"
    ACK = "ack"
    ANSWER = "answer"
    RESULT = "result"
    SURVEY = "survey"
    ASK = "ask"
    REMIND = "remind"
    ALERT = "alert"
    CALLBACK = "callback"
    NOTICE = "notice"


class Policy(StrEnum):
    """What to do when nobody can say whether the carrier took it."""

    RESEND = "resend"  # once too often is better than never
    HOLD = "hold"  # never is better than twice


class MessageState(StrEnum):
    """Where a message is."""

    RECEIVED = "received"  # it came in
    WAITING = "waiting"  # it is due at `due_at`
    SENDING = "sending"  # it is being handed to the carrier
    SENT = "sent"  # the carrier has it
    DELIVERED = "delivered"  # the phone has it
    FAILED = "failed"  # it will not arrive; `reason` says why
    UNCERTAIN = "uncertain"  # the carrier's answer was lost
    CANCELLED = "cancelled"  # it may not or need not be sent; `reason` says why


# A report counts only when it ranks above what is known: order and repetition do not matter.
RANKS: Final = {
    "accepted": 1,
    "scheduled": 2,
    "queued": 3,
    "sending": 3,
    "sent": 4,
    "undelivered": 5,
    "failed": 5,
    "canceled": 5,
    "delivered": 6,
    "read": 7,
}
TAKEN: Final = RANKS["accepted"]
OVER: Final = RANKS["undelivered"]
ARRIVED: Final = RANKS["delivered"]


def reported(rank: int) -> MessageState:
    """Return the state that a report of this *rank* means."""
    if rank >= ARRIVED:
        return MessageState.DELIVERED
    return MessageState.FAILED if rank >= OVER else MessageState.SENT


# Lower goes first. Alerts to staff outrank all; a survey can wait.
PRIORITY: Final = {
    MessageKind.ALERT: 0,
    MessageKind.ACK: 1,
    MessageKind.ANSWER: 2,
    MessageKind.ASK: 3,
    MessageKind.RESULT: 3,
    MessageKind.CALLBACK: 3,
    MessageKind.REMIND: 4,
    MessageKind.NOTICE: 5,
    MessageKind.SURVEY: 6,
}

HOUR: Final = 3600

# After so many seconds nobody wants it any more: it is cancelled, not sent late.
VALID_FOR: Final = {
    MessageKind.ALERT: 4 * HOUR,
    MessageKind.ACK: 24 * HOUR,
    MessageKind.ANSWER: 24 * HOUR,
    MessageKind.ASK: 72 * HOUR,
    MessageKind.RESULT: 72 * HOUR,
    MessageKind.CALLBACK: 24 * HOUR,
    MessageKind.REMIND: 24 * HOUR,
    MessageKind.NOTICE: 24 * HOUR,
    MessageKind.SURVEY: 48 * HOUR,
}


def policy(kind: MessageKind) -> Policy:
    """Return what holds for *kind* in doubt: nobody is asked twice how satisfied they are."""
    return Policy.HOLD if kind is MessageKind.SURVEY else Policy.RESEND
