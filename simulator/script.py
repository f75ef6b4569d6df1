"""What a caller will say and press, and how long they stay."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

#: A key of `presses` that fits every question.
ANY: Final = "*"


@dataclass
class Script:
    """A caller's part.

    `words` are spoken one by one: as the answer to a question that takes speech,
    into a recording, or to the person at the other end. `presses` maps a question
    to digits: by a piece of its text, by its ordinal in the call (1 is the first),
    or `*` for any. `patience` is how many seconds the caller waits to be put through,
    `hangs_up_after` how many the whole call may last, `stays` how many the caller
    remains after the last word of a conversation; None means for ever.
    """

    words: list[str] = field(default_factory=list)
    presses: Mapping[str | int, str] = field(default_factory=dict)
    patience: float | None = 60.0
    hangs_up_after: float | None = None
    stays: float | None = None

    def next_words(self) -> str | None:
        """Take the next utterance, or None when all has been said."""
        return self.words.pop(0) if self.words else None

    def digits_for(self, question: str, ordinal: int) -> str | None:
        """Return what the caller presses at *question*, or None to press nothing."""
        if ordinal in self.presses:
            return self.presses[ordinal]
        for key, digits in self.presses.items():
            if isinstance(key, str) and key != ANY and key in question:
                return digits
        return self.presses.get(ANY)


@dataclass(frozen=True)
class Pace:
    """How long machines and people take, in seconds.

    With the virtual clock announcements take no time, so that a call runs at once
    as far as it can without an event; in a queue they always take their time.
    """

    character: float = 0.0
    clip: float = 0.0
    reaction: float = 0.0
    utterance: float = 3.0


LIVE: Final = Pace(character=0.2, clip=4.0, reaction=1.5, utterance=6.0)
