"""Whether the carrier signed a request. No framework here.

The signature is HMAC-SHA1 over the address as the carrier called it, followed by each
form name in order with each of its distinct values in order, in base64. A JSON body is
covered by its SHA-256 in the query (`bodySHA256`).
https://www.twilio.com/docs/usage/security
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import parse_qs, quote

FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")
DEFAULT_PORTS: Final = {"https": "443", "http": "80"}
Items = Iterable[tuple[str, str]]


def sign(secret: str, url: str, form: Items = (), *, digest: str = "sha1") -> str:
    """Return the signature of a request to *url* with the *form*, as the carrier makes it."""
    return _mac(secret, url + spelled(form), digest).decode()


def verify(
    tokens: tuple[str, ...],
    url: str,
    form: Items,
    signature: str | None,
    *,
    body: bytes = b"",
    content_type: str = "",
) -> bool:
    """Return whether one of the *tokens* signed this request.

    Two tokens are accepted while the carrier's is being rotated. The address is tried
    with and without its port, for carriers sign it either way. A *body* that is no form
    counts only with its hash in the query. Nothing is accepted without a token.
    """
    if not signature or not all(tokens):
        return False
    given = signature.encode("utf-8", "replace")
    words = spelled(form)
    good = any(
        hmac.compare_digest(_mac(token, address + words, "sha1"), given)
        for token in tokens
        for address in _ports(url)
    )
    return good and _covers(url, body, content_type)


def public_url(base: str, environ: Mapping[str, Any]) -> str:
    """Return the address that the carrier called: *base* and the raw path and query.

    Frameworks decode the path and quote it again, which is another text than the one
    signed. The host is never taken from the request, so nobody chooses what is signed.
    """
    raw = str(environ.get("RAW_URI") or environ.get("REQUEST_URI") or _quoted(environ))
    if "://" in raw.partition("?")[0]:  # absolute form, as a proxy may ask
        raw = "/" + raw.partition("://")[2].partition("/")[2]
    prefix = "/" + base.partition("://")[2].partition("/")[2]
    if prefix != "/" and raw.startswith(prefix + "/"):
        return base.removesuffix(prefix) + raw
    return base + raw


def spelled(form: Items) -> str:
    """Return the form as it is signed: sorted names, each with its distinct sorted values."""
    named: dict[str, set[str]] = {}
    for name, value in form:
        named.setdefault(name, set()).add(value)
    return "".join(name + value for name in sorted(named) for value in sorted(named[name]))


def _mac(secret: str, text: str, digest: str) -> bytes:
    mac = hmac.digest(secret.encode(), text.encode("utf-8", "replace"), digest)
    return base64.b64encode(mac)


def _ports(url: str) -> tuple[str, str]:
    """Return *url* without and with its port; userinfo and fragment are never signed."""
    scheme, _, rest = url.partition("#")[0].partition("://")
    end = min((at for mark in "/?" if (at := rest.find(mark)) >= 0), default=len(rest))
    place, path = rest[:end].rpartition("@")[2], rest[end:]
    host, colon, port = place.rpartition(":")
    if not colon or not port.isdecimal():
        host, port = place, DEFAULT_PORTS.get(scheme, "80")
    return f"{scheme}://{host}{path}", f"{scheme}://{host}:{port}{path}"


def _covers(url: str, body: bytes, content_type: str) -> bool:
    if not body or content_type.lower().startswith(FORMS):
        return True
    hashes = parse_qs(url.partition("?")[2]).get("bodySHA256", [""])
    return hmac.compare_digest(hashlib.sha256(body).hexdigest().encode(), hashes[0].encode())


def _quoted(environ: Mapping[str, Any]) -> str:
    path = str(environ.get("SCRIPT_NAME", "")) + str(environ.get("PATH_INFO", ""))
    query = str(environ.get("QUERY_STRING", ""))
    return quote(path.encode("latin-1"), safe="/:@!$&'()*+,;=~") + (f"?{query}" if query else "")
