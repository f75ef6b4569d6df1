"""Whom the hotline may dial: a last look at every address before anybody is rung.

Addresses come from the staff, the units and the directory, never from a caller. This
look holds even if one of those was written wrongly: numbers below the allowed prefixes,
the country's short numbers, and browsers of our own (reliability, section 8).
"""

import re
from typing import Final

from hotline.telephony.numbers import E164

SHORT: Final = re.compile(r"1[0-9]{2,4}")  # 110, 12356: dialled as they stand
OURS: Final = re.compile(r"client:operator-[0-9]{1,19}")

_prefixes: list[tuple[str, ...]] = [("+86",)]


def use(prefixes: tuple[str, ...]) -> None:
    """Set below which prefixes numbers may be dialled; the app does it once at start."""
    _prefixes[0] = prefixes


def may_dial(address: str) -> bool:
    """Return whether *address* may be rung."""
    if E164.fullmatch(address):
        return address.startswith(_prefixes[0])
    return SHORT.fullmatch(address) is not None or OURS.fullmatch(address) is not None
