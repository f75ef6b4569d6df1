"""A call as the person at its far end lives it."""

from typing import Final

from simulator import speech
from simulator.exchange import Exchange
from simulator.leg import Leg

ENDED: Final = "ended"


class SimCall:
    """A handle on one leg: what was heard, what to press, when to hang up.

    `state` is `ringing`, `listening`, `gathering`, `recording`, `dialling`, `queued`,
    `bridged`, `conference` or `ended`; `status` is the word the API uses.
    """

    def __init__(self, exchange: Exchange, leg: Leg) -> None:
        self._exchange = exchange
        self._leg = leg

    def __repr__(self) -> str:
        return f"<SimCall {self.sid} {self.state}>"

    @property
    def sid(self) -> str:
        """The call's identifier."""
        return self._leg.sid

    @property
    def from_(self) -> str:
        """Who called."""
        return self._leg.from_

    @property
    def to(self) -> str:
        """Who was called."""
        return self._leg.to

    @property
    def status(self) -> str:
        """The call's status in the API's words."""
        return self._leg.status

    @property
    def state(self) -> str:
        """What the call is doing."""
        if self._leg.ended:
            return ENDED
        if self._leg.activity is None:
            return "listening" if self._leg.answered_at else "ringing"
        return self._leg.activity.name

    @property
    def end_reason(self) -> str | None:
        """Why the call ended, or None while it lasts."""
        return self._leg.end_reason

    @property
    def heard(self) -> list[str]:
        """What was said or played to the person, in order."""
        return self._leg.heard

    @property
    def transcript(self) -> list[str]:
        """What the person said, in order."""
        return self._leg.said

    @property
    def bridged_to(self) -> str | None:
        """The address of whoever the person talks or last talked to."""
        return self._leg.bridged_to

    @property
    def duration(self) -> int:
        """How long the ended call lasted, in seconds."""
        return self._leg.seconds

    def press(self, digits: str) -> None:
        """Press *digits* one after the other; keys nobody waits for are lost."""
        with self._exchange.turn:
            if not self._leg.ended and self._leg.activity:
                self._leg.activity.hear_digits(digits)
        self._exchange.pump()

    def speak(self, words: str) -> None:
        """Say *words* into the line."""
        with self._exchange.turn:
            speech.utter(self._exchange, self._leg, words)
        self._exchange.pump()

    def hang_up(self) -> None:
        """Put the receiver down; a call that is over stays over."""
        from simulator.lifecycle import finish

        with self._exchange.turn:
            finish(self._exchange, self._leg, _status(self._leg), reason="caller hung up")
        self._exchange.pump()


def _status(leg: Leg) -> str:
    return "completed" if leg.answered_at else "no-answer"
