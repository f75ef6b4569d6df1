"""Telephone numbers as people, carriers and robots write them."""

import pytest

from hotline.telephony.numbers import is_mobile, may_text, normalise

_NOBODY = (
    "| |anonymous|unknown|Restricted|client:operator-7|sip:a@b|BANK|12351|10086|106575|95588"
    "|+8612351|+266696687|+86282452253|+|+0123|whatsapp:+8613800000001|13800000001;1"
    "|+86138000000\u0966\u0967"  # digits of another script
)
NOBODY = _NOBODY.split("|")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+8613800000001", "+8613800000001"),
        ("13800000001", "+8613800000001"),
        ("138 0000 0001", "+8613800000001"),
        ("138-0000-0001", "+8613800000001"),
        ("\uff11\uff13\uff18" + "\uff10" * 7 + "\uff11", "+8613800000001"),
        ("\uff0b8613800000001", "+8613800000001"),
        ("008613800000001", "+8613800000001"),
        ("8613800000001", "+8613800000001"),
        ("tel:+8613800000001", "+8613800000001"),
        ("0471-6920000", "+864716920000"),
        ("+8647112351", "+8647112351"),
        ("+976 11 321 234", "+97611321234"),
        ("+14158675310", "+14158675310"),
    ],
)
def test_a_number_is_read_in_many_forms(text: str, number: str) -> None:
    assert normalise(text) == number


@pytest.mark.parametrize("text", [None, *NOBODY, "1" * 40, "+86" + "1" * 40])
def test_what_is_nobodys_number_is_none(text: str | None) -> None:
    assert normalise(text) is None


@pytest.mark.parametrize(
    ("number", "mobile"),
    [
        ("+8613800000001", True),
        ("+8617612345678", True),
        ("+8613491234567", False),  # satellite
        ("+8617401234567", False),  # satellite
        ("+8647112351", False),
        ("+864716920000", False),
        ("+97688112233", True),
        ("+999", False),
    ],
)
def test_only_mobiles_take_sms(number: str, mobile: bool) -> None:
    assert is_mobile(number) is mobile


def test_only_listed_countries_are_texted() -> None:
    assert may_text("+8613800000001")
    assert not may_text("+97688112233")
    assert may_text("+97688112233", ("+86", "+976"))
    assert not may_text(None)
