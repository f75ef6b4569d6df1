"""How far a long property goes: a sample in `make check`, the whole in `make proofs`."""

import os

WHOLE = "PROOFS" in os.environ


def count(sample: int, whole: int) -> int:
    """Return how many cases to try in this run."""
    return whole if WHOLE else sample
