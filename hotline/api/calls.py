"""Calls by request: the list, and what an answered call came to."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from hotline.api import shapes
from hotline.api.endpoint import Asked, Model, Operation, endpoint, id_of
from hotline.api.tickets import Limit
from hotline.calls import queries, service
from hotline.calls.models import Call
from hotline.calls.states import NO_TICKET, EndState
from hotline.core.privacy import mask_phone
from hotline.core.roles import Permission
from hotline.staff import queries as staff
from hotline.tickets import queries as tickets
from hotline.tickets import sight
from hotline.tickets.veils import seen
from hotline.workers import queries as workers
from hotline.workers.models import Worker


class CallQuery(Model):
    """What a list of calls is narrowed to."""

    end_state: EndState | None = None
    limit: Limit = 50
    cursor: str | None = None


class CallShape(Model):
    """A call; *operator* is the login of who spoke, or of whose line rings."""

    id: str
    direction: str
    state: str
    end_state: str | None
    caller_masked: str
    operator: str | None
    line: str | None
    received_at: dt.datetime
    queued_at: dt.datetime | None
    answered_at: dt.datetime | None
    ended_at: dt.datetime | None
    waited_ms: int | None
    talked_ms: int | None
    disposition: str | None
    ticket: str | None


class Disposition(Model):
    """What an answered call came to: a ticket, or a reason why none is needed."""

    reason: Annotated[str | None, Field(json_schema_extra={"enum": sorted(NO_TICKET)})] = None
    ticket: str | None = None


@endpoint(
    Operation(
        "GET", "/calls", "calls, newest first", Permission.CALL_READ,
        shapes.Listed[CallShape], query=CallQuery,
    )
)  # fmt: skip
def listed(asked: Asked) -> Model:
    """List calls."""
    sight.require_central(asked.actor)
    page = queries.page(
        asked.session,
        end_state=asked.query.end_state,
        cursor=asked.query.cursor,
        limit=asked.query.limit,
    )
    return shapes.Listed[CallShape](items=_shapes(asked, list(page.items)), next=page.next)


@endpoint(
    Operation(
        "POST", "/calls/<call_id>/disposition", "say what a call came to", Permission.CALL_WORK,
        CallShape, body=Disposition,
    )
)  # fmt: skip
def dispose(asked: Asked, call_id: str) -> Model:
    """Register a call to a ticket, or say why it needs none; this ends the wrap-up."""
    number, reason = asked.body.ticket, asked.body.reason
    ticket_id = None
    if number is not None:
        ticket_id = tickets.by_number(asked.session, asked.actor, number).id
    key = id_of(call_id)
    if reason is None and ticket_id is not None:
        call = service.register(asked.session, asked.actor, key, ticket_id, now=asked.now)
    else:
        call = service.dispose(
            asked.session, asked.actor, key, reason or "", ticket_id=ticket_id, now=asked.now
        )
    return _shapes(asked, [call])[0]


def _shapes(asked: Asked, rows: list[Call]) -> list[CallShape]:
    known = workers.by_ids(asked.session, {row.worker_id for row in rows if row.worker_id})
    linked = tickets.shown(
        asked.session, asked.actor, {row.ticket_id for row in rows if row.ticket_id}
    )
    hands = {row.id: row.staff_id or row.offered_to for row in rows}
    people = staff.staff_by_ids(asked.session, {key for key in hands.values() if key})
    logins = {key: person.login for key, person in people.items()}
    return [
        CallShape(
            id=str(row.id),
            direction=row.direction,
            state=row.state,
            end_state=row.end_state,
            caller_masked=mask_phone(_caller(row, known, linked)),
            operator=logins.get(hands[row.id] or 0),
            line=row.line,
            received_at=row.received_at,
            queued_at=row.queued_at,
            answered_at=row.answered_at,
            ended_at=row.ended_at,
            waited_ms=row.waited_ms,
            talked_ms=row.talked_ms,
            disposition=row.disposition,
            ticket=linked[row.ticket_id].number if row.ticket_id else None,
        )
        for row in rows
    ]


def _caller(row: Call, known: Mapping[int, Worker], linked: Mapping[int, Any]) -> str | None:
    worker = known.get(row.worker_id or 0)
    ticket = linked.get(row.ticket_id or 0)
    if worker is None or ticket is None:
        return worker.phone if worker else None
    number: str | None = seen(worker, ticket.sight).phone
    return number
