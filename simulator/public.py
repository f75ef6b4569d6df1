"""The public of the demo: people call, write and answer, each in their own time."""

import re
from collections.abc import Iterable
from typing import Final

from simulator.carrier import Carrier
from simulator.personas import Persona, Stories, is_survey
from simulator.phones import Phone, Sms

_STAYS: Final = 90.0  # how long a caller remains after the last word, while the operator writes
_PICKS_UP: Final = 0.85


class Public:
    """Keeps the carrier busy from the moment it starts.

    Phones that match *answering* (`x` stands for any digit) are picked up at once:
    they are the desks of operators and officials. Of all others most are answered.
    """

    def __init__(
        self,
        carrier: Carrier,
        *,
        seed: int = 0,
        callers_per_hour: float = 120.0,
        texts_per_hour: float = 60.0,
        answering: Iterable[str] = (),
    ) -> None:
        self._carrier = carrier
        self._agenda = carrier.exchange.agenda
        self._stories = Stories(seed)
        self._callers_per_hour = callers_per_hour
        self._texts_per_hour = texts_per_hour
        self._desks = [re.compile(re.escape(p).replace("x", r"\d") + r"\Z") for p in answering]
        carrier.exchange.phones.newcomer = self.furnish

    def begin(self) -> None:
        """Let the first people come."""
        if self._callers_per_hour > 0:
            self._agenda.after(self._first(self._callers_per_hour), self._call)
        if self._texts_per_hour > 0:
            self._agenda.after(self._first(self._texts_per_hour), self._text)

    def furnish(self, phone: Phone) -> None:
        """Give a new phone its owner's habits."""
        if any(desk.match(phone.number) for desk in self._desks):
            phone.answers_after = 2.0
            return
        if phone.number.startswith("client:"):
            return  # an operator's browser: they have said yes already
        phone.answers = self._stories.between(0, 1) < _PICKS_UP
        phone.answers_after = self._stories.between(3, 12)
        phone.on_text = self._read

    def _first(self, per_hour: float) -> float:
        return min(self._stories.wait(per_hour), 5.0)  # nobody watches an empty demo for long

    def _call(self) -> None:
        self._agenda.after(self._stories.wait(self._callers_per_hour), self._call)
        persona = self._stories.caller()
        self._carrier.call(
            self._number(persona),
            says=persona.words,
            presses=persona.presses(),
            patience=persona.patience,
            stays=_STAYS,
        )

    def _number(self, persona: Persona) -> str:
        return "anonymous" if persona.anonymous else self._stories.number()

    def _text(self) -> None:
        self._agenda.after(self._stories.wait(self._texts_per_hour), self._text)
        self._carrier.text(self._stories.number(), self._stories.text())

    def _read(self, phone: Phone, sms: Sms) -> None:
        """Answer a survey after a while, well, badly or not at all."""
        reply = self._stories.survey_reply() if is_survey(sms.body) else None
        if reply is not None:
            wait = self._stories.between(5, 60)
            self._agenda.after(wait, lambda: self._write(phone, reply))

    def _write(self, phone: Phone, body: str) -> None:
        self._carrier.text(phone.number, body)
