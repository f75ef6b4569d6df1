"""The carrier's identifiers: a two-letter prefix and 32 hexadecimal digits."""

import random
import uuid


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
