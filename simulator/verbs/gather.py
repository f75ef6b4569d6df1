"""Gather: a question, and the keys or words that answer it."""

from functools import partial
from typing import Final
from xml.etree.ElementTree import Element

from simulator import speech
from simulator.agenda import Appointment
from simulator.interpreter import Run, verb
from simulator.leg import Activity
from simulator.verbs.sound import sounded

_TIMEOUT: Final = "5"
_CONFIDENCE: Final = "0.9128386"


@verb("Gather")
def gather(run: Run, element: Element) -> bool:
    """Ask, and listen until the answer is complete or the time is over."""
    run.answer()
    heard_before = len(run.leg.heard)
    seconds = sum(sounded(run, prompt) for prompt in element if prompt.tag in _PROMPTS)
    run.leg.questions += 1
    question = "\n".join(run.leg.heard[heard_before:] or run.leg.heard[-1:])
    gathering = Gathering(run, element)
    run.act(gathering)
    gathering.listen(seconds)
    _let_the_caller_answer(run, gathering, question)
    return False


_PROMPTS: Final = frozenset({"Say", "Play", "Pause"})


def _let_the_caller_answer(run: Run, gathering: "Gathering", question: str) -> None:
    """Have a scripted caller press or say what their part has for *question*."""
    leg = run.leg
    digits = leg.script.digits_for(question, leg.questions) if gathering.takes_digits else None
    reaction = run.exchange.pace.reaction

    def answer(words: str) -> None:
        if gathering.open:
            speech.utter(run.exchange, leg, words)

    if digits is not None:
        run.exchange.agenda.after(reaction, partial(gathering.hear_digits, digits))
    elif gathering.takes_speech and (words := leg.script.next_words()) is not None:
        run.exchange.agenda.after(reaction, partial(answer, words))


class Gathering(Activity):
    """The hotline listens for keys or words."""

    name = "gathering"

    def __init__(self, run: Run, element: Element) -> None:
        self._run = run
        self._element = element
        self._timeout = float(element.get("timeout", _TIMEOUT))
        self._most = int(element.get("numDigits", "0"))
        self._finish_key = element.get("finishOnKey", "#")
        self._digits = ""
        self._timer: Appointment | None = None
        self.open = True
        inputs = element.get("input", "dtmf").split()
        self.takes_digits = "dtmf" in inputs
        self.takes_speech = "speech" in inputs

    def listen(self, prompt_seconds: float = 0.0) -> None:
        """Give the person until the timeout after the prompt, or after the last key."""
        if self._timer:
            self._timer.cancel()
        wait = prompt_seconds + self._timeout
        self._timer = self._run.exchange.agenda.after(wait, self._time_over)

    def leave(self, why: str) -> None:
        """Stop listening."""
        self.open = False
        if self._timer:
            self._timer.cancel()

    def hear_digits(self, digits: str) -> None:
        """Take keys until the answer is complete; the rest is lost."""
        for key in digits if self.takes_digits else "":
            if not self.open:
                return
            if key in self._finish_key:
                self._finish(key)
                return
            self._digits += key
            if len(self._digits) == self._most:
                self._finish("")
                return
        if self.open:
            self.listen()

    def hear_words(self, words: str) -> None:
        """Take a spoken answer."""
        if not self.open or not self.takes_speech:
            return
        self._hand_in(
            "voice.gather.speech",
            {
                "SpeechResult": words,
                "Confidence": _CONFIDENCE,
                "Language": self._element.get("language", "en-US"),
            },
        )

    def _time_over(self) -> None:
        if self._digits or self._element.get("actionOnEmptyResult") == "true":
            self._finish("")
            return
        self.leave("")
        if self._run.rest_from(self):
            self._run.proceed()

    def _finish(self, key: str) -> None:
        if not self._digits and self._element.get("actionOnEmptyResult") != "true":
            self.leave("")
            if self._run.rest_from(self):
                self._run.proceed()
            return
        extra = {"Digits": self._digits, "msg": "Gather End", "FinishedOnKey": key}
        self._hand_in("voice.gather.dtmf", extra)

    def _hand_in(self, kind: str, extra: dict[str, str]) -> None:
        self.leave("")
        if self._run.rest_from(self):
            self._run.follow(self._run.target(self._element), kind, extra)
