"""The carrier over Twilio's REST API, or whoever speaks it at another address."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit, urlunsplit

import requests
import structlog

from hotline.telephony import errors, sound
from hotline.telephony.port import (
    CarrierBusy,
    CarrierCall,
    CarrierError,
    CarrierMessage,
    CarrierRecording,
    CarrierRefused,
    CarrierUncertain,
    Sent,
)
from hotline.telephony.progress import whole

log = structlog.get_logger()

PATIENCE: Final = 10  # seconds; the library would wait for ever
PAGE: Final = 1000  # the most that the carrier puts on one page of a list; all pages are read
DAY: Final = dt.timedelta(days=1)
CALL_EVENTS: Final = ["initiated", "ringing", "answered", "completed"]
RECORD_ON: Final = {"status": "in-progress"}
T = TypeVar("T")


class TwilioCarrier:
    """A client of one account; nothing is loaded or opened before the first request.

    Raises:
        CarrierRefused, CarrierBusy, CarrierUncertain: By every method, see `port.py`.
    """

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        number: str,
        *,
        api_key: str = "",
        api_secret: str = "",
        api_url: str = "https://api.twilio.com",
        http_client: Any = None,
    ) -> None:
        """Sign in by API key if there is one, as the account otherwise."""
        self._login = (api_key, api_secret) if api_key else (account_sid, auth_token)
        self._account = account_sid
        self._number = number
        self._api_url = api_url
        self._http = http_client

    @cached_property
    def _client(self) -> Any:
        from twilio.rest import Client

        return Client(
            *self._login,
            account_sid=self._account,
            http_client=self._http or _http_client(self._api_url),
        )

    def send_sms(self, to: str, body: str, *, status_callback: str, valid_for: int) -> Sent:
        """Hand over one SMS that dies after *valid_for* seconds."""
        message = self._ask(
            lambda: self._client.messages.create(
                to=to,
                from_=self._number,
                body=body,
                status_callback=status_callback,
                validity_period=valid_for,
            ),
            creates=True,
        )
        segments = str(message.num_segments or "")
        return Sent(message.sid, int(segments) if segments.isdecimal() else None)

    def place_call(
        self,
        to: str,
        *,
        url: str,
        status_callback: str,
        timeout: int,
        time_limit: int | None = None,
    ) -> str:
        """Ring *to* for *timeout* seconds, run the document at *url*, return the call's id."""
        call = self._ask(
            lambda: self._client.calls.create(
                to=to,
                from_=self._number,
                url=url,
                timeout=timeout,
                status_callback=status_callback,
                status_callback_event=CALL_EVENTS,
                **_given({"time_limit": time_limit}),
            ),
            creates=True,
        )
        return str(call.sid)

    def redirect_call(self, sid: str, url: str) -> None:
        """Let a live call run the document at *url*."""
        self._ask(lambda: self._client.calls(sid).update(url=url, method="POST"))

    def end_call(self, sid: str) -> None:
        """Hang up."""
        self._ask(lambda: self._client.calls(sid).update(status="completed"))

    def find_conference(self, name: str) -> str | None:
        """Return the id of the live conference called *name*, None if there is none."""
        asked = {"friendly_name": name, "status": "in-progress", "limit": 1}
        found = self._ask(lambda: self._client.conferences.list(**asked))
        return str(found[0].sid) if found else None

    def adjust_participant(
        self,
        conference: str,
        sid: str,
        *,
        hold: bool | None = None,
        hold_url: str | None = None,
        muted: bool | None = None,
        coaching: str | None = None,
    ) -> None:
        """Change how the call *sid* takes part in a conference; None leaves a thing as it is."""
        changes = _given(
            {
                "hold": hold,
                "hold_url": hold_url,
                "hold_method": "POST" if hold_url else None,
                "muted": muted,
                "coaching": None if coaching is None else bool(coaching),
                "call_sid_to_coach": coaching or None,
            }
        )
        room = self._client.conferences(conference)
        self._ask(lambda: room.participants(sid).update(**changes))

    def list_sms(
        self, since: dt.datetime, until: dt.datetime | None = None, *, to: str | None = None
    ) -> Sequence[CarrierMessage]:
        """List every SMS of a time, newest first; with *to* those to one number."""
        asked = {"date_sent_after": since, "date_sent_before": _midnight_after(until), "to": to}
        found = self._ask(lambda: self._client.messages.list(page_size=PAGE, **_given(asked)))
        return [
            CarrierMessage(
                sid=m.sid,
                to=m.to,
                body=m.body or "",
                sent_at=m.date_sent,
                status=str(m.status),
                from_=m.from_ or "",
                error=whole(str(m.error_code)),
            )
            for m in found
        ]

    def list_calls(
        self, since: dt.datetime, until: dt.datetime | None = None
    ) -> Sequence[CarrierCall]:
        """List every call of a time, newest first."""
        asked = {"start_time_after": since, "start_time_before": _midnight_after(until)}
        found = self._ask(lambda: self._client.calls.list(page_size=PAGE, **_given(asked)))
        return [_call(one) for one in found]

    def fetch_call(self, sid: str) -> CarrierCall | None:
        """Return what the carrier says of a call, None if it knows of no such call."""
        try:
            return _call(self._ask(lambda: self._client.calls(sid).fetch()))
        except CarrierRefused as refusal:
            if refusal.code in errors.UNKNOWN:
                return None
            raise

    def list_recordings(
        self, since: dt.datetime, until: dt.datetime | None = None
    ) -> Sequence[CarrierRecording]:
        """List every recording of a time that still has its sound, newest first."""
        asked = {"date_created_after": since, "date_created_before": _midnight_after(until)}
        found = self._ask(lambda: self._client.recordings.list(page_size=PAGE, **_given(asked)))
        return [_recording(one) for one in found]

    def fetch_recording(self, sid: str, *, largest: int) -> Iterator[bytes]:
        """Yield the sound of a recording, a WAV file of at most *largest* bytes, in pieces.

        It is fetched by its id from the configured address: an address that a webhook
        names is never called with our login.
        """
        url = f"{self._api_url}/2010-04-01/Accounts/{self._account}/Recordings/{sid}.wav"
        return sound.pieces(self._client.http_client.session, url, self._login, largest=largest)

    def delete_recording(self, sid: str) -> None:
        """Delete the sound of a recording; one that is gone already is no error."""
        try:
            self._ask(lambda: self._client.recordings(sid).delete())
        except CarrierRefused as refusal:
            if refusal.code not in errors.UNKNOWN:
                raise

    def hold_recording(self, sid: str, *, conference: bool, paused: bool) -> None:
        """Record silence in place of a live call or conference from now on, or its sound again."""
        whose = self._client.conferences if conference else self._client.calls
        what = {"status": "paused", "pause_behavior": "silence"} if paused else RECORD_ON
        self._ask(lambda: whose(sid).recordings("Twilio.CURRENT").update(**what))

    def _ask(self, request: Callable[[], T], *, creates: bool = False) -> T:
        from twilio.base.exceptions import TwilioException

        try:
            return request()
        except requests.RequestException as error:
            raise _lost(error, creates=creates) from error
        except TwilioException as error:
            status, code = _status(error), getattr(error, "code", None)
            log.warning("carrier.refused", status=status, code=code)
            raise errors.read(status, code, creates=creates) from error


def _midnight_after(moment: dt.datetime | None) -> dt.datetime | None:
    """Return the end of the day of *moment* in UTC: a carrier may read the date alone."""
    if moment is None:
        return None
    return dt.datetime.combine(moment.astimezone(dt.UTC).date() + DAY, dt.time(), dt.UTC)


def _given(asked: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in asked.items() if value is not None}


def _call(shown: Any) -> CarrierCall:
    return CarrierCall(
        sid=shown.sid,
        to=shown.to or "",
        started_at=shown.date_created or shown.start_time,
        status=str(shown.status),
        from_=getattr(shown, "_from", "") or "",
        direction=str(shown.direction),
        ended_at=shown.end_time,
    )


def _recording(shown: Any) -> CarrierRecording:
    return CarrierRecording(
        sid=shown.sid,
        call_sid=shown.call_sid,
        conference_sid=shown.conference_sid,
        started_at=shown.start_time or shown.date_created,
        seconds=whole(shown.duration) or 0,
        status=str(shown.status),
        source=str(shown.source),
    )


def _status(error: Exception) -> int:
    """Return the HTTP status of an error answer; a list carries it in the answer itself."""
    answer = error.args[-1] if error.args else None
    found = getattr(error, "status", None) or getattr(answer, "status_code", None)
    return int(found or errors.SERVER)


def _lost(error: requests.RequestException, *, creates: bool) -> CarrierError:
    """Return what a broken connection means: before it stood, nothing was sent."""
    from urllib3.exceptions import NewConnectionError

    reason = getattr(error.args[0] if error.args else None, "reason", None)
    never_stood = isinstance(error, requests.ConnectTimeout) or isinstance(
        reason, NewConnectionError
    )
    log.warning("carrier.lost", error=type(error).__name__, connected=not never_stood)
    if creates and not never_stood:
        return CarrierUncertain(type(error).__name__)
    return CarrierBusy()


def _http_client(api_url: str) -> Any:
    from twilio.http.http_client import TwilioHttpClient

    place = urlsplit(api_url)

    class Elsewhere(TwilioHttpClient):  # type: ignore[misc] # the library says no types
        """The library's client, pointed at the configured address."""

        def request(self, method: str, url: str, **given: Any) -> Any:
            """Send the request to the same path below the other address.

            A page of a list names the next one, and may do so by its whole path.
            """
            parts = urlsplit(url)
            below = parts.path.startswith(f"{place.path}/") if place.path else True
            path = parts.path if below else place.path + parts.path
            there = (place.scheme, place.netloc, path, parts.query, "")
            return super().request(method, urlunsplit(there), **given)

    return Elsewhere(timeout=PATIENCE)
