"""Presence as it changes by itself: what a call does to it, and what the clock does."""

import datetime as dt

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from hotline.staff.models import Presence
from hotline.staff.moves import move, row_of
from hotline.staff.presence import (
    FORGOTTEN,
    SILENT_PAGE,
    WRAP_UP,
    Act,
    Line,
    PresenceState,
    Why,
)


def leave(session: Session, staff_id: int, *, now: dt.datetime) -> bool:
    """Take somebody off the telephone; under a live call nothing changes and False returns."""
    return move(session, staff_id, Act.LEAVE, now=now)


def ring(session: Session, staff_id: int, call_id: int, now: dt.datetime) -> bool:
    """Offer a call to somebody; return False if they are no longer ready."""
    return move(session, staff_id, Act.RING, now=now, call_id=call_id)


def talk(session: Session, staff_id: int, now: dt.datetime) -> bool:
    """Note that somebody took the call that rang; return False if none was ringing."""
    return move(session, staff_id, Act.TALK, now=now, missed=0)


def miss(session: Session, staff_id: int, now: dt.datetime, *, reason: str = Why.MISSED) -> bool:
    """Note that somebody let it ring, or declined: they are away until they say otherwise."""
    missed = Presence.missed + (1 if reason == Why.MISSED else 0)
    return move(session, staff_id, Act.MISS, now=now, reason=reason, missed=missed)


def drop(session: Session, staff_id: int, now: dt.datetime, *, reason: str) -> bool:
    """Note that somebody's line failed under a call that goes on without them: they are away."""
    return move(session, staff_id, Act.DROP, now=now, reason=reason)


def wrap_up(session: Session, staff_id: int, now: dt.datetime) -> bool:
    """Note that the call ended and its record is being finished, for so long and no longer."""
    return move(session, staff_id, Act.HANG_UP, now=now, until=now + WRAP_UP)


def back(session: Session, staff_id: int, call_id: int, now: dt.datetime) -> bool:
    """Make somebody ready who was busy with this very call: it went, or its record is finished.

    Who was called out for it goes back to where they were.
    """
    mine, called_out = Presence.call_id == call_id, Presence.called_out.is_(True)
    return move(session, staff_id, Act.FREE, mine, ~called_out, now=now) or move(
        session, staff_id, Act.DISMISS, mine, called_out, now=now
    )


def call_out(session: Session, staff_id: int, now: dt.datetime) -> bool:
    """Make somebody on call ready with their telephone; no break of theirs is cut short."""
    row_of(session, staff_id, Line.DESK, now)
    chosen = and_(Presence.state == PresenceState.AWAY, Presence.reason.not_in(set(Why)))
    return move(session, staff_id, Act.CALL_OUT, ~chosen, now=now, line=Line.DESK, called_out=True)


def end_wrap_ups(session: Session, *, now: dt.datetime) -> int:
    """Let those be away whose time for a record ran out; return how many.

    Not ready: the record is unfinished, for finishing it ends the wrap-up at once. Whoever
    still writes is not rung in the middle of a word, and an empty chair is not rung at all.
    Finishing the record makes them ready even so.
    """
    due = _those(session, Presence.state == PresenceState.WRAP_UP, Presence.until <= now)
    return sum(
        move(session, each, Act.RUN_OUT, Presence.until <= now, now=now, reason=Why.UNFINISHED)
        for each in due
    )


def sign_out_lost(session: Session, *, now: dt.datetime) -> int:
    """Sign out whose page is gone, and who does not come back; return how many.

    A break within its cap needs no page. A live call is never touched: it is spoken, page
    or no page.
    """
    gone = and_(
        Presence.seen_at <= now - SILENT_PAGE,
        or_(
            Presence.state.in_({PresenceState.READY, PresenceState.WRAP_UP}),
            and_(
                Presence.state == PresenceState.AWAY,
                or_(Presence.until.is_(None), Presence.until <= now),
            ),
        ),
    )
    unchosen = and_(
        Presence.state == PresenceState.AWAY,
        Presence.reason.in_(set(Why)),
        Presence.since <= now - FORGOTTEN,
    )
    return sum(
        move(session, each, Act.LOSE, condition, now=now, reason=why)
        for condition, why in ((gone, Why.BROWSER_LOST), (unchosen, Why.FORGOTTEN))
        for each in _those(session, condition)
    )


def _those(session: Session, *conditions: ColumnElement[bool]) -> list[int]:
    asked = select(Presence.staff_id).where(*conditions).order_by(Presence.staff_id)
    return list(session.scalars(asked))
