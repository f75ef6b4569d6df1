"""Reading the hotline's answers as strictly as the carrier does."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final
from xml.etree.ElementTree import Element

from simulator import grammar
from simulator.webhook import Answer, Target

RETRIEVAL_FAILED: Final = 11200
NO_CONNECTION: Final = 11205
TOO_MANY_REDIRECTS: Final = 11215
BODY_TOO_LONG: Final = 11750
NOT_A_DOCUMENT: Final = 12100
OUT_OF_SCHEMA: Final = 12200
WRONG_CONTENT_TYPE: Final = 12300

NOT_ALLOWED: Final = "is not allowed in"

_LONGEST: Final = 64 * 1024
_XML_TYPES: Final = ("text/xml", "application/xml", "text/html")


class BadDocument(Exception):
    """The answer cannot be carried out; `code` is the carrier's error code."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass
class Document:
    """The verbs of one answer, where it came from and what was odd about it."""

    verbs: list[Element]
    source: Target
    warnings: list[str] = field(default_factory=list)


def read_voice(answer: Answer, source: Target, *, basic: bool = False) -> Document:
    """Return the voice document in *answer*; raises `BadDocument`.

    A *basic* carrier knows few verbs, and takes no document with another one.
    """
    kind = _content_type(answer)
    if kind.startswith("audio/"):
        return Document([_element("Play", source.address)], source)
    if kind == "text/plain":
        return Document([_element("Say", answer.text)], source)
    text = _checked_text(answer, kind)
    if not basic:
        return parse(text, source, grammar.VOICE, grammar.CHILDREN)
    document = parse(text, source, grammar.VOICE, grammar.BASIC_CHILDREN)
    unknown = [warning for warning in document.warnings if NOT_ALLOWED in warning]
    if unknown:
        raise BadDocument(NOT_A_DOCUMENT, unknown[0])
    return document


def read_messaging(answer: Answer, source: Target) -> Document:
    """Return the messaging document in *answer*; raises `BadDocument`."""
    kind = _content_type(answer)
    if kind == "text/plain" and answer.text:
        return Document([_element("Message", answer.text)], source)
    text = _checked_text(answer, kind)
    return parse(text, source, grammar.MESSAGING, grammar.MESSAGING_CHILDREN)


def parse(
    text: str,
    source: Target,
    attributes: Mapping[str, frozenset[str]] = grammar.VOICE,
    children: Mapping[str, frozenset[str]] = grammar.CHILDREN,
) -> Document:
    """Read *text* as a document; raises `BadDocument` for what is not one.

    What does not fit the schema is no error: it stands in `warnings`, and verbs
    unknown to the carrier are left out.
    """
    if not text:
        return Document([], source)
    root = _root(text)
    warnings = list(_complaints(root, attributes, children))
    verbs = [verb for verb in root if verb.tag in children["Response"]]
    return Document(verbs, source, warnings)


def _root(text: str) -> Element:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise BadDocument(NOT_A_DOCUMENT, "A document type is not allowed.")
    if not text.startswith("<"):
        raise BadDocument(NOT_A_DOCUMENT, "The document does not begin with its first byte.")
    try:
        root = ET.fromstring(text)  # noqa: S314 - without a DTD there is nothing to expand
    except ET.ParseError as error:
        raise BadDocument(NOT_A_DOCUMENT, f"The document is not well formed: {error}.") from None
    if root.tag != "Response":
        raise BadDocument(NOT_A_DOCUMENT, f"The root is {root.tag}, not Response.")
    return root


def _complaints(
    element: Element,
    attributes: Mapping[str, frozenset[str]],
    children: Mapping[str, frozenset[str]],
) -> Iterator[str]:
    """Yield what the schema has against *element* and all inside it."""
    known = attributes.get(element.tag, frozenset())
    for name in element.attrib:
        if name not in known:
            yield f"{OUT_OF_SCHEMA} {element.tag} has no attribute {name}."
    if element.tag == "Say":
        return
    allowed = children.get(element.tag, frozenset())
    for child in element:
        if child.tag not in allowed:
            yield f"{OUT_OF_SCHEMA} {child.tag} {NOT_ALLOWED} {element.tag}."
        else:
            yield from _complaints(child, attributes, children)


def _content_type(answer: Answer) -> str:
    return answer.header("Content-Type").partition(";")[0].strip().lower()


def _checked_text(answer: Answer, kind: str) -> str:
    if answer.status == HTTPStatus.NO_CONTENT:
        return ""
    text = answer.text
    if not kind:
        raise BadDocument(RETRIEVAL_FAILED, "An answer without Content-Type reads as 502.")
    if kind not in _XML_TYPES:
        raise BadDocument(WRONG_CONTENT_TYPE, f"{kind} is not a document.")
    if len(text.encode()) > _LONGEST:
        raise BadDocument(BODY_TOO_LONG, "The document is longer than 64 kB.")
    if not text:
        raise BadDocument(NOT_A_DOCUMENT, "The document is empty.")
    return text


def _element(tag: str, text: str) -> Element:
    element = Element(tag)
    element.text = text
    return element
