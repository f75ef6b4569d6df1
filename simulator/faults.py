"""What can go wrong between a carrier and its customer, on purpose and by seed."""

import random
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field, fields
from typing import Final

#: A probability per message, or the ordinals (from 0) of the messages it befalls.
Chance = float | Collection[int]

#: How the fault list of the reliability plan spells our names.
ALIASES: Final = {
    "dup": "duplicate",
    "drop_webhook": "drop",
    "429": "too_many",
    "5xx": "server_error",
    "callback_before_response": "callback_first",
    "stale_sent_after_delivered": "stale_sent",
}


@dataclass
class Faults:
    """How often each fault happens; nothing happens by default.

    Webhooks: `duplicate` sends twice, `reorder` lets later ones overtake, `delay`
    holds back up to `delay_seconds`, `drop` never sends, `bad_signature` sends a
    forged copy first. REST: `too_many` answers 429, `server_error` 500 (nothing
    was done), `hang` never answers (nothing was done), `accept_then_reset` does it
    and loses the answer, `callback_first` sends the first status before the answer,
    `hide_from_list` keeps a message out of the lists for `hidden_seconds`. Receipts:
    `undelivered`, `failed`, `no_receipt`, `stale_sent` (`sent` after `delivered`).
    """

    seed: int = 0
    duplicate: Chance = 0.0
    reorder: Chance = 0.0
    delay: Chance = 0.0
    drop: Chance = 0.0
    bad_signature: Chance = 0.0
    too_many: Chance = 0.0
    server_error: Chance = 0.0
    hang: Chance = 0.0
    accept_then_reset: Chance = 0.0
    callback_first: Chance = 0.0
    hide_from_list: Chance = 0.0
    undelivered: Chance = 0.0
    failed: Chance = 0.0
    no_receipt: Chance = 0.0
    stale_sent: Chance = 0.0
    delay_seconds: float = 30.0
    hidden_seconds: float = 300.0
    _met: Counter[str] = field(default_factory=Counter, init=False, repr=False)
    _forced: Counter[str] = field(default_factory=Counter, init=False, repr=False)
    happened: Counter[str] = field(default_factory=Counter, init=False, repr=False)
    _chances: dict[str, random.Random] = field(default_factory=dict, init=False, repr=False)

    def next(self, name: str, times: int = 1) -> None:
        """Let *name* befall the next *times* messages that can meet it."""
        name = ALIASES.get(name, name)
        if name not in KNOBS:
            raise ValueError(f"No fault is called {name}.")
        self._forced[name] += times

    def strikes(self, name: str) -> bool:
        """Tell whether *name* befalls the message at hand, and count it."""
        struck = self._decides(name)
        self.happened[name] += struck
        return struck

    def _decides(self, name: str) -> bool:
        ordinal = self._met[name]
        self._met[name] += 1
        if self._forced[name]:
            self._forced[name] -= 1
            return True
        chance: Chance = getattr(self, name)
        if isinstance(chance, int | float):
            return chance > 0 and self._dice(name).random() < chance
        return ordinal in chance

    def seconds(self, most: float) -> float:
        """Return a number of seconds up to *most*, by seed."""
        return self._dice("seconds").uniform(0.1, most)

    def _dice(self, name: str) -> random.Random:
        # One die per fault: raising one knob leaves the fate of the others as it was.
        if name not in self._chances:
            self._chances[name] = random.Random(f"{self.seed}-{name}")
        return self._chances[name]

    @classmethod
    def parse(cls, text: str, seed: int = 0) -> "Faults":
        """Read `dup=0.02,drop=0.01`; raises ValueError for a name or number unknown."""
        faults = cls(seed=seed)
        for part in filter(None, (piece.strip() for piece in text.split(","))):
            name, _, value = part.partition("=")
            name = ALIASES.get(name, name)
            if name not in (*KNOBS, "delay_seconds", "hidden_seconds"):
                raise ValueError(f"No fault is called {name}.")
            setattr(faults, name, float(value))
        return faults


KNOBS: Final = tuple(
    f.name
    for f in fields(Faults)
    if f.init and f.name not in ("seed", "delay_seconds", "hidden_seconds")
)
