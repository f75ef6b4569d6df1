"""The hotline's own number in the REST API."""

import datetime as dt
from typing import Any, Final

from simulator.exchange import Exchange
from simulator.progress import API_VERSION, rfc2822
from simulator.rest.paging import page
from simulator.rest.request import ApiError, Request, Response, reply, route
from simulator.webhook import Target

_BOUGHT: Final = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
_URLS: Final = {
    "VoiceUrl": "voice",
    "VoiceFallbackUrl": "voice_fallback",
    "StatusCallback": "status",
    "SmsUrl": "sms",
    "SmsFallbackUrl": "sms_fallback",
}


def show(exchange: Exchange) -> dict[str, Any]:
    """Return the number as the API writes it."""
    line = exchange.line
    uri = f"/2010-04-01/Accounts/{exchange.account.sid}/IncomingPhoneNumbers/{line.sid}.json"
    return {
        "account_sid": exchange.account.sid,
        "address_requirements": "none",
        "api_version": API_VERSION,
        "beta": False,
        "capabilities": {"voice": True, "sms": True, "mms": False, "fax": False},
        "date_created": rfc2822(_BOUGHT),
        "date_updated": rfc2822(_BOUGHT),
        "friendly_name": line.number,
        "origin": "twilio",
        "phone_number": line.number,
        "sid": line.sid,
        "sms_fallback_method": "POST",
        "sms_fallback_url": line.sms_fallback.url if line.sms_fallback else "",
        "sms_method": line.sms.method,
        "sms_url": line.sms.url,
        "status": "in-use",
        "status_callback": line.status.url if line.status else "",
        "status_callback_method": "POST",
        "uri": uri,
        "voice_caller_id_lookup": False,
        "voice_fallback_method": "POST",
        "voice_fallback_url": line.voice_fallback.url if line.voice_fallback else "",
        "voice_method": line.voice.method,
        "voice_url": line.voice.url,
    }


def listing(exchange: Exchange, request: Request) -> Response:
    """List the one number there is."""
    fits = request.get("PhoneNumber") in (None, exchange.line.number)
    return page(request, "incoming_phone_numbers", [exchange] if fits else [], show)


def fetch(exchange: Exchange, request: Request, sid: str) -> Response:
    """Show the number."""
    _check(exchange, request, sid)
    return reply(show(exchange))


def update(exchange: Exchange, request: Request, sid: str) -> Response:
    """Point the number elsewhere."""
    _check(exchange, request, sid)
    for parameter, name in _URLS.items():
        if (url := request.get(parameter)) is not None:
            setattr(exchange.line, name, Target(url) if url else None)
    return reply(show(exchange))


def _check(exchange: Exchange, request: Request, sid: str) -> None:
    if sid != exchange.line.sid:
        raise ApiError(404, 20404, f"The requested resource {request.path} was not found")


ROUTES: Final = (
    route("GET", "IncomingPhoneNumbers.json", listing),
    route("GET", "IncomingPhoneNumbers/{}.json", fetch),
    route("POST", "IncomingPhoneNumbers/{}.json", update),
)
