"""Presence by request: whether somebody takes calls, and what rings when one is offered."""

import datetime as dt

from hotline.api.endpoint import Asked, Model, Operation, endpoint
from hotline.calls import service as calls
from hotline.core.roles import Permission
from hotline.staff import service
from hotline.staff.presence import Line, PresenceState


class PresenceChange(Model):
    """What somebody chooses."""

    state: PresenceState
    line: Line = Line.SIMULATED
    reason: str | None = None


class PresenceShape(Model):
    """Where somebody stands."""

    state: str
    line: str
    since: dt.datetime
    call: str | None


@endpoint(
    Operation(
        "PUT", "/presence", "say whether you take calls", Permission.DESK, PresenceShape,
        body=PresenceChange,
    )
)  # fmt: skip
def choose(asked: Asked) -> Model:
    """Set one's own presence; a waiting call is offered at once."""
    row = service.set_presence(
        asked.session,
        asked.actor.id or 0,
        asked.body.state,
        asked.body.line,
        reason=asked.body.reason,
        now=asked.now,
    )
    calls.offer_waiting(asked.session, now=asked.now)
    asked.session.refresh(row)
    return PresenceShape(
        state=row.state,
        line=row.line,
        since=row.since,
        call=str(row.call_id) if row.call_id else None,
    )
