"""The carrier's identifiers: a two-letter prefix and 32 hexadecimal digits."""

import random
import re
import uuid

_SID = re.compile(r"[A-Z]{2}[0-9a-fA-F]{32}\Z")


class Sids:
    """A mint whose coins are the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(f"sids-{seed}")

    def new(self, prefix: str) -> str:
        """Return a fresh identifier, such as `CA` and 32 digits for a call."""
        return f"{prefix}{self._chance.getrandbits(128):032x}"

    def token(self) -> str:
        """Return a fresh idempotency token."""
        return str(uuid.UUID(int=self._chance.getrandbits(128), version=4))


def is_sid(text: str) -> bool:
    """Tell whether *text* has the form of an identifier."""
    return _SID.match(text) is not None
