"""What of a ticket is hidden from whom: one table for every page, answer, list and file.

The levels are those of the domain reference, section 6.3: 0 open; 1 the caller's name is
kept from the employer's side, and written nowhere that a unit reads; 2 the handling unit
does not learn who complains either, and works from the hotline's brief; 3 all but two
named persons see that there is a ticket and how it stands, nothing else. What nobody has
asked the caller yet is kept as level 2. No framework here.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

LEVELS: Final = range(4)
UNASKED: Final = 2  # the level of what nobody has asked the caller yet
NAMED_ONLY: Final = 3
KEEPERS: Final = 2  # how many may be named at the highest level
STRUCK: Final = "▇▇"  # stands where a name or a number stood


class Part(StrEnum):
    """What may be hidden of a ticket."""

    NAME = "name"  # the caller's name and number wherever they are written
    NUMBER = "number"  # the number even to those who give a reason
    FILES = "files"  # files and sound
    WORDS = "words"  # what was said and written about the matter


class Standing(StrEnum):
    """How somebody stands to a ticket."""

    KEEPER = "keeper"  # one of the two who are named at level 3
    CENTRE = "centre"  # the hotline itself
    UNIT = "unit"  # the unit that handles it, those above it, those that assist
    EMPLOYER = "employer"  # the union inside the enterprise complained of


ALL: Final = frozenset(Part)
_NOTHING: Final = frozenset[Part]()
_NAME: Final = frozenset({Part.NAME})
#: By standing, what is hidden at each level from 0 to 3.
HIDDEN: Final = {
    Standing.KEEPER: (_NOTHING, _NOTHING, _NOTHING, _NOTHING),
    Standing.CENTRE: (_NOTHING, _NOTHING, _NOTHING, ALL),
    Standing.UNIT: (_NOTHING, _NAME, ALL, ALL),
    Standing.EMPLOYER: (_NOTHING, ALL - {Part.WORDS}, ALL, ALL),
}
_DATE: Final = r"(?:19|20)\d\d-\d\d-\d\d(?!\d)"
_DIGITS: Final = re.compile(rf"(?<!\d)(?!{_DATE})[+＋]?(?:\d[ \-]?){{6,}}[\dXxＸ]")


@dataclass(frozen=True)
class Sight:
    """What one person sees of one ticket.

    Attributes:
        hidden: What they do not see.
        names: What is struck out of words while the caller's name is hidden.
        unit_id: Their unit: what it wrote itself it may read again.
    """

    hidden: frozenset[Part] = _NOTHING
    names: tuple[str, ...] = ()
    unit_id: int | None = None

    @property
    def clear(self) -> bool:
        """Whether nothing is hidden."""
        return not self.hidden

    def hides(self, part: Part) -> bool:
        """Return whether *part* is hidden."""
        return part in self.hidden

    def words(self, text: str | None) -> str | None:
        """Return what may be read of *text*: all, all but names and numbers, or None."""
        return None if self.hides(Part.WORDS) else self.bare(text)

    def bare(self, text: str | None) -> str | None:
        """Return *text* without the caller's name and numbers if these are hidden."""
        return struck(text, self.names) if text and self.hides(Part.NAME) else text


CLEAR: Final = Sight()


def level_of(level: int | None) -> int:
    """Return the level that holds for a ticket whose own is *level*."""
    return UNASKED if level is None else level


def hidden(standing: Standing, level: int | None) -> frozenset[Part]:
    """Return what a ticket of *level* hides from whoever stands so to it."""
    return HIDDEN[standing][level_of(level)]


def struck(text: str, names: tuple[str, ...]) -> str:
    """Return *text* without *names* and without numbers of seven digits and more.

    Telephone, identity card and bank account numbers are all longer than six digits;
    sums of money and dates are not.
    """
    for name in sorted((name for name in names if name.strip()), key=len, reverse=True):
        text = text.replace(name, STRUCK)
    return _DIGITS.sub(STRUCK, text)
