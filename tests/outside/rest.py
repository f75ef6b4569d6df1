"""The REST API of our own carrier: what the hotline asks of it, as the protocol writes it.

Requests are forms, answers are JSON; numbers are texts and moments are RFC 2822.
"""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlsplit

from tests.outside.line import Leg, Redirected

if TYPE_CHECKING:
    from tests.outside.carrier import Carrier, Sms
    from tests.outside.room import Room

BASE: Final = "/api/laml"  # some carriers have theirs below a path
PLACE: Final = re.compile(
    rf"{BASE}/2010-04-01/Accounts/([^/]+)/(Messages|Calls|Conferences)(?:/([^/]+))?"
    r"(?:/Participants/([^/]+))?\.json"
)
LONGEST_BODY: Final = 1600

NOT_FOUND: Final = (404, 20404, "The requested resource was not found")
NOT_VALID: Final = (400, 21211, "The 'To' number is not valid")
TOO_LONG: Final = (400, 21617, "The message body is empty or too long")
NOT_LIVE: Final = (400, 21220, "Call is not in-progress")
STRANGER: Final = (401, 20003, "Authenticate")
BUSY: Final = {429: (429, 20429, "Too many requests"), 503: (503, 20503, "Service unavailable")}

Reply = tuple[int, dict[str, Any]]


@dataclass(frozen=True)
class Asked:
    """One REST request of the account's owner."""

    kind: str
    sid: str
    party: str
    given: Mapping[str, list[str]]

    @property
    def form(self) -> dict[str, str]:
        """Return the first value of each field."""
        return {name: values[0] for name, values in self.given.items()}


def create(carrier: "Carrier", asked: Asked) -> Reply:
    """Answer a POST."""
    to = asked.form.get("To", "")
    if asked.party:
        return change_party(carrier, asked)
    if asked.sid:
        return change_call(carrier, asked)
    if carrier.refusals[to]:
        return refusal(BUSY[carrier.refusals[to].pop(0)])
    if not to.startswith(("+", "client:")) or asked.form.get("From") != carrier.number:
        return refusal(NOT_VALID)
    return send_sms(carrier, asked) if asked.kind == "Messages" else place_call(carrier, asked)


def send_sms(carrier: "Carrier", asked: Asked) -> Reply:
    """Take an SMS, and report in a moment how far it came."""
    form = asked.form
    if not 0 < len(form.get("Body", "")) <= LONGEST_BODY:
        return refusal(TOO_LONG)
    sms = carrier.takes(form["To"], form["Body"], form.get("StatusCallback", ""))
    return 201, shown_sms(sms, carrier.account)


def place_call(carrier: "Carrier", asked: Asked) -> Reply:
    """Let a telephone ring until somebody does something."""
    form = asked.form
    leg = carrier.leg(form["From"], form["To"], "outbound-api")
    leg.address, leg.report_to = form["Url"], form.get("StatusCallback", "")
    leg.events = set(asked.given.get("StatusCallbackEvent", ["completed"]))
    carrier.later(leg.answers if leg.to.startswith("client:") else lambda: leg.becomes("ringing"))
    return 201, shown_call(leg, carrier.account)


def change_call(carrier: "Carrier", asked: Asked) -> Reply:
    """Lead a call elsewhere, or end it."""
    leg = carrier.legs.get(asked.sid)
    if leg is None:
        return refusal(NOT_FOUND)
    if asked.form.get("Status") in {"completed", "canceled"}:
        carrier.later(leg.hangs_up)
    elif leg.status != "in-progress":
        return refusal(NOT_LIVE)
    else:
        url = asked.form["Url"]
        carrier.later(lambda: leg.cut(Redirected(url)))
    return 200, shown_call(leg, carrier.account)


def change_party(carrier: "Carrier", asked: Asked) -> Reply:
    """Hold somebody in a conference, or let them hear again."""
    room = next((room for room in carrier.rooms.values() if room.sid == asked.sid), None)
    leg = carrier.legs.get(asked.party)
    if room is None or leg not in room.members:
        return refusal(NOT_FOUND)
    hold = asked.form.get("Hold") == "true"
    (room.held.add if hold else room.held.discard)(leg)
    return 200, shown_party(leg, room, carrier.account)


def look_up(carrier: "Carrier", asked: Asked) -> Reply:
    """Answer a GET: one thing, or a list of those to a number."""
    if asked.kind == "Conferences":
        found = [room for room in carrier.rooms.values() if room.name == asked.form["FriendlyName"]]
        rooms = [shown_room(room, carrier.account) for room in found]
        return 200, {"conferences": rooms, "page": 0, "page_size": 50, "next_page_uri": None}
    if not carrier.lists or asked.kind == "Recordings":
        return refusal(NOT_FOUND)
    rows = [shown_sms(sms, carrier.account) for sms in carrier.texts]
    if asked.kind == "Calls":
        rows = [shown_call(leg, carrier.account) for leg in carrier.legs.values()]
    if asked.sid:
        found = [row for row in rows if row["sid"] == asked.sid]
        return (200, found[0]) if found else refusal(NOT_FOUND)
    kept = [row for row in rows[::-1] if asked.form.get("To") in {None, row["to"]}]
    return 200, {asked.kind.lower(): kept, "page": 0, "page_size": 50, "next_page_uri": None}


def shown_sms(sms: "Sms", account: str) -> dict[str, Any]:
    """Return an SMS as it is shown."""
    at = format_datetime(sms.at)
    return {
        "sid": sms.sid, "account_sid": account, "from": sms.from_, "to": sms.to,
        "body": sms.body, "status": sms.status, "direction": sms.direction,
        "num_segments": "1", "num_media": "0", "error_code": None, "error_message": None,
        "date_created": at, "date_sent": at, "date_updated": at, "price": None,
    }  # fmt: skip


def shown_call(leg: Leg, account: str) -> dict[str, Any]:
    """Return a call as it is shown."""
    at = format_datetime(leg.began)
    return {
        "sid": leg.sid, "account_sid": account, "from": leg.from_, "to": leg.to,
        "status": leg.status, "direction": leg.direction, "start_time": at, "end_time": None,
        "duration": None, "date_created": at, "date_updated": at, "parent_call_sid": None,
    }  # fmt: skip


def shown_room(room: "Room", account: str) -> dict[str, Any]:
    """Return a live conference as it is shown."""
    return {
        "sid": room.sid, "account_sid": account, "friendly_name": room.name,
        "status": "in-progress", "date_created": None, "date_updated": None,
    }  # fmt: skip


def shown_party(leg: Leg, room: "Room", account: str) -> dict[str, Any]:
    """Return somebody in a conference as they are shown."""
    return {
        "call_sid": leg.sid, "conference_sid": room.sid, "account_sid": account,
        "hold": leg in room.held, "muted": False, "coaching": False, "status": "connected",
    }  # fmt: skip


def refusal(why: tuple[int, int, str]) -> Reply:
    """Return an error as it is shown."""
    status, code, message = why
    return status, {"code": code, "message": message, "status": status, "more_info": ""}


def handler_of(carrier: "Carrier") -> type[BaseHTTPRequestHandler]:
    """Return what reads the requests to *carrier*."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer(look_up)

        def do_POST(self) -> None:
            self._answer(create)

        def _answer(self, work: Any) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            found = PLACE.fullmatch(parts.path)
            if self.headers.get("Authorization") != _login(carrier):
                status, shown = refusal(STRANGER)
            elif found is None or found[1] != carrier.account:
                status, shown = refusal(NOT_FOUND)
            else:
                given = parse_qs(parts.query) | parse_qs(body)
                status, shown = work(
                    carrier, Asked(found[2], found[3] or "", found[4] or "", given)
                )
            self._write(status, json.dumps(shown).encode())

        def _write(self, status: int, text: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler


def _login(carrier: "Carrier") -> str:
    return "Basic " + base64.b64encode(f"{carrier.account}:{carrier.token}".encode()).decode()
