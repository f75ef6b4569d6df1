"""How many parts an SMS has: 160 and 153 characters of GSM-7, or 70 and 67 of UCS-2.

3GPP TS 23.038: one character outside its table moves the whole text to UCS-2. Price and
speed go by parts, so the texts are measured.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

GSM_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_ESCAPED: Final = frozenset("\f^{}\\[~]|€")  # two units each


class Encoding(StrEnum):
    """How the text travels."""

    GSM7 = "GSM-7"
    UCS2 = "UCS-2"


SIZES: Final = {Encoding.GSM7: (160, 153), Encoding.UCS2: (70, 67)}  # alone, as one of several


@dataclass(frozen=True)
class Segments:
    """The measure of one text."""

    encoding: Encoding
    units: int
    count: int


def measure(text: str) -> Segments:
    """Return encoding, units and number of parts of *text*; an empty text has one part."""
    if all(sign in GSM_BASIC or sign in GSM_ESCAPED for sign in text):
        encoding, units = Encoding.GSM7, sum(2 if sign in GSM_ESCAPED else 1 for sign in text)
    else:
        encoding, units = Encoding.UCS2, len(text.encode("utf-16-le", "surrogatepass")) // 2
    alone, part = SIZES[encoding]
    return Segments(encoding, units, 1 if units <= alone else -(-units // part))
