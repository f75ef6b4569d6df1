"""One leg of a call: a telephone that follows TwiML as far as it goes, then waits for a hand.

A document is walked by a generator. Where somebody must act (press a key, speak, hang
up) it yields what it waits for and is sent what they did; what cuts in from elsewhere is
thrown into it, so that it unwinds as a call does. Prompts and pauses take no time.
"""

import datetime as dt
import itertools
import json
import time
from collections.abc import Callable, Generator
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

if TYPE_CHECKING:
    from tests.outside.carrier import Carrier

OVER: Final = {"completed", "busy", "no-answer", "failed", "canceled"}
EVENTS: Final = {"in-progress": "answered", **dict.fromkeys(OVER, "completed")}

Form = dict[str, str]
Goes = tuple[str, Form] | None  # the next document and what it is told; None for the next verb
Walk = Generator[str, Any, Goes]


class HungUp(Exception):
    """Whoever holds this telephone has put it down, or the hotline has ended the call."""


class Redirected(Exception):
    """The hotline leads the call to another document."""


class RoomOver(Exception):
    """The conference this leg is in is over."""


class Left(Exception):
    """`<Leave>`: out of the queue, and on behind it."""


class Leg:
    """A telephone's end of a call.

    Attributes:
        wants: What it waits for: a `key`, a `voice`, its `turn`, the `end` of a conversation.
        heard: What was said or played to it, in order.
        waited: Seconds in the queue by the carrier's watch, once it is out.
    """

    def __init__(self, carrier: "Carrier", sid: str, from_: str, to: str, direction: str) -> None:
        self.carrier, self.sid, self.from_, self.to = carrier, sid, from_, to
        self.direction = direction
        self.status = "ringing" if direction == "inbound" else "queued"
        self.began = dt.datetime.now(dt.UTC)
        self.heard: list[str] = []
        self.wants = ""
        self.waited: float | None = None
        self.address = self.report_to = self.words_to = ""
        self.events = {"completed"}
        self._numbers = itertools.count()
        self._turns = 0
        self._queued_at = 0.0
        self._walk: Walk | None = None

    @property
    def waits(self) -> float:
        """How many seconds it is in a queue by now."""
        return time.monotonic() - self._queued_at

    # ------------------------------------------------------------ hands

    def runs(self, url: str, **told: str) -> None:
        """Begin with the document at *url*."""
        with self.carrier.switch:
            self._walk = self._follow(url, told)
            self._go(None)

    def answers(self) -> None:
        """Take the telephone up."""
        self.becomes("in-progress")
        self.runs(self.address)

    def ignores(self) -> None:
        """Let it ring in vain."""
        self.becomes("no-answer")

    def presses(self, key: str) -> None:
        """Press a key while a document listens; none, to hear it to its end."""
        assert self.wants == "key", f"{self.sid} wants {self.wants!r}"
        self._go(key)

    def speaks(self, seconds: int) -> None:
        """Speak a message after the tone."""
        assert self.wants == "voice", f"{self.sid} wants {self.wants!r}"
        self._go(seconds)

    def says(self, words: str) -> None:
        """Say something that a live transcription hears."""
        said = {"TranscriptionEvent": "transcription-content", "Track": "inbound_track"}
        said |= {"TranscriptionSid": f"GT-{self.sid}", "SequenceId": str(next(self._numbers))}
        said |= {"TranscriptionData": json.dumps({"transcript": words, "confidence": 0.9})}
        self.carrier.tell(self.words_to, {"CallSid": self.sid, **said})

    def hangs_up(self) -> None:
        """Put the telephone down, wherever the call is; twice is once."""
        with self.carrier.switch:
            if self.status not in OVER:
                self.cut(HungUp())

    def cut(self, event: Exception) -> None:
        """Let something from elsewhere cut into what the leg does."""
        with self.carrier.switch:
            try:
                self.wants = self._walk.throw(event) if self._walk else self._ends()
            except (StopIteration, HungUp):
                self._ends()

    def _go(self, event: Any) -> None:
        with self.carrier.switch:
            self._turns += 1
            try:
                self.wants = self._walk.send(event) if self._walk else ""
            except (StopIteration, HungUp):
                self._ends()

    def _ends(self) -> str:
        self.wants = ""
        self.becomes("no-answer" if self.status in {"queued", "ringing"} else "completed")
        return ""

    def is_let_go(self) -> None:
        """Go on behind a conference that is over."""
        self.cut(RoomOver())

    # ------------------------------------------------------------ what is told

    def becomes(self, status: str) -> None:
        """Take a status, and report it where that was asked for."""
        self.status, number = status, next(self._numbers)
        if EVENTS.get(status, status) not in self.events or not self.report_to:
            return
        told = {"CallbackSource": "call-progress-events", "SequenceNumber": str(number)}
        told["Timestamp"] = format_datetime(dt.datetime.now(dt.UTC))
        if status in OVER:
            told |= {"CallDuration": "1", "Duration": "1"}
        self.carrier.tell(self.report_to, {**self._form(), **told})

    def _form(self) -> Form:
        told = {"CallSid": self.sid, "From": self.from_, "To": self.to}
        told |= {"Caller": self.from_, "Called": self.to, "Direction": self.direction}
        return told | {"CallStatus": self.status, "FromCity": "", "FromCountry": "CN"}

    def hears(self, url: str, told: Form | None = None) -> Element:
        """Ask for a document; a caller's first one takes the telephone up."""
        document = self.carrier.document(url, {**self._form(), **(told or {})})
        if self.status == "ringing" and self.direction == "inbound":
            self.status = "in-progress"
        return document

    def _recording(self, seconds: int) -> Form:
        sid = f"RE-{self.sid}"
        url = f"{self.carrier.url}/2010-04-01/Accounts/{self.carrier.account}/Recordings/{sid}"
        return {"RecordingSid": sid, "RecordingUrl": url, "RecordingDuration": str(seconds)}

    def _report_recording(self, url: str, verb: Element, seconds: int) -> None:
        report_to = verb.get("recordingStatusCallback")
        if report_to:
            told = {"CallSid": self.sid, "RecordingStatus": "completed", "ErrorCode": "0"}
            told["RecordingSource"] = f"{verb.tag}Verb"
            told["RecordingChannels"] = "2" if verb.tag == "Dial" else "1"
            self.carrier.tell(urljoin(url, report_to), {**told, **self._recording(seconds)})

    # ------------------------------------------------------------ walking

    def _follow(self, url: str, told: Form) -> Walk:
        goes: Goes = (url, told)
        while goes:
            try:
                goes = yield from self._page(*goes)
            except Redirected as elsewhere:
                goes = (str(elsewhere), {})
        return None

    def _page(self, url: str, told: Form) -> Walk:
        """Walk one document, and return where it leads; nowhere is the end."""
        for verb in self.hears(url, told):
            goes = yield from self._do(url, verb)
            if goes is not None:
                return goes
        return None

    def _do(self, url: str, verb: Element) -> Walk:
        if verb.tag in AT_ONCE:
            return AT_ONCE[verb.tag](self, url, verb)
        if verb.tag in WAITING:
            return (yield from WAITING[verb.tag](self, url, verb))
        raise AssertionError(f"{url}: <{verb.tag}> is no verb of this carrier")

    def _say(self, url: str, verb: Element) -> Goes:
        words = (verb.text or "").strip()
        self.heard.append(urljoin(url, words) if verb.tag == "Play" else words)
        return None

    def _start(self, url: str, verb: Element) -> Goes:
        self.words_to = urljoin(url, verb[0].get("statusCallbackUrl", ""))
        return None

    def _leave(self, _url: str, _verb: Element) -> Goes:
        raise Left

    def _hangup(self, _url: str, _verb: Element) -> Goes:
        raise HungUp

    def _gather(self, url: str, verb: Element) -> Walk:
        for prompt in verb:
            yield from self._do(url, prompt)
        key = yield "key"
        if not key:
            return None
        return urljoin(url, verb.get("action", "")), {"Digits": key, "FinishedOnKey": ""}

    def _record(self, url: str, verb: Element) -> Walk:
        seconds = yield "voice"
        self._report_recording(url, verb, seconds)
        return urljoin(url, verb.get("action", "")), {**self._recording(seconds), "Digits": "#"}

    def _enqueue(self, url: str, verb: Element) -> Walk:
        """Wait until something ends the wait; the action is told how it ended."""
        action = urljoin(url, verb.get("action", ""))
        queue, self._queued_at = self.carrier.queues[(verb.text or "").strip()], time.monotonic()
        queue.append(self)
        try:
            result = yield from self._waits(url, verb, queue)
        except (HungUp, Redirected) as event:
            gone = isinstance(event, HungUp)
            self.status = "completed" if gone else self.status
            self.hears(action, self._out_of(queue, "hangup" if gone else "redirected"))
            raise
        return action, self._out_of(queue, result)

    def _waits(self, url: str, verb: Element, queue: list["Leg"]) -> Generator[str, Any, str]:
        """Hear the wait document over and over."""
        try:
            while True:
                turns = self._turns
                told = {"QueueSid": "QU1", "QueueTime": "0", "QueuePosition": str(len(queue))}
                goes: Goes = (urljoin(url, verb.get("waitUrl", "")), told)
                while goes:
                    goes = yield from self._page(*goes)
                if self._turns == turns:
                    yield "turn"  # a document that takes no time would be asked for without end
        except Left:
            return "leave"

    def _out_of(self, queue: list["Leg"], result: str) -> Form:
        if self in queue:
            queue.remove(self)
            self.waited = time.monotonic() - self._queued_at
        told = {"QueueResult": result, "QueueTime": str(int(self.waited or 0))}
        return told | ({"QueueSid": "QU1"} if self.carrier.announces else {})

    def _dial(self, url: str, verb: Element) -> Walk:
        """Enter a conference, the only thing that is dialled here, until it is over or left."""
        (noun,) = verb
        assert noun.tag == "Conference", f"{url}: <{noun.tag}> is not dialled here"
        action, room = urljoin(url, verb.get("action", "")), self.carrier.room(noun.text or "")
        room.enters(self, url, noun)
        told = {"DialCallStatus": "answered"}
        try:
            yield "end"
        except RoomOver:
            room.leaves(self, "moderator_ended_conference")
        except HungUp:
            room.leaves(self)
            if self.carrier.announces:  # some tell the end of a Dial to nobody any more
                self.status = "completed"
                self.hears(action, told)
            raise
        except Redirected:
            room.leaves(self, "participant_updated_via_api")
            raise
        return action, told


AT_ONCE: Final[dict[str, Callable[[Leg, str, Element], Goes]]] = {
    "Say": Leg._say,
    "Play": Leg._say,
    "Pause": lambda _leg, _url, _verb: None,
    "Start": Leg._start,
    "Redirect": lambda _leg, url, verb: (urljoin(url, (verb.text or "").strip()), {}),
    "Hangup": Leg._hangup,
    "Leave": Leg._leave,
}
WAITING: Final[dict[str, Callable[[Leg, str, Element], Walk]]] = {
    "Gather": Leg._gather,
    "Record": Leg._record,
    "Enqueue": Leg._enqueue,
    "Dial": Leg._dial,
}
