"""The ledger by request: the eight invariants, whether each holds, and what is against it."""

import datetime as dt
from collections.abc import Sequence

from flask import url_for

from hotline.api import shapes
from hotline.api.endpoint import Asked, Model, Operation, endpoint
from hotline.core.language import gettext
from hotline.core.roles import Permission
from hotline.ledger import queries
from hotline.ledger.faults import SENTENCES
from hotline.ledger.models import LedgerException
from hotline.ledger.queries import Standing


class ExceptionShape(Model):
    """One thing for which an invariant does not hold; `id` is what people call it."""

    kind: str
    id: str
    what: str
    sentence: str
    opened_at: dt.datetime
    link: str | None


class InvariantShape(Model):
    """An invariant. `holds` is null before the clock's first round; exceptions, oldest first."""

    code: str
    name: str
    sentence: str
    holds: bool | None
    since: dt.datetime | None
    checked_at: dt.datetime | None
    whole_at: dt.datetime | None
    count: int
    exceptions: Sequence[ExceptionShape]


@endpoint(
    Operation(
        "GET", "/ledger", "the eight invariants and their exceptions", Permission.LEDGER,
        shapes.Listed[InvariantShape],
    )
)  # fmt: skip
def show(asked: Asked) -> Model:
    """Give how the eight invariants stand."""
    standings = queries.standings(asked.session, asked.actor)
    items = [_shape(standing) for standing in standings]
    return shapes.Listed[InvariantShape](items=items, next=None)


def _shape(standing: Standing) -> InvariantShape:
    check = standing.check
    return InvariantShape(
        code=standing.invariant.code,
        name=gettext(standing.invariant.name),
        sentence=gettext(standing.invariant.sentence),
        holds=standing.holds,
        since=check.since if check else None,
        checked_at=check.checked_at if check else None,
        whole_at=check.whole_at if check else None,
        count=standing.count,
        exceptions=[_exception(row) for row in standing.exceptions],
    )


def _exception(row: LedgerException) -> ExceptionShape:
    ticket = row.kind == "ticket"
    return ExceptionShape(
        kind=row.kind,
        id=row.label,
        what=row.what,
        sentence=gettext(SENTENCES[row.what]),
        opened_at=row.opened_at,
        link=url_for("api.tickets_show", number=row.label) if ticket else None,
    )
