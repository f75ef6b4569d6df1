"""What staff are good at, and what they are rostered for. No framework here."""

from enum import StrEnum


class Skill(StrEnum):
    """What a call may need (domain, sections 5 and 7)."""

    MONGOLIAN = "mongolian"
    LAW = "law"
    PSYCHOLOGY = "psychology"


class Duty(StrEnum):
    """What a shift is for."""

    SEAT = "seat"
    ON_CALL = "on_call"  # not at the desk; their telephone rings when nobody else is there
