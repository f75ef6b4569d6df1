"""Recordings, as pages and the rooms above ask for them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.calls.models import Call
from hotline.core.rows import one
from hotline.recordings.models import Listening, Recording
from hotline.tickets.models import Ticket


def recording(session: Session, recording_id: int) -> Recording:
    """Return one recording.

    Raises:
        NotFound: There is none.
    """
    return one(session, Recording, recording_id)


def of_call(session: Session, call_id: int) -> Sequence[Recording]:
    """Return the recordings of a call, in order."""
    return session.scalars(
        select(Recording).where(Recording.call_id == call_id).order_by(Recording.id)
    ).all()


def of_ticket(session: Session, ticket: Ticket) -> Sequence[Recording]:
    """Return the recordings of the calls that led to *ticket*, in order."""
    return session.scalars(
        select(Recording)
        .join(Call, Call.id == Recording.call_id)
        .where(Call.ticket_id == ticket.id)
        .order_by(Recording.id)
    ).all()


def ticket_of(session: Session, recording: Recording) -> Ticket | None:
    """Return the ticket that the recorded call led to, if any."""
    return session.scalar(
        select(Ticket).join(Call, Call.ticket_id == Ticket.id).where(Call.id == recording.call_id)
    )


def opened(session: Session, session_id: str, recordings: Sequence[Recording]) -> frozenset[int]:
    """Return which of *recordings* the session has a reason to hear."""
    if not recordings:
        return frozenset()
    asked = select(Listening.recording_id).where(
        Listening.session_id == session_id,
        Listening.recording_id.in_([each.id for each in recordings]),
    )
    return frozenset(session.scalars(asked))
