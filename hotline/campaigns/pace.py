"""How far a campaign is, and whether it keeps pace with its days. No framework here."""

import datetime as dt
from enum import StrEnum


class Pace(StrEnum):
    """How what was reached stands to the days that are gone."""

    REACHED = "reached"
    AHEAD = "ahead"  # or level
    BEHIND = "behind"
    MISSED = "missed"  # its days are over


def elapsed(starts_on: dt.date, ends_on: dt.date, today: dt.date) -> float:
    """Return which part of the days is gone, today among them, from 0 to 1."""
    gone = (today - starts_on).days + 1
    return min(max(gone / ((ends_on - starts_on).days + 1), 0.0), 1.0)


def pace(done: int, target: int, gone: float, *, over: bool) -> Pace:
    """Return how *done* of *target* stands when the part *gone* of the days is behind."""
    if done >= target:
        return Pace.REACHED
    if over:
        return Pace.MISSED
    return Pace.AHEAD if done >= target * gone else Pace.BEHIND
