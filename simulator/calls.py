"""Calls as the world and the API make them: coming in, going out, led elsewhere."""

from collections.abc import Iterable
from functools import partial
from typing import Final

from simulator import lifecycle, twiml
from simulator.exchange import Exchange
from simulator.interpreter import lead
from simulator.leg import REDIRECTED, Callback, Leg
from simulator.script import Script
from simulator.simcall import SimCall
from simulator.webhook import Target

DEFAULT_RING: Final = 60.0


def arrive(exchange: Exchange, caller: str, script: Script) -> SimCall:
    """Let *caller* ring the hotline's number; the voice URL is asked at once."""
    line = exchange.line
    leg = lifecycle.open_leg(exchange, caller, line.number, "inbound")
    leg.status = "ringing"
    leg.script = script
    leg.voice, leg.fallback = line.voice, line.voice_fallback
    if line.status:
        leg.callback = Callback(line.status)
    call = SimCall(exchange, leg)
    exchange.phones[caller].calls.append(call)
    lifecycle.limit_patience(exchange, leg)
    lead(exchange, leg).follow(line.voice, "voice.inbound")
    return call


def place(
    exchange: Exchange,
    *,
    to: str,
    from_: str,
    document: Target | str,
    fallback: Target | None = None,
    callback: Callback | None = None,
    timeout: float = DEFAULT_RING,
    time_limit: float | None = None,
) -> Leg:
    """Call *to* on behalf of the API; *document* is an address or TwiML itself."""
    leg = lifecycle.open_leg(exchange, from_, to, "outbound-api")
    leg.fallback, leg.callback, leg.time_limit = fallback, callback, time_limit

    def silent(status: str) -> None:
        lifecycle.finish(exchange, leg, status, reason=status)

    answered = partial(redirect, exchange, leg, document, "voice.outbound")
    exchange.agenda.soon(partial(_ring, exchange, leg, timeout, answered, silent))
    return leg


def _ring(exchange: Exchange, leg: Leg, *how: object) -> None:
    if not leg.ended:  # it may have been cancelled while it was queued
        lifecycle.ring(exchange, leg, *how)  # type: ignore[arg-type]  # passed on as they came


def redirect(
    exchange: Exchange, leg: Leg, document: Target | str, kind: str = "voice.updated"
) -> None:
    """Lead *leg* to *document*, out of whatever it was doing."""
    leg.leave_activity(REDIRECTED)
    run = lead(exchange, leg)
    if isinstance(document, Target):
        run.follow(document, kind)
    else:
        run.perform(twiml.parse(document, Target(exchange.app_url)))


def statuses(events: Iterable[str]) -> frozenset[str]:
    """Return the call-progress events in *events*; `completed` when none is named."""
    return frozenset(events) or frozenset({"completed"})
