"""Telephone numbers: read as people and carriers write them, kept as E.164."""

import re
import unicodedata
from typing import Final

import phonenumbers
from phonenumbers import PhoneNumberType

HOME: Final = "CN"
E164: Final = re.compile(r"\+[1-9][0-9]{7,14}")
# Satellite phones (1349, 1740-1745) cost what a premium number costs: they are no mobiles here.
HOME_MOBILE: Final = re.compile(r"\+861(?!349|74[0-5])[3-9][0-9]{9}")
SEPARATORS: Final = re.compile(r"[\s\-.()·]")
# What carriers send for a hidden caller: ANONYMOUS, RESTRICTED and UNAVAILABLE on a keypad.
HIDDEN: Final = frozenset({"+266696687", "+7378742833", "+86282452253"})
MOBILE: Final = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})


def normalise(text: str | None) -> str | None:
    """Return the E.164 form of *text*, or None when it is nobody's number.

    Full-width digits, spaces, `00` and the national form are read. Short codes, names
    (`BANK`), addresses (`client:…`), and callers who hide (`anonymous`) give None.
    A number that is already E.164 is taken as it stands: hotlines are not "valid" to
    number libraries.
    """
    if text is None:
        return None
    if HOME_MOBILE.fullmatch(text):
        return text
    plain = SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).removeprefix("tel:")
    if plain.startswith("00"):
        plain = "+" + plain[2:]
    if plain.startswith("+"):
        return plain if E164.fullmatch(plain) and plain not in HIDDEN else None
    return _national(plain) if plain.isascii() and plain.isdecimal() else None


def _national(digits: str) -> str | None:
    try:
        number = phonenumbers.parse(digits, HOME)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def is_mobile(number: str) -> bool:
    """Return whether an E.164 *number* is a mobile telephone."""
    if number.startswith("+86"):
        return HOME_MOBILE.fullmatch(number) is not None
    try:
        return phonenumbers.number_type(phonenumbers.parse(number)) in MOBILE
    except phonenumbers.NumberParseException:
        return False


def may_text(number: str | None, prefixes: tuple[str, ...] = ("+86",)) -> bool:
    """Return whether an SMS may go to *number*: a mobile below one of the *prefixes*."""
    return number is not None and number.startswith(prefixes) and is_mobile(number)
