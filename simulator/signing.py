"""The carrier's signature over a webhook: HMAC-SHA1 of its address and form."""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from urllib.parse import urlsplit, urlunsplit


def signature(token: str, url: str, params: Iterable[tuple[str, str]] = ()) -> str:
    """Return the signature of a request to *url* with the form *params*.

    Names are sorted, and so are the distinct values of one name; nothing stands
    between them. The fragment of the address never takes part.
    """
    named: dict[str, set[str]] = {}
    for name, value in params:
        named.setdefault(name, set()).add(value)
    text = url.partition("#")[0] + "".join(
        name + value for name in sorted(named) for value in sorted(named[name])
    )
    digest = hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def voice_address(url: str) -> str:
    """Return *url* as voice requests are signed: https without its port."""
    parts = urlsplit(url)
    if parts.scheme != "https" or parts.port is None:
        return url
    host = parts.netloc.rpartition(":")[0]
    return urlunsplit((parts.scheme, host, parts.path, parts.query, ""))
