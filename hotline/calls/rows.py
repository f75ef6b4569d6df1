"""The rows of calls: entered once however often the carrier tells, locked before a change."""

import datetime as dt
from typing import Any, Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from hotline.calls import legs
from hotline.calls.models import Call, CallEvent
from hotline.calls.states import CallState
from hotline.core import upsert
from hotline.core.db import new_id
from hotline.core.errors import GuardFailed, NotFound
from hotline.core.roles import Actor, Permission, require
from hotline.core.words import N_
from hotline.telephony.numbers import normalise
from hotline.telephony.port import InboundCall
from hotline.workers import service as workers

NOT_IN_IT: Final = N_("您不在这个通话中。")
_TABLE: Final[Any] = Call.__table__
_ENTER: Final[dict[str, Any]] = {
    dialect: insert(_TABLE)
    .on_conflict_do_nothing(index_elements=[_TABLE.c.provider_sid])
    .returning(_TABLE.c.id)
    for dialect, insert in upsert.INSERTS.items()
}


def enter(session: Session, heard: InboundCall, *, now: dt.datetime, **facts: Any) -> int | None:
    """Write the row of a call nobody knew, and return its id; None where it is known.

    One statement, because it stands between a ringing caller and the greeting: the
    worker is looked up later.
    """
    row = {
        "id": new_id(),
        "provider_sid": heard.sid,
        "raw_from": heard.raw_from,
        "received_at": now,
        "heard_at": now,
        **facts,
    }
    dialect = session.get_bind().dialect.name
    found: int | None = session.connection().execute(_ENTER[dialect], row).scalar()
    return found


def known(session: Session, heard: InboundCall, *, now: dt.datetime) -> Call:
    """Return the locked row of the call that the carrier speaks of, entered if need be."""
    call = _locked(session, Call.provider_sid == heard.sid)
    if call is None:
        enter(session, heard, now=now)
        call = _locked(session, Call.provider_sid == heard.sid)
    if call is None:
        raise NotFound
    call.heard_at = max(call.heard_at, now)
    identify(session, call, now=now)
    return call


def locked(session: Session, call_id: int) -> Call:
    """Return one call, held until the transaction ends.

    Raises:
        NotFound: There is none.
    """
    call = _locked(session, Call.id == call_id)
    if call is None:
        raise NotFound
    return call


def spoken_by(session: Session, actor: Actor, call_id: int, *, there: bool = False) -> Call:
    """Return the locked call that *actor* answers for while it lasts; *there*: on a line of theirs.

    Raises:
        Forbidden: *actor* does not work calls.
        GuardFailed: They answer for no such conversation now.
        NotFound: There is no such call.
    """
    require(actor, Permission.CALL_WORK)
    call = locked(session, call_id)
    theirs = call.state is CallState.TALKING and call.staff_id == actor.id
    if not theirs or (there and legs.of_staff(session, call.id, actor.id) is None):
        raise GuardFailed(NOT_IN_IT, guard="in-conversation")
    return call


def _locked(session: Session, which: ColumnElement[bool]) -> Call | None:
    return session.scalar(
        select(Call).where(which).with_for_update().execution_options(populate_existing=True)
    )


def identify(session: Session, call: Call, *, now: dt.datetime) -> None:
    """Find out who calls, once: a withheld number is a worker of its own."""
    if call.worker_id is not None:
        return
    worker = workers.identify(session, normalise(call.raw_from), now)
    call.worker_id = worker.id
    call.language = worker.language


def note(
    session: Session,
    call: Call,
    kind: str,
    *,
    now: dt.datetime,
    staff_id: int | None = None,
    **detail: Any,
) -> None:
    """Add a line to the call's record; *detail* holds codes and counts, never words."""
    session.add(CallEvent(call_id=call.id, at=now, kind=kind, staff_id=staff_id, detail=detail))
