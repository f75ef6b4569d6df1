"""One leg of a call: a line between the carrier and one telephone."""

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from simulator.script import Script
from simulator.webhook import Target

if TYPE_CHECKING:
    from simulator.recordings import Recording

ENDED: Final = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
IN_PROGRESS: Final = "in-progress"

HANGUP: Final = "hangup"
REDIRECTED: Final = "redirected"


class Activity:
    """What a leg is doing right now; each kind overrides what concerns it.

    `leave` is called once, when the leg ends (`hangup`) or is led elsewhere through
    the API (`redirected`). It undoes whatever the activity had arranged.
    """

    name = "listening"

    def leave(self, why: str) -> None:
        """Give up: the leg ends or goes elsewhere."""

    def hear_digits(self, digits: str) -> None:
        """Take the keys the person pressed."""

    def hear_words(self, words: str) -> None:
        """Take what the person said."""


class Stage(Activity):
    """An activity with a document of its own, which may be busy with something itself."""

    def __init__(self) -> None:
        self.activity: Activity | None = None

    def clear(self) -> None:
        """Have whatever the document is busy with give up."""
        activity, self.activity = self.activity, None
        if activity:
            activity.leave("")

    def hear_digits(self, digits: str) -> None:
        """Pass keys on to the document."""
        if self.activity:
            self.activity.hear_digits(digits)

    def hear_words(self, words: str) -> None:
        """Pass words on to the document."""
        if self.activity:
            self.activity.hear_words(words)


@dataclass
class Token:
    """The right to lead a leg; it is lost when the leg is led elsewhere."""

    valid: bool = True


@dataclass(frozen=True)
class Callback:
    """Where call progress is told, and which events of it."""

    target: Target
    events: frozenset[str] = frozenset({"completed"})


@dataclass
class Transcription:
    """A running transcription of one leg."""

    sid: str
    target: Target | None
    language: str
    track: str
    name: str
    sequence: int = 0


@dataclass(eq=False)
class Leg:
    """A call as the API knows it, with the person at its far end."""

    sid: str
    from_: str
    to: str
    direction: str
    created: dt.datetime
    parent: "Leg | None" = None
    status: str = "queued"
    answered_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    callback: Callback | None = None
    voice: Target | None = None
    fallback: Target | None = None
    script: Script = field(default_factory=Script)
    answered_by: str | None = None
    activity: Activity | None = None
    control: Token = field(default_factory=Token)
    heard: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    bridged_to: str | None = None
    end_reason: str | None = None
    questions: int = 0
    sequence: int = 0
    queue_time: int = 0
    recordings: "list[Recording]" = field(default_factory=list)
    transcriptions: list[Transcription] = field(default_factory=list)
    time_limit: float | None = None

    @property
    def ended(self) -> bool:
        """Whether the call is over."""
        return self.status in ENDED

    @property
    def far_end(self) -> str:
        """The address of the person, whoever called whom."""
        return self.from_ if self.direction == "inbound" else self.to

    @property
    def seconds(self) -> int:
        """How long the call lasted since it was answered, in whole seconds."""
        if self.answered_at is None or self.ended_at is None:
            return 0
        return round((self.ended_at - self.answered_at).total_seconds())

    def take_over(self) -> Token:
        """Void every earlier right to lead this leg and return the new one."""
        self.control.valid = False
        self.control = Token()
        return self.control

    def leave_activity(self, why: str) -> None:
        """Have the present activity give up."""
        activity, self.activity = self.activity, None
        if activity is not None:
            activity.leave(why)
