"""The documents we answer the carrier with, well-formed whatever a person's words hold.

A control character in a name would make the carrier drop the call, so it is left out.
https://www.twilio.com/docs/voice/twiml, https://www.twilio.com/docs/messaging/twiml
"""

import re
from typing import Final, NewType
from xml.sax.saxutils import escape, quoteattr

Xml = NewType("Xml", str)
HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>'
# What XML 1.0 (section 2.2) does not allow, lone surrogates among it.
FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def words(text: str) -> Xml:
    """Return *text* as it may stand inside an element."""
    return Xml(escape(FORBIDDEN.sub("", text)))


def tag(name: str, *children: Xml, **attributes: str | int | bool | None) -> Xml:
    """Return one element; an attribute that is None is left out, `from_` is written `from`."""
    given = "".join(
        f" {key.rstrip('_')}={quoteattr(FORBIDDEN.sub('', _written(value)))}"
        for key, value in attributes.items()
        if value is not None
    )
    inner = "".join(children)
    return Xml(f"<{name}{given}>{inner}</{name}>" if inner else f"<{name}{given}/>")


def document(*verbs: Xml) -> str:
    """Return a whole document of *verbs*, which run in order."""
    return HEAD + tag("Response", *verbs)


def silence() -> str:
    """Answer with nothing: no reply, or the end of the call."""
    return document()


def _written(value: str | int | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
