"""A bulletin as a file that can be checked without the database: `bin/verify` reads it.

JSON lines: what it is and the public key; then each edition of the period as it was signed,
up to the newest, so that nobody can hand out a superseded figure as the only one.
"""

import json
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.bulletins.content import FORMAT
from hotline.bulletins.models import Bulletin
from hotline.core import signing


def lines(session: Session, found: Bulletin) -> Iterator[str]:
    """Yield the file of the period of *found*, line by line."""
    yield json.dumps({"format": FORMAT, "public_key": signing.public_key()})
    for edition in session.scalars(
        select(Bulletin)
        .where(Bulletin.kind == found.kind, Bulletin.first == found.first)
        .order_by(Bulletin.edition)
    ):
        signed = {"content": edition.content, "hash": edition.hash.hex()}
        signature = {"signature": edition.signature.hex()}
        yield json.dumps(signed | signature, ensure_ascii=False)
