"""How a leg is rung, answered and ended, whoever it belongs to."""

import re
from collections.abc import Callable
from functools import partial
from typing import Final

from simulator import progress, recordings, transcripts
from simulator.agenda import Appointment
from simulator.exchange import Exchange
from simulator.leg import HANGUP, IN_PROGRESS, Activity, Leg
from simulator.script import Script
from simulator.simcall import SimCall

_VOICEMAIL_AFTER: Final = 20.0
_BUSY_AFTER: Final = 1.0
_SHORTEST_NUMBER: Final = 3
SHORT: Final = re.compile(r"1\d{2,4}\Z")  # police, helplines: where the country has them


def open_leg(
    exchange: Exchange, from_: str, to: str, direction: str, parent: Leg | None = None
) -> Leg:
    """Make a new leg and let the API know it."""
    leg = Leg(exchange.sids.new("CA"), from_, to, direction, exchange.clock.now(), parent)
    exchange.legs[leg.sid] = leg
    return leg


def answer(exchange: Exchange, leg: Leg) -> None:
    """Note that *leg* is answered, unless it already was."""
    if leg.ended or leg.answered_at is not None:
        return
    leg.status = IN_PROGRESS
    leg.answered_at = exchange.clock.now()
    progress.tell(exchange, leg, "answered")
    if leg.time_limit:
        exchange.agenda.after(leg.time_limit, partial(finish, exchange, leg, reason="time limit"))


def finish(exchange: Exchange, leg: Leg, status: str = "completed", *, reason: str) -> None:
    """End *leg* once and for all; a leg that has ended stays as it is.

    Whatever it was doing gives up, its recordings and transcriptions close, and the
    last status callback goes out.
    """
    if leg.ended:
        return
    leg.status = status
    leg.ended_at = exchange.clock.now()
    leg.end_reason = reason
    leg.take_over()
    leg.leave_activity(HANGUP)
    recordings.close_all(exchange, leg)
    transcripts.close_all(exchange, leg)
    progress.tell(exchange, leg, "completed")


class Ringing(Activity):
    """A far telephone rings."""

    name = "ringing"

    def __init__(self) -> None:
        self.timer: Appointment | None = None

    def leave(self, why: str) -> None:
        """Stop ringing."""
        if self.timer:
            self.timer.cancel()


def ring(
    exchange: Exchange,
    leg: Leg,
    seconds: float,
    on_answer: Callable[[], None],
    on_silence: Callable[[str], None],
) -> None:
    """Ring the phone that *leg* goes to for at most *seconds*.

    Calls *on_answer* when somebody picks up, otherwise *on_silence* with the status
    the call failed with. Neither is called when the leg is ended from elsewhere.
    """
    activity = leg.activity = Ringing()
    phone = exchange.phones[leg.to]
    leg.status = "initiated"
    progress.tell(exchange, leg, "initiated")
    leg.status = "ringing"
    progress.tell(exchange, leg, "ringing")
    after, status = _fate(exchange, leg, seconds)

    def settle() -> None:
        if leg.activity is not activity:
            return
        leg.activity = None
        if status:
            on_silence(status)
            return
        leg.script = Script(
            list(phone.says), phone.presses, patience=None, hangs_up_after=phone.hangs_up_after
        )
        phone.calls.append(SimCall(exchange, leg))
        answer(exchange, leg)
        limit_patience(exchange, leg)
        on_answer()

    activity.timer = exchange.agenda.after(after, settle)


def _fate(exchange: Exchange, leg: Leg, seconds: float) -> tuple[float, str]:
    """Return after how long the ringing ends, and the status if nobody answers."""
    phone = exchange.phones[leg.to]
    if not _routable(leg.to):
        return 0.0, "failed"
    if phone.busy:
        return _BUSY_AFTER, "busy"
    if phone.answers and phone.answers_after <= seconds:
        leg.answered_by = None
        return phone.answers_after, ""
    if phone.voicemail and seconds >= _VOICEMAIL_AFTER:
        leg.answered_by = "machine_start"
        return _VOICEMAIL_AFTER, ""
    return seconds, "no-answer"


def _routable(to: str) -> bool:
    if to.startswith("client:") or SHORT.match(to):
        return True
    return to.startswith("+") and to[1:].isdigit() and len(to) > _SHORTEST_NUMBER


def limit_patience(exchange: Exchange, leg: Leg) -> None:
    """Have the person hang up when the whole call has lasted long enough."""
    if leg.script.hangs_up_after is not None:
        exchange.agenda.after(
            leg.script.hangs_up_after, partial(finish, exchange, leg, reason="caller hung up")
        )
