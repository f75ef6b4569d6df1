"""Conferences and their participants in the REST API."""

from functools import partial
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement, tostring

from simulator import calls, conferences
from simulator.conferences import Conference, Taking
from simulator.exchange import Exchange
from simulator.leg import Leg
from simulator.progress import API_VERSION, rfc2822
from simulator.rest import checks
from simulator.rest.calls import callback
from simulator.rest.paging import page, within
from simulator.rest.request import ApiError, Request, Response, reply, route
from simulator.webhook import Target

#: What a participant may be asked for when added, and how a document says it.
_OPTIONS: Final = {
    "Label": "participantLabel",
    "Muted": "muted",
    "Beep": "beep",
    "StartConferenceOnEnter": "startConferenceOnEnter",
    "EndConferenceOnExit": "endConferenceOnExit",
    "CallSidToCoach": "coach",
    "WaitUrl": "waitUrl",
    "WaitMethod": "waitMethod",
    "ConferenceStatusCallback": "statusCallback",
    "ConferenceStatusCallbackMethod": "statusCallbackMethod",
    "ConferenceRecord": "record",
}


def show(exchange: Exchange, conference: Conference) -> dict[str, Any]:
    """Return *conference* as the API writes it."""
    uri = f"/2010-04-01/Accounts/{exchange.account.sid}/Conferences/{conference.sid}"
    return {
        "account_sid": exchange.account.sid,
        "api_version": API_VERSION,
        "call_sid_ending_conference": conference.ended_by,
        "date_created": rfc2822(conference.created),
        "date_updated": rfc2822(conference.updated or conference.created),
        "friendly_name": conference.name,
        "reason_conference_ended": conference.reason,
        "region": "us1",
        "sid": conference.sid,
        "status": conference.status,
        "subresource_uris": {"participants": f"{uri}/Participants.json"},
        "uri": f"{uri}.json",
    }


def show_participant(exchange: Exchange, member: Taking) -> dict[str, Any]:
    """Return somebody who takes part as the API writes it."""
    base = f"/2010-04-01/Accounts/{exchange.account.sid}/Conferences/{member.conference.sid}"
    return {
        "account_sid": exchange.account.sid,
        "call_sid": member.leg.sid,
        "call_sid_to_coach": member.coach,
        "coaching": member.coach is not None,
        "conference_sid": member.conference.sid,
        "date_created": rfc2822(member.joined),
        "date_updated": rfc2822(member.joined),
        "end_conference_on_exit": member.ends,
        "hold": member.hold,
        "label": member.label,
        "muted": member.muted,
        "queue_time": None,
        "start_conference_on_enter": member.starts,
        "status": "connected",
        "uri": f"{base}/Participants/{member.leg.sid}.json",
    }


def listing(exchange: Exchange, request: Request) -> Response:
    """List conferences, newest first."""
    name, status = request.get("FriendlyName"), request.get("Status")
    created = within(request, "DateCreated")
    found = [
        c
        for c in reversed(exchange.conferences.values())
        if name in (None, c.name) and status in (None, c.status) and created(c.created)
    ]
    return page(request, "conferences", found, partial(show, exchange))


def fetch(exchange: Exchange, request: Request, sid: str) -> Response:
    """Show one conference."""
    return reply(show(exchange, _conference(exchange, request, sid)))


def update(exchange: Exchange, request: Request, sid: str) -> Response:
    """End a conference, or announce something in it."""
    conference = _conference(exchange, request, sid)
    if request.get("Status") == "completed" and conference.members:
        conferences.end(conference.members[0], "conference-ended-via-api")
    announcement = request.get("AnnounceUrl")
    for member in conference.members if announcement else ():
        member.play(Target(announcement or "", request.get("AnnounceMethod") or "POST"))
    return reply(show(exchange, conference))


def participants(exchange: Exchange, request: Request, sid: str) -> Response:
    """List who takes part."""
    conference = _conference(exchange, request, sid)
    muted, hold = request.flag("Muted"), request.flag("Hold")
    found = [m for m in conference.members if muted in (None, m.muted) and hold in (None, m.hold)]
    return page(request, "participants", found, partial(show_participant, exchange))


def add(exchange: Exchange, request: Request, sid: str) -> Response:
    """Call somebody into a conference, by its identifier or its name."""
    to, from_ = checks.call(exchange, request)
    known = conferences.find(exchange, sid)
    conference = known or conferences.named(exchange, sid)
    leg = calls.place(
        exchange,
        to=to,
        from_=from_,
        document=_document(request, conference.name),
        callback=callback(request),
        timeout=request.number("Timeout", calls.DEFAULT_RING),
    )
    return reply(_expected(exchange, request, conference, leg), 201)


def _document(request: Request, name: str) -> str:
    """Return the document that brings a called participant into the conference."""
    response = Element("Response")
    noun = SubElement(SubElement(response, "Dial"), "Conference")
    noun.text = name
    for option, attribute in _OPTIONS.items():
        if (value := request.get(option)) is not None:
            noun.set(attribute, value)
    events = request.all("ConferenceStatusCallbackEvent")
    if events:
        noun.set("statusCallbackEvent", " ".join(events))
    return tostring(response, encoding="unicode")


def _expected(
    exchange: Exchange, request: Request, conference: Conference, leg: Leg
) -> dict[str, Any]:
    """Return a participant who is still being called."""
    base = f"/2010-04-01/Accounts/{exchange.account.sid}/Conferences/{conference.sid}"
    return {
        "account_sid": exchange.account.sid,
        "call_sid": leg.sid,
        "call_sid_to_coach": request.get("CallSidToCoach"),
        "coaching": request.flag("Coaching") or False,
        "conference_sid": conference.sid,
        "date_created": rfc2822(leg.created),
        "date_updated": rfc2822(leg.created),
        "end_conference_on_exit": request.flag("EndConferenceOnExit") or False,
        "hold": False,
        "label": request.get("Label"),
        "muted": request.flag("Muted") or False,
        "queue_time": None,
        "start_conference_on_enter": request.flag("StartConferenceOnEnter") is not False,
        "status": "queued",
        "uri": f"{base}/Participants/{leg.sid}.json",
    }


def participant(exchange: Exchange, request: Request, sid: str, who: str) -> Response:
    """Show one who takes part, by call or label."""
    return reply(show_participant(exchange, _member(exchange, request, sid, who)))


def change(exchange: Exchange, request: Request, sid: str, who: str) -> Response:
    """Mute, hold or coach one who takes part, or announce something to them."""
    member = _member(exchange, request, sid, who)
    if (muted := request.flag("Muted")) is not None:
        member.muted = muted
        conferences.tell(member, "mute", f"participant-{'mute' if muted else 'unmute'}")
    if (hold := request.flag("Hold")) is not None:
        _hold(member, request.get("HoldUrl"), request.get("HoldMethod"), hold=hold)
    if (ends := request.flag("EndConferenceOnExit")) is not None:
        member.ends = ends
    if (coaching := request.flag("Coaching")) is not None:
        member.coach = request.get("CallSidToCoach") if coaching else None
        conferences.tell(member, "modify", "participant-modify")
    if url := request.get("AnnounceUrl"):
        member.play(Target(url, request.get("AnnounceMethod") or "POST"))
    return reply(show_participant(exchange, member))


def _hold(member: Taking, url: str | None, method: str | None, *, hold: bool) -> None:
    member.hold = hold
    member.silence()
    if hold and url:
        member.play(Target(url, method or "GET"))
    conferences.tell(member, "hold", f"participant-{'hold' if hold else 'unhold'}")


def kick(exchange: Exchange, request: Request, sid: str, who: str) -> Response:
    """Put one who takes part out."""
    _member(exchange, request, sid, who).over("participant_updated_via_api")
    return Response(204)


def _conference(exchange: Exchange, request: Request, key: str) -> Conference:
    conference = conferences.find(exchange, key)
    if conference is None:
        raise ApiError(404, 20404, f"The requested resource {request.path} was not found")
    return conference


def _member(exchange: Exchange, request: Request, key: str, who: str) -> Taking:
    for member in _conference(exchange, request, key).members:
        if who in (member.leg.sid, member.label):
            return member
    raise ApiError(404, 20404, f"The requested resource {request.path} was not found")


ROUTES: Final = (
    route("GET", "Conferences.json", listing),
    route("GET", "Conferences/{}.json", fetch),
    route("POST", "Conferences/{}.json", update),
    route("GET", "Conferences/{}/Participants.json", participants),
    route("POST", "Conferences/{}/Participants.json", add),
    route("GET", "Conferences/{}/Participants/{}.json", participant),
    route("POST", "Conferences/{}/Participants/{}.json", change),
    route("DELETE", "Conferences/{}/Participants/{}.json", kick),
)
