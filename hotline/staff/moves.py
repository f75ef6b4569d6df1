"""One step of the presence table, taken in the database: an UPDATE that names where it begins."""

import datetime as dt
from typing import Any, Final

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from hotline.core.roles import Actor
from hotline.staff.models import Presence, PresenceChange
from hotline.staff.presence import (
    BY_ACT,
    ENDS_CALL_OUT,
    KEEPS_CALL,
    Act,
    Line,
    PresenceState,
)

_FRESH: Final[dict[str, Any]] = {"reason": None, "until": None, "extensions": 0}


def row_of(session: Session, staff_id: int, line: Line, now: dt.datetime) -> Presence:
    """Return somebody's presence; before they first signed in they are offline."""
    presence = session.get(Presence, staff_id, populate_existing=True)
    if presence is None:
        presence = Presence(
            staff_id=staff_id, state=PresenceState.OFFLINE, line=line, since=now, missed=0
        )
        session.add(presence)
        session.flush()
    return presence


def move(
    session: Session,
    staff_id: int,
    act: Act,
    *still: ColumnElement[bool],
    now: dt.datetime,
    by: Actor | None = None,
    **given: Any,
) -> bool:
    """Take one row of the table if the presence still stands where it begins."""
    row = BY_ACT[act]
    values = _FRESH | given
    if act not in KEEPS_CALL:
        values.setdefault("call_id", None)
    if row.sources != {row.target}:
        values["since"] = now
    if act in ENDS_CALL_OUT:
        values["called_out"] = False
    if row.target is PresenceState.OFFLINE:
        values["seen_at"] = None
    moved = session.execute(
        update(Presence)
        .where(Presence.staff_id == staff_id, Presence.state.in_(row.sources), *still)
        .values(state=row.target, version=Presence.version + 1, **values)
        .returning(Presence.line, Presence.call_id, Presence.reason)
        .execution_options(synchronize_session="fetch")
    ).first()
    if moved is None:
        return False
    session.add(
        PresenceChange(
            staff_id=staff_id,
            at=now,
            act=act,
            to_state=row.target,
            line=moved.line,
            call_id=moved.call_id,
            reason=moved.reason,
            by_id=by.id if by else None,
        )
    )
    return True
