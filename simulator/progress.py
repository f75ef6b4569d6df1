"""Telling the hotline how a call goes: standard parameters and status callbacks."""

import datetime as dt
from email.utils import format_datetime
from typing import Final

from simulator.exchange import Exchange
from simulator.leg import ENDED, Leg

API_VERSION: Final = "2010-04-01"
_GEO: Final = ("City", "State", "Zip")
#: What the far telephone's network said, by the way the call ended.
_SIP_CODES: Final = {
    "completed": "200",
    "busy": "486",
    "no-answer": "487",
    "canceled": "487",
    "failed": "404",
}


def rfc2822(moment: dt.datetime) -> str:
    """Return *moment* as the carrier writes it."""
    return format_datetime(moment)


def standard(exchange: Exchange, leg: Leg) -> dict[str, str]:
    """Return the parameters every voice request about *leg* carries."""
    params = {
        "AccountSid": exchange.account.sid,
        "ApiVersion": API_VERSION,
        "CallSid": leg.sid,
        "CallStatus": leg.status,
        "Direction": leg.direction,
    }
    for role, copy, number in (("From", "Caller", leg.from_), ("To", "Called", leg.to)):
        params[role] = params[copy] = number
        if not number.startswith("client:"):
            params |= geography(role, number) | geography(copy, number)
    if leg.parent:
        params["ParentCallSid"] = leg.parent.sid
    if leg.answered_by:
        params["AnsweredBy"] = leg.answered_by
    return params


def geography(role: str, number: str) -> dict[str, str]:
    """Return what the carrier knows of where *number* is: hardly anything."""
    country = "CN" if number.startswith("+86") else ""
    return {f"{role}{place}": "" for place in _GEO} | {f"{role}Country": country}


def tell(exchange: Exchange, leg: Leg, event: str) -> None:
    """Send the status callback of *event* if somebody wants to know."""
    if leg.callback is None or event not in leg.callback.events:
        return
    params = standard(exchange, leg) | {
        "CallbackSource": "call-progress-events",
        "SequenceNumber": str(leg.sequence),
        "Timestamp": rfc2822(exchange.clock.now()),
    }
    leg.sequence += 1
    if leg.status in ENDED:
        params |= _ending(leg)
    exchange.post.send(f"voice.status.{leg.status}", leg.callback.target, params)


def _ending(leg: Leg) -> dict[str, str]:
    params = {"CallDuration": str(leg.seconds), "Duration": str(-(-leg.seconds // 60))}
    if leg.direction != "inbound":
        params["SipResponseCode"] = _SIP_CODES[leg.status]
    return params
