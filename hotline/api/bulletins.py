"""Bulletins by request: what was published, as it was signed."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from hotline.api import shapes
from hotline.api.endpoint import Asked, Model, Operation, endpoint, id_of
from hotline.api.tickets import Limit
from hotline.bulletins import queries
from hotline.bulletins.models import Bulletin
from hotline.bulletins.periods import PeriodKind
from hotline.core import signing
from hotline.core.roles import Permission


class BulletinsQuery(Model):
    """What a list of bulletins is narrowed to."""

    kind: PeriodKind | None = None
    limit: Limit = 50
    cursor: str | None = None


class BulletinLine(Model):
    """One edition; a list has the newest of each period."""

    id: str
    kind: PeriodKind
    first: dt.date
    last: dt.date
    edition: int
    as_of: dt.datetime
    published_at: dt.datetime
    by: str
    reason: str | None
    hash: str


class BulletinShape(BulletinLine):
    """One edition with its numbers.

    `signed` is the text that is signed: SHA-256 of `previous` and it is `hash`, and
    `signature` is Ed25519 over that. `content` is the same text, read.
    """

    content: Mapping[str, Any]
    signed: str
    previous: str
    signature: str
    public_key: str


@endpoint(
    Operation(
        "GET", "/bulletins", "published periods, the latest first", Permission.RATES,
        shapes.Listed[BulletinLine], query=BulletinsQuery,
    )
)  # fmt: skip
def listed(asked: Asked) -> Model:
    """List bulletins."""
    query = asked.query
    page = queries.page(asked.session, kind=query.kind, cursor=query.cursor, limit=query.limit)
    items = [BulletinLine(**_line(row)) for row in page.items]
    return shapes.Listed[BulletinLine](items=items, next=page.next)


@endpoint(
    Operation(
        "GET", "/bulletins/<bulletin_id>", "one edition with its numbers and its signature",
        Permission.RATES, BulletinShape,
    )
)  # fmt: skip
def show(asked: Asked, bulletin_id: str) -> Model:
    """Give one edition."""
    row = queries.bulletin(asked.session, id_of(bulletin_id))
    return BulletinShape(
        **_line(row),
        content=json.loads(row.content),
        signed=row.content,
        previous=row.previous.hex(),
        signature=row.signature.hex(),
        public_key=signing.public_key(),
    )


def _line(row: Bulletin) -> dict[str, Any]:
    known = {name: getattr(row, name) for name in BulletinLine.model_fields}
    return known | {"id": str(row.id), "hash": row.hash.hex()}
