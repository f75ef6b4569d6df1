"""Parting from a caller: one whose matter is settled is asked by keypad, any other hung up."""

import datetime as dt

from sqlalchemy.orm import Session

from hotline.calls import queries as calls
from hotline.calls import service
from hotline.core.roles import Actor
from hotline.surveys import queries


def hang_up(session: Session, actor: Actor, call_id: int, *, now: dt.datetime) -> None:
    """End the conversation *actor* is in.

    Raises:
        As `calls.service.hang_up`.
    """
    call = calls.call(session, call_id)
    asked = queries.for_caller(session, call.worker_id, call.ticket_id)
    service.hang_up(session, actor, call_id, to="farewell" if asked else None, now=now)
