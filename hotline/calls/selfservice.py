"""What a caller does by keypad alone, entered as facts of the call."""

import datetime as dt

from sqlalchemy.orm import Session

from hotline.calls.models import Call
from hotline.calls.offering import conclude
from hotline.calls.rows import known, note
from hotline.telephony.port import InboundCall


def still_there(session: Session, heard: InboundCall, *, now: dt.datetime) -> Call:
    """Return the locked call whose caller pressed a key, which is a sign of life."""
    return known(session, heard, now=now)


def served(session: Session, heard: InboundCall, *, now: dt.datetime) -> Call:
    """Note that the caller heard or gave a complete item; the last one counts."""
    call = known(session, heard, now=now)
    call.served_at = now if call.served_at is None else max(call.served_at, now)
    note(session, call, "selfserved", now=now)
    conclude(session, call, now=now)
    return call
