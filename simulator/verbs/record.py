"""Record: a message for later."""

from typing import Final
from xml.etree.ElementTree import Element

from simulator import progress, recordings, speech
from simulator.agenda import Appointment
from simulator.interpreter import Run, verb
from simulator.leg import HANGUP, Activity

_SILENCE: Final = "5"
_LONGEST: Final = "3600"
_ALL_KEYS: Final = "1234567890*#"
_SECONDS_PER_CHARACTER: Final = 0.25


@verb("Record")
def record(run: Run, element: Element) -> bool:
    """Record what the person says until they fall silent, press a key or hang up."""
    run.answer()
    recording = Taping(run, element)
    run.act(recording)
    recording.begin()
    return False


class Taping(Activity):
    """A recording runs."""

    name = "recording"

    def __init__(self, run: Run, element: Element) -> None:
        self._run = run
        self._element = element
        self._spoke = False
        self._timer: Appointment | None = None
        self._keys = element.get("finishOnKey", _ALL_KEYS)
        callback = element.get("recordingStatusCallback")
        self._recording = recordings.begin(
            run.exchange,
            run.leg,
            "RecordVerb",
            callback=run.source.relative(callback, element.get("recordingStatusCallbackMethod"))
            if callback
            else None,
            events=element.get("recordingStatusCallbackEvent", ""),
        )

    def begin(self) -> None:
        """Listen; a scripted caller says everything they have left."""
        words = list(self._run.leg.script.words)
        self._run.leg.script.words.clear()
        for text in words:
            speech.utter(self._run.exchange, self._run.leg, text)
        self._wait(sum(map(len, words)) * _SECONDS_PER_CHARACTER)

    def hear_words(self, words: str) -> None:
        """Take words into the recording and wait for the silence after them."""
        self._spoke = True
        self._wait(len(words) * _SECONDS_PER_CHARACTER)

    def hear_digits(self, digits: str) -> None:
        """End the recording with the key pressed."""
        key = next((key for key in digits if key in self._keys), None)
        if key is not None:
            self._hand_in(key)

    def leave(self, why: str) -> None:
        """End the recording; a caller who hung up still has left a message."""
        self._stop()
        if why == HANGUP:
            extra = self._result("hangup")
            params = progress.standard(self._run.exchange, self._run.leg) | extra
            target = self._run.target(self._element)
            self._run.exchange.post.send("voice.record.action", target, params)

    def _wait(self, seconds: float) -> None:
        if self._timer:
            self._timer.cancel()
        silence = float(self._element.get("timeout", _SILENCE))
        longest = float(self._element.get("maxLength", _LONGEST))
        wait = min(seconds + silence, longest)
        self._timer = self._run.exchange.agenda.after(wait, self._silent)

    def _silent(self) -> None:
        if self._spoke:
            self._hand_in("")
            return
        # An empty recording asks for nothing: the verb after it follows.
        self._stop("absent")
        if self._run.rest_from(self):
            self._run.proceed()

    def _hand_in(self, key: str) -> None:
        self._stop()
        if self._run.rest_from(self):
            target = self._run.target(self._element)
            self._run.follow(target, "voice.record.action", self._result(key))

    def _result(self, key: str) -> dict[str, str]:
        sid = self._recording.sid
        return {
            "RecordingUrl": recordings.address(self._run.exchange, sid),
            "RecordingSid": sid,
            "RecordingDuration": str(self._recording.seconds),
            "Digits": key,
        }

    def _stop(self, status: str = "completed") -> None:
        if self._timer:
            self._timer.cancel()
        recordings.complete(self._run.exchange, self._recording, status)
