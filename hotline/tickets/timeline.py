"""Writing entries of a ticket's timeline."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from hotline.core.roles import Actor
from hotline.tickets.models import Ticket
from hotline.tickets.records import EventKind, TicketEvent
from hotline.tickets.states import Action, State


def written(fields: Mapping[str, Any]) -> str:
    """Return *fields* as the JSON that is sealed; moments and dates as ISO 8601."""
    return json.dumps(dict(fields), ensure_ascii=False, default=lambda when: when.isoformat())


def write(
    session: Session,
    ticket: Ticket,
    kind: EventKind,
    *,
    actor: Actor,
    now: dt.datetime,
    note: str | None = None,
    given: Mapping[str, Any] | None = None,
    action: Action | None = None,
    moved: tuple[State, State] | None = None,
    **detail: Any,
) -> None:
    """Add an entry and mark the ticket as touched at *now*."""
    ticket.touched_at = now
    session.add(
        TicketEvent(
            ticket_id=ticket.id,
            at=now,
            kind=kind,
            cycle=ticket.cycle,
            action=action,
            from_state=moved[0] if moved else None,
            to_state=moved[1] if moved else None,
            actor_id=actor.id,
            actor_name=actor.name,
            note=note,
            given=written(given) if given else None,
            detail=detail,
        )
    )
