"""The league a landline calls from, by its area code: a guess that an operator confirms."""

from typing import Final

#: Area codes of Inner Mongolia (domain, section 3.4); mobile numbers tell nothing.
AREAS: Final = {
    "470": "150700", "471": "150100", "472": "150200", "473": "150300", "474": "150900",
    "475": "150500", "476": "150400", "477": "150600", "478": "150800", "479": "152500",
    "482": "152200", "483": "152900",
}  # fmt: skip
COUNTRY: Final = "+86"


def region_of(phone: str | None) -> str | None:
    """Return the code of the league that the E.164 number *phone* belongs to, or None."""
    if not phone or not phone.startswith(COUNTRY):
        return None
    return AREAS.get(phone[len(COUNTRY) : len(COUNTRY) + 3])
