"""Callbacks by request: whom we owe a call, and each try."""

import datetime as dt
from typing import Annotated

from pydantic import Field

from hotline.api import shapes
from hotline.api.endpoint import Asked, Model, Operation, endpoint, id_of
from hotline.api.tickets import Limit
from hotline.callbacks import queries, service
from hotline.callbacks.models import Callback
from hotline.callbacks.states import CallbackState, Outcome
from hotline.core.privacy import mask_phone
from hotline.core.roles import Permission
from hotline.tickets import queries as tickets
from hotline.tickets import sight
from hotline.workers import queries as workers


class CallbackQuery(Model):
    """What a list of callbacks is narrowed to."""

    state: CallbackState | None = None
    limit: Limit = 50
    cursor: str | None = None


class CallbackShape(Model):
    """A call we owe."""

    id: str
    state: str
    reason: str
    caller_masked: str
    opened_at: dt.datetime
    next_due_at: dt.datetime | None
    tries: int
    closed_at: dt.datetime | None
    ticket: str | None


class Attempt(Model):
    """A try: what came of it, and the ticket it led to."""

    outcome: Outcome
    note: Annotated[str, Field(max_length=1000)] | None = None
    ticket: str | None = None


@endpoint(
    Operation(
        "GET", "/callbacks", "callbacks, newest first", Permission.CALL_READ,
        shapes.Listed[CallbackShape], query=CallbackQuery,
    )
)  # fmt: skip
def listed(asked: Asked) -> Model:
    """List callbacks."""
    sight.require_central(asked.actor)
    page = queries.page(
        asked.session,
        state=asked.query.state,
        cursor=asked.query.cursor,
        limit=asked.query.limit,
    )
    return shapes.Listed[CallbackShape](items=_shapes(asked, list(page.items)), next=page.next)


@endpoint(
    Operation(
        "POST", "/callbacks/<callback_id>/attempts", "note a try", Permission.CALLBACK_WORK,
        CallbackShape, body=Attempt,
    )
)  # fmt: skip
def attempt(asked: Asked, callback_id: str) -> Model:
    """Note that somebody called back, and what came of it."""
    number = asked.body.ticket
    ticket = tickets.by_number(asked.session, asked.actor, number) if number else None
    row = service.attempt(
        asked.session,
        asked.actor,
        id_of(callback_id),
        asked.body.outcome,
        note=asked.body.note,
        ticket_id=ticket.id if ticket else None,
        now=asked.now,
    )
    return _shapes(asked, [row])[0]


def _shapes(asked: Asked, rows: list[Callback]) -> list[CallbackShape]:
    known = workers.by_ids(asked.session, {row.worker_id for row in rows})
    linked = tickets.by_ids(asked.session, {row.ticket_id for row in rows if row.ticket_id})
    return [
        CallbackShape(
            id=str(row.id),
            state=row.state,
            reason=row.reason,
            caller_masked=mask_phone(known[row.worker_id].phone),
            opened_at=row.opened_at,
            next_due_at=row.next_due_at,
            tries=row.tries,
            closed_at=row.closed_at,
            ticket=linked[row.ticket_id].number if row.ticket_id in linked else None,
        )
        for row in rows
    ]
