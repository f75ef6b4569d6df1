"""A carrier of our own making, written from the protocol's description alone.

It shares no line with `simulator/`: whatever both carriers and the hotline misread alike
would stay hidden. It calls signed webhooks by HTTP; `rest.py` is what it is asked, and
`line.py` what a telephone does with TwiML. Sources: the contract, sections 2 and 3; the
protocol reference, sections 1 to 5.
"""

import base64
import datetime as dt
import hashlib
import hmac
import itertools
import queue
import threading
import time
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from typing import Any, Final, NamedTuple, Self
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

from tests.outside import rest
from tests.outside.line import Form, Leg
from tests.outside.room import Room


class Answer(NamedTuple):
    """What the hotline answered to a webhook."""

    status: int
    kind: str
    body: str

    @property
    def usable(self) -> bool:
        """Whether a carrier can do something with it."""
        return (self.status == 204 and not self.body) or (self.status == 200 and "xml" in self.kind)


GIVEN_UP: Final = dt.timedelta(minutes=3)


@dataclass
class Sms:
    """One SMS that this carrier has taken."""

    sid: str
    from_: str
    to: str
    body: str
    direction: str
    status: str = "queued"
    report_to: str = ""
    at: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))


class Carrier:
    """One account with one number, and everybody who telephones.

    Attributes:
        lists: Whether the REST API lists what it has; some carriers' does not.
        announces: Whether all is told that may be; some carriers leave out numbers,
            reasons, and the end of a Dial whose caller is gone.
        refusals: Statuses that the next requests to a number are refused with.
        complaints: What went wrong in what the carrier does by itself.
    """

    def __init__(self, account: str, token: str, number: str, *, lists: bool = True) -> None:
        self.account, self.token, self.number, self.lists = account, token, number, lists
        self.app_url = ""
        self.announces = True
        self.refusals: dict[str, list[int]] = defaultdict(list)
        self.complaints: list[str] = []
        self.texts: list[Sms] = []
        self.legs: dict[str, Leg] = {}
        self.queues: dict[str, list[Leg]] = defaultdict(list)
        self.rooms: dict[str, Room] = {}
        self.switch = threading.RLock()  # one thing at a time happens to the legs
        self._held: list[tuple[str, Form]] | None = None
        self._sids = itertools.count(1)
        self._errands: queue.Queue[Callable[[], object] | None] = queue.Queue()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), rest.handler_of(self))
        self._threads = [
            threading.Thread(target=self._server.serve_forever, args=(0.05,)),
            threading.Thread(target=self._run_errands),
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._errands.put(None)
        for thread in self._threads:
            thread.join()

    @property
    def url(self) -> str:
        """Where the REST API is: `TWILIO_API_URL`."""
        return f"http://127.0.0.1:{self._server.server_port}{rest.BASE}"

    def sid(self, prefix: str) -> str:
        """Return a new id; opaque, as ids of other carriers are."""
        return f"{prefix}-outside-{next(self._sids):05d}"

    # ------------------------------------------------------------ webhooks

    def post(self, url: str, form: Mapping[str, str], *, signature: str | None = None) -> Answer:
        """Post a webhook, signed unless another *signature* is given."""
        form = {"AccountSid": self.account, "ApiVersion": "2010-04-01", **form}
        request = urllib.request.Request(  # noqa: S310 - our own loopback address
            url,
            urlencode(form).encode(),
            {
                "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
                "User-Agent": "TwilioProxy/1.1",
                "X-Twilio-Signature": self.sign(url, form) if signature is None else signature,
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=15) as answer:  # noqa: S310 - the same
                return _read(answer.status, answer)
        except urllib.error.HTTPError as error:
            with error:
                return _read(error.code, error)

    def sign(self, url: str, form: Mapping[str, str]) -> str:
        """Sign as the protocol says: the address, then each field's name and value by name."""
        signed = url + "".join(name + form[name] for name in sorted(form))
        digest = hmac.new(self.token.encode(), signed.encode(), hashlib.sha1).digest()
        return base64.b64encode(digest).decode()

    def tell(self, url: str, form: Mapping[str, str]) -> str:
        """Make a callback, or ask for a document; return what may be one.

        Raises:
            AssertionError: No carrier could use the answer.
        """
        if self._held is not None:
            self._held.append((url, dict(form)))
            return ""
        answer = self.post(url, form)
        assert answer.usable, f"{url}: {answer}"
        return answer.body if answer.status == 200 else ""

    def document(self, url: str, form: Mapping[str, str]) -> ET.Element:
        """Ask for TwiML; no answer is an empty document."""
        text = self.tell(url, form) or "<?xml version='1.0'?><Response/>"
        root = ET.fromstring(text)  # noqa: S314 - the hotline's own
        assert text.startswith("<?xml"), f"{url}: {text}"
        assert root.tag == "Response", f"{url}: {text}"
        return root

    def hold(self) -> None:
        """Keep back every webhook from now on."""
        self._held = []

    def release(self) -> None:
        """Deliver what was kept back: twice, the last first."""
        held, self._held = self._held or [], None
        for url, form in held[::-1] * 2:
            self.tell(url, form)

    def later(self, errand: Callable[[], object]) -> None:
        """Do something in a moment, as a carrier does after its answer to a request."""
        self._errands.put(errand)

    def _run_errands(self) -> None:
        while (errand := self._errands.get()) is not None:
            try:
                errand()
            except Exception as error:  # noqa: BLE001 - told at the end of the test
                self.complaints.append(f"{type(error).__name__}: {error}")

    # ------------------------------------------------------------ the public

    def leg(self, from_: str, to: str, direction: str) -> Leg:
        """Connect a telephone; a caller's end is reported to the hotline's number."""
        leg = Leg(self, self.sid("CA"), from_, to, direction)
        leg.report_to = f"{self.app_url}/phone/status"
        self.legs[leg.sid] = leg
        return leg

    def room(self, name: str) -> Room:
        """Return the conference of a name, begun now if there is none."""
        return self.rooms.setdefault(name.strip(), Room(self, name.strip(), self.sid("CF")))

    def calls(self, from_: str) -> Leg:
        """Let somebody call the hotline; they hear the greeting to its end."""
        leg = self.leg(from_, self.number, "inbound")
        leg.runs(f"{self.app_url}/phone/voice")
        if leg.wants == "key":
            leg.presses("")  # they speak Chinese
        return leg

    def calls_by_mistake(self, from_: str) -> Leg:
        """Let somebody hang up in the middle of the greeting."""
        leg = self.leg(from_, self.number, "inbound")
        leg.hears(f"{self.app_url}/phone/voice")
        leg.hangs_up()
        return leg

    def calls_in_vain(self, from_: str) -> Leg:
        """Let somebody call whose first document could not be had: the fallback takes over."""
        leg = self.leg(from_, self.number, "inbound")
        failed = {"ErrorCode": "11200", "ErrorUrl": f"{self.app_url}/phone/voice"}
        leg.runs(f"{self.app_url}/phone/voice/fallback", **failed)
        return leg

    def writes(self, from_: str, body: str, *, sid: str | None = None, lost: bool = False) -> None:
        """Let somebody write to the hotline; a *lost* webhook was given up a while ago."""
        sms = Sms(sid or self.sid("SM"), from_, self.number, body, "inbound", "received")
        sms.at -= GIVEN_UP if lost else dt.timedelta()
        self.texts.append(sms)
        form = {"MessageSid": sms.sid, "SmsSid": sms.sid, "SmsMessageSid": sms.sid}
        form |= {"From": from_, "To": self.number, "Body": body, "SmsStatus": "received"}
        if not lost:
            self.tell(f"{self.app_url}/phone/sms", {**form, "NumMedia": "0", "NumSegments": "1"})

    def takes(self, to: str, body: str, report_to: str) -> Sms:
        """Take an SMS for somebody, and report how far it came."""
        sms = Sms(self.sid("SM"), self.number, to, body, "outbound-api", report_to=report_to)
        self.texts.append(sms)
        self.later(lambda: self._deliver(sms))
        return sms

    def _deliver(self, sms: Sms) -> None:
        for sms.status in ("sent", "delivered"):
            form = {"MessageSid": sms.sid, "SmsSid": sms.sid, "MessageStatus": sms.status}
            form |= {"SmsStatus": sms.status, "From": sms.from_, "To": sms.to}
            self.tell(sms.report_to, form)

    def inbox(self, number: str) -> list[str]:
        """Return the SMS that reached a telephone, in order."""
        return [sms.body for sms in self.texts if sms.to == number and sms.direction != "inbound"]

    def hears(self, number: str, words: str) -> str:
        """Wait until a telephone has an SMS with *words*."""

        def look() -> str | None:
            return next((body for body in self.inbox(number) if words in body), None)

        return str(self.wait(look, f"{number} to hear {words!r}"))

    def rings(self, number: str) -> Leg:
        """Wait until a telephone rings, and return its leg."""

        def look() -> Leg | None:
            legs = [leg for leg in list(self.legs.values()) if leg.to == number]
            return next((leg for leg in legs if leg.status == "ringing"), None)

        leg: Leg = self.wait(look, f"{number} to ring")
        return leg

    def wait(self, look: Callable[[], Any], what: str, seconds: float = 30) -> Any:
        """Look until there is something to see, and return it; a complaint ends the wait."""
        until = time.monotonic() + seconds
        while not (found := look()):
            assert not self.complaints, self.complaints
            assert time.monotonic() < until, f"waited {seconds} s for {what}"
            time.sleep(0.05)
        return found


def _read(status: int, answer: Any) -> Answer:
    return Answer(status, answer.headers["Content-Type"] or "", str(answer.read().decode()))
