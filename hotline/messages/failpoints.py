"""Places where a test may kill the process, as a power cut would (reliability, section 4.3)."""

import os
from typing import Final

NAMES: Final = (
    "W1", "W2", "W3", "W4", "W5",  # sending an SMS
    "R1", "R2", "R3", "R4",  # fetching a recording, and removing it
)  # fmt: skip
KILLED: Final = 137  # as after kill -9

_armed: set[str] = set()


def arm(name: str) -> None:
    """Let the process die at the failpoint *name*; the app does it in tests alone.

    Raises:
        ValueError: There is no such failpoint.
    """
    if name not in NAMES:
        raise ValueError(f"no failpoint {name}")
    _armed.add(name)


def reach(name: str) -> None:
    """Die here if *name* is armed."""
    if name in _armed:
        os._exit(KILLED)
