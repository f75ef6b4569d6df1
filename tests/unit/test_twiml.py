"""Documents for the carrier are well-formed whatever a person writes."""

import xml.etree.ElementTree as ET

import pytest

from hotline.telephony import twiml


@pytest.mark.parametrize("text", ["<a>&\"'", "\x00\x0b工\ud800会\uffff", "]]>", "🙏\n"])
def test_any_words_make_a_document_that_parses(text: str) -> None:
    root = ET.fromstring(twiml.document(twiml.tag("Say", twiml.words(text))).encode())  # noqa: S314 - our own document
    assert root.tag == "Response"
    kept = "".join(sign for sign in text if sign not in "\x00\x0b\ud800\uffff")
    assert root.findtext("Say") == kept


def test_the_document_starts_with_its_first_byte() -> None:
    assert twiml.silence() == '<?xml version="1.0" encoding="UTF-8"?><Response/>'


def test_attributes_are_escaped_and_none_is_left_out() -> None:
    made = twiml.tag("Dial", twiml.words("x"), from_='"<', action=None, record=True)
    node = ET.fromstring(made)  # noqa: S314 - our own document
    assert node.attrib == {"from": '"<', "record": "true"}
