"""What the carrier says of a call when it is asked: what webhooks left out becomes facts."""

import datetime as dt

from sqlalchemy.orm import Session

from hotline.calls import recorded
from hotline.calls.facts import earliest
from hotline.calls.models import Call
from hotline.calls.offering import conclude
from hotline.calls.rows import enter, known, locked, note
from hotline.calls.signs import progress
from hotline.telephony.numbers import normalise
from hotline.telephony.port import CarrierCall, CarrierRecording, InboundCall
from hotline.telephony.progress import Progress, Recording

SPOKEN = "RecordVerb"  # the source of what a caller spoke for us
UNNUMBERED = -1  # any callback of the call says more than its place in a list


def take(session: Session, shown: CarrierCall, *, now: dt.datetime) -> Call:
    """Enter a caller's call as the carrier shows it, and return its row.

    A call that nobody told us of begins when the carrier says; one that is over gets its
    end. Nothing here makes it answered: to the carrier a call that heard a machine, or
    waited in vain, is `completed` like any other (domain, section 1.4).
    """
    heard = InboundCall(shown.sid, normalise(shown.from_), shown.to, shown.status, shown.from_)
    began = shown.started_at or now
    enter(session, heard, now=began)
    call = known(session, heard, now=now)
    if not call.rang:
        call.received_at = earliest(call.received_at, began)
    note(session, call, "listed", now=now, status=shown.status)
    told = Progress(shown.status, sequence=UNNUMBERED, at=shown.ended_at, ours=True)
    progress(session, heard, told, now=now)
    return call


def take_recording(
    session: Session, call_id: int, shown: CarrierRecording, *, now: dt.datetime
) -> Call:
    """Enter a recording of a call as the carrier lists it, and return the call's row."""
    call = locked(session, call_id)
    told = Recording(shown.sid, shown.seconds, shown.status, message=shown.source == SPOKEN)
    recorded.enter(session, call, told, now=now)
    note(session, call, "listed", now=now, recording=shown.sid)
    conclude(session, call, now=now)
    return call
