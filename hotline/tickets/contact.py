"""How a handler shows that the worker was spoken with, or says why not. No framework here.

R28: no closing without evidence of contact or a reason from the list `no_contact`.
"""

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

NO_CONTACT: Final = "no_contact"  # the list of reasons
LONGEST: Final = 500


class Way(StrEnum):
    """By which way the worker was spoken with; none wants a reason."""

    CALL = "call"
    SMS = "sms"
    VISIT = "visit"
    LETTER = "letter"
    NONE = "none"


def read(value: Any) -> str | dict[str, str]:
    """Return evidence as plain words, or as `way`, `at`, `note` and `reason`.

    Raises:
        ValueError: It is empty, or a part is missing that its way needs.
    """
    if isinstance(value, Mapping) and "way" in value:
        return _parts(value)
    if isinstance(value, Mapping):
        value = "；".join(f"{key}：{part}" for key, part in value.items())
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST:
        raise ValueError
    return value.strip()


def _parts(value: Mapping[str, Any]) -> dict[str, str]:
    texts = {key: str(part).strip() for key, part in value.items() if str(part or "").strip()}
    if set(texts) - {"way", "at", "note", "reason"} or len(texts.get("note", "")) > LONGEST:
        raise ValueError
    needed = "reason" if Way(texts["way"]) is Way.NONE else "at"
    if needed not in texts:
        raise ValueError
    if "at" in texts and dt.datetime.fromisoformat(texts["at"]).tzinfo is None:
        raise ValueError
    return texts
