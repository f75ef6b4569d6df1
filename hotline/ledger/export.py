"""The sealed record as a file that can be checked without the database: `bin/verify` reads it.

JSON lines: what it is and the public key; then each seal, followed by its rows as they were
sealed; and a last line, signed, that says how far it goes, so that nothing can be cut off.
"""

import base64
import datetime as dt
import json
from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy.orm import Session

from hotline.core import signing
from hotline.ledger import chain, record
from hotline.ledger.models import Seal

FORMAT: Final = "hotline-record-1"


def opening() -> bytes:
    """Return the first line: the format, the columns of each table, and who signs."""
    tables = {origin: record.columns(origin) for origin in record.RECORD}
    return _line({"format": FORMAT, "tables": tables, "public_key": signing.public_key()})


def lines(session: Session, seal: Seal) -> Iterator[bytes]:
    """Yield the line of *seal*, and then those of its rows as they are now."""
    yield _line(
        {
            "seal": chain.head(seal).decode(),
            "leaves": base64.b64encode(seal.leaves).decode(),
            "previous": seal.previous.hex(),
            "hash": seal.hash.hex(),
            "signature": seal.signature.hex(),
        }
    )
    kept = record.key(seal.origin).in_(record.parted(seal.leaves))
    for _, line in record.lines(session, seal.origin, kept):
        yield line + b"\n"


def closing(number: int, hash_: bytes, *, now: dt.datetime) -> bytes:
    """Return the last line: the newest seal it holds and the moment, signed together."""
    end = {"end": number, "hash": hash_.hex(), "at": now.astimezone(dt.UTC).isoformat()}
    return _line(end | {"signature": signing.sign(_plain(end)).hex()})


def noted(line: bytes) -> tuple[int, str]:
    """Return number and hash of the newest seal that an earlier export told in its last *line*.

    Raises:
        ValueError: The line is not the last of an export of this installation.
    """
    end = json.loads(line)
    signature = bytes.fromhex(end.pop("signature"))
    if not signing.signed_by_us(_plain(end), signature):
        raise ValueError("not signed by this installation")
    return int(end["end"]), str(end["hash"])


def _plain(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields, separators=(",", ":"), sort_keys=True).encode()


def _line(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields, separators=(",", ":")).encode() + b"\n"
