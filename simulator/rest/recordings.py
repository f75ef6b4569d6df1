"""Recordings in the REST API, and the sound in them."""

from functools import partial
from typing import Any, Final

from simulator import conferences, recordings
from simulator.exchange import Exchange
from simulator.leg import IN_PROGRESS
from simulator.progress import API_VERSION, rfc2822
from simulator.recordings import Recording, address
from simulator.rest import checks
from simulator.rest.calls import find as find_call
from simulator.rest.paging import equal, page, within
from simulator.rest.request import ApiError, Request, Response, reply, route
from simulator.webhook import Target

_CURRENT: Final = "Twilio.CURRENT"
_CONTROLS: Final = frozenset({"paused", "in-progress", "stopped"})


def show(exchange: Exchange, recording: Recording, call_sid: str | None = None) -> dict[str, Any]:
    """Return *recording* as the API writes it, alone or below its call."""
    over = recording.ended is not None
    content: dict[str, Any] = {
        "account_sid": exchange.account.sid,
        "api_version": API_VERSION,
        "call_sid": recording.call_sid,
        "channels": recording.channels,
        "conference_sid": recording.conference_sid,
        "date_created": rfc2822(recording.started),
        "date_updated": rfc2822(recording.ended or recording.started),
        "duration": str(recording.seconds) if over else "-1",
        "encryption_details": None,
        "error_code": None,
        "price": None,
        "price_unit": "USD",
        "sid": recording.sid,
        "source": recording.source,
        "start_time": rfc2822(recording.started),
        "status": recording.status,
    }
    base = f"/2010-04-01/Accounts/{exchange.account.sid}"
    if call_sid:
        uri = f"{base}/Calls/{call_sid}/Recordings/{recording.sid}.json"
        return content | {"track": recording.track, "uri": uri}
    uri = f"{base}/Recordings/{recording.sid}"
    subresources = {"transcriptions": f"{uri}/Transcriptions.json"}
    return content | {
        "uri": f"{uri}.json",
        "media_url": address(exchange, recording.sid),
        "subresource_uris": subresources,
    }


def listing(exchange: Exchange, request: Request) -> Response:
    """List recordings, newest first; deleted ones only if asked."""
    same = equal(request, call_sid="CallSid", conference_sid="ConferenceSid")
    created, deleted = within(request, "DateCreated"), request.flag("IncludeSoftDeleted")
    found = [
        r
        for r in reversed(exchange.recordings.values())
        if same(r) and created(r.started) and (deleted or r.status != "deleted")
    ]
    return page(request, "recordings", found, partial(show, exchange))


def fetch(exchange: Exchange, request: Request, sid: str) -> Response:
    """Show one recording."""
    return reply(show(exchange, find(exchange, request, sid)))


def delete(exchange: Exchange, request: Request, sid: str) -> Response:
    """Delete the sound of a recording; what is known about it stays."""
    find(exchange, request, sid).status = "deleted"
    return Response(204)


def media(exchange: Exchange, request: Request, sid: str) -> Response:
    """Return the sound of a recording, once it is complete."""
    recording = find(exchange, request, sid)
    if recording.status != "completed":
        raise ApiError(404, 20404, f"The requested resource {request.path} was not found")
    return Response(200, recordings.sound(recording), "audio/x-wav")


def listing_of_call(exchange: Exchange, request: Request, call_sid: str) -> Response:
    """List the recordings of one call."""
    leg = find_call(exchange, request, call_sid)
    shown = partial(show, exchange, call_sid=call_sid)
    return page(request, "recordings", leg.recordings[::-1], shown)


def create(exchange: Exchange, request: Request, call_sid: str) -> Response:
    """Start recording a live call."""
    leg = find_call(exchange, request, call_sid)
    if leg.status != IN_PROGRESS:
        raise checks.refuse(21220, "Requested resource is not eligible for recording")
    url = request.get("RecordingStatusCallback")
    recording = recordings.begin(
        exchange,
        leg,
        "StartCallRecordingAPI",
        callback=Target(url, request.get("RecordingStatusCallbackMethod") or "POST")
        if url
        else None,
        events=" ".join(request.all("RecordingStatusCallbackEvent")),
        channels=2 if request.get("RecordingChannels") == "dual" else 1,
        track=request.get("RecordingTrack") or "both",
    )
    return reply(show(exchange, recording, call_sid), 201)


def fetch_of_call(exchange: Exchange, request: Request, call_sid: str, sid: str) -> Response:
    """Show one recording of one call."""
    return reply(show(exchange, _of_call(exchange, request, call_sid, sid), call_sid))


def update(exchange: Exchange, request: Request, call_sid: str, sid: str) -> Response:
    """Pause, resume or stop a recording."""
    recording = _of_call(exchange, request, call_sid, sid)
    _control(exchange, request, recording)
    return reply(show(exchange, recording, call_sid))


def update_of_conference(exchange: Exchange, request: Request, key: str, sid: str) -> Response:
    """Pause, resume or stop the recording of a conference."""
    conference = conferences.find(exchange, key)
    recording = conference.recording if conference else None
    if recording is None or sid not in (_CURRENT, recording.sid):
        raise ApiError(404, 20404, f"The requested resource {request.path} was not found")
    _control(exchange, request, recording)
    return reply(show(exchange, recording))


def _control(exchange: Exchange, request: Request, recording: Recording) -> None:
    wanted = request.get("Status")
    if wanted not in _CONTROLS:
        raise checks.refuse(20001, "Status is not valid")
    if recording.ended:
        raise checks.refuse(21220, "Recording is not in-progress")
    if wanted == "stopped":
        recordings.complete(exchange, recording)
    else:
        recordings.hold(exchange, recording, paused=wanted == "paused")


def delete_of_call(exchange: Exchange, request: Request, call_sid: str, sid: str) -> Response:
    """Delete a recording by way of its call."""
    _of_call(exchange, request, call_sid, sid).status = "deleted"
    return Response(204)


def find(exchange: Exchange, request: Request, sid: str) -> Recording:
    """Return the recording *sid*; raises 404."""
    if sid not in exchange.recordings:
        raise ApiError(404, 20404, f"The requested resource {request.path} was not found")
    return exchange.recordings[sid]


def _of_call(exchange: Exchange, request: Request, call_sid: str, sid: str) -> Recording:
    leg = find_call(exchange, request, call_sid)
    if sid == _CURRENT:
        running = [r for r in leg.recordings if not r.ended]
        sid = running[-1].sid if running else ""
    recording = find(exchange, request, sid)
    if recording.call_sid != call_sid:
        raise ApiError(404, 20404, f"The requested resource {request.path} was not found")
    return recording


ROUTES: Final = (
    route("GET", "Recordings.json", listing),
    route("GET", "Recordings/{}.json", fetch),
    route("DELETE", "Recordings/{}.json", delete),
    route("GET", "Recordings/{}.wav", media),
    route("GET", "Recordings/{}.mp3", media),
    route("GET", "Calls/{}/Recordings.json", listing_of_call),
    route("POST", "Calls/{}/Recordings.json", create),
    route("GET", "Calls/{}/Recordings/{}.json", fetch_of_call),
    route("POST", "Calls/{}/Recordings/{}.json", update),
    route("DELETE", "Calls/{}/Recordings/{}.json", delete_of_call),
    route("POST", "Conferences/{}/Recordings/{}.json", update_of_conference),
    route("GET", "Recordings/{}", media),
)
