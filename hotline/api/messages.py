"""Messages by request: what came in and went out by SMS, bodies left out."""

import datetime as dt

from hotline.api import shapes
from hotline.api.endpoint import Asked, Model, Operation, endpoint
from hotline.api.tickets import Limit
from hotline.core.privacy import mask_phone
from hotline.core.roles import Permission
from hotline.messages import queries
from hotline.messages.states import Direction, MessageState
from hotline.tickets import queries as tickets
from hotline.tickets.veils import all_seen


class MessageQuery(Model):
    """What a list of messages is narrowed to."""

    direction: Direction | None = None
    state: MessageState | None = None
    limit: Limit = 50
    cursor: str | None = None


class MessageShape(Model):
    """An SMS."""

    id: str
    direction: str
    kind: str
    state: str
    address_masked: str
    ticket: str | None
    segments: int | None
    error_code: int | None
    reason: str | None
    created_at: dt.datetime
    sent_at: dt.datetime | None


@endpoint(
    Operation(
        "GET", "/messages", "messages, newest first", Permission.MESSAGE_READ,
        shapes.Listed[MessageShape], query=MessageQuery,
    )
)  # fmt: skip
def listed(asked: Asked) -> Model:
    """List messages."""
    page = queries.page(
        asked.session,
        asked.actor,
        direction=asked.query.direction,
        state=asked.query.state,
        cursor=asked.query.cursor,
        limit=asked.query.limit,
    )
    linked = tickets.shown(
        asked.session, asked.actor, {row.ticket_id for row in page.items if row.ticket_id}
    )
    items = [
        MessageShape(
            id=str(row.id),
            direction=row.direction,
            kind=row.kind,
            state=row.state,
            address_masked=mask_phone(row.address),
            ticket=linked[row.ticket_id].number if row.ticket_id in linked else None,
            segments=row.segments,
            error_code=row.error_code,
            reason=row.reason,
            created_at=row.created_at,
            sent_at=row.sent_at,
        )
        for row in all_seen(page.items, {key: each.sight for key, each in linked.items()})
    ]
    return shapes.Listed[MessageShape](items=items, next=page.next)
