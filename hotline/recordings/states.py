"""The life of a recording, as a table. No framework here.

due → stored → kept → erasing → erased
due → lost (the carrier has not had it for a day)
stored → due (our copy does not read back as it was written)

Each step is one thing done outside the database, then one row changed; a clock that dies in
between finds the same step again.
"""

import datetime as dt
from enum import StrEnum
from typing import Final


class RecordingState(StrEnum):
    """Where the sound is."""

    DUE = "due"  # with the carrier alone
    STORED = "stored"  # with us, and still with the carrier
    KEPT = "kept"  # with us alone
    ERASING = "erasing"  # to be removed from our disk
    ERASED = "erased"  # nowhere
    LOST = "lost"  # with nobody: we came too late, or there never was any


class Kind(StrEnum):
    """What was recorded."""

    CONVERSATION = "conversation"
    VOICEMAIL = "voicemail"


S = RecordingState
OURS: Final = frozenset({S.STORED, S.KEPT})  # can be heard
ON_DISK: Final = OURS | {S.ERASING}
KEEPABLE: Final = OURS | {S.DUE}  # can be held beyond its time
TO_DO: Final = frozenset({S.DUE, S.STORED, S.ERASING})  # some clock has work with it

SOONEST: Final = dt.timedelta(seconds=2)  # the file is ready a moment after the news of it
LATEST: Final = dt.timedelta(hours=1)
GIVE_UP: Final = dt.timedelta(hours=24)  # since the carrier told of it


def again_in(attempts: int) -> dt.timedelta:
    """Return how long to wait after so many attempts: twice as long each time, to an hour."""
    return min(LATEST, SOONEST * (1 << min(attempts, 12)))
