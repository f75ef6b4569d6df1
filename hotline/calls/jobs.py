"""What the clock does for calls: offers, missed rings, orders, silent lines, kept events."""

import datetime as dt
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Final

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.calls import listed, outbound, pausing, sending, service, spool
from hotline.calls.events import Told, take
from hotline.calls.meeting import give_up_ringing, understood
from hotline.calls.models import Call
from hotline.calls.offering import end_unheard, take_back
from hotline.calls.routing import CONNECT, RING
from hotline.calls.rows import locked
from hotline.calls.states import CallState
from hotline.core.db import Transact
from hotline.core.errors import Unavailable
from hotline.staff.presence import Line
from hotline.telephony.port import Carrier, CarrierBusy, CarrierCall, CarrierRefused
from hotline.telephony.progress import TERMINAL

log = structlog.get_logger()

RING_AND_ANSWER: Final = RING + dt.timedelta(
    seconds=10
)  # a telephone tells us itself; this is late
#: A live line that says nothing for so long is gone, whatever the carrier failed to tell.
SILENT: Final = {
    CallState.RINGING: dt.timedelta(minutes=10),
    CallState.QUEUED: dt.timedelta(minutes=3),
    CallState.OFFERED: dt.timedelta(minutes=3),
    CallState.TALKING: dt.timedelta(hours=3, minutes=15),
}

#: A document may dial no longer (the default `timeLimit` of `<Dial>`; twilio.md, section 4).
LONGEST: Final = dt.timedelta(hours=4)


def offer_waiting(transact: Transact, *, now: dt.datetime) -> int:
    """Offer waiting calls to ready operators, should no door have done it."""
    return transact(lambda session: service.offer_waiting(session, now=now))


def expire_offers(transact: Transact, carrier: Carrier, *, clock: Callable[[], dt.datetime]) -> int:
    """Take back calls that rang in vain, and let the next operator's line ring.

    A caller whose line dials the operator, and who stays silent beyond the ringing, speaks
    with them: some carriers do not say so. That they are still there the carrier is asked,
    for silence alone answers no call; while it does not say, the offer stands.

    Returns:
        How many were taken back or found to be speaking.
    """
    now = clock()
    asked = transact(lambda session: {c.id: c.provider_sid for c in _late(session, now)})
    shown = _ask(carrier, asked)

    def work(session: Session) -> int:
        for said in shown.values():
            if said is not None and said.status in TERMINAL:
                listed.take(session, said, now=now)
        late = [call for call in _late(session, now) if call.id in shown]
        for call in late:
            if understood(session, call, now=now):
                continue
            reason = "missed" if call.accepted_at is None else "unreachable"
            take_back(session, call, reason, now=now)
        if late:
            service.offer_waiting(session, now=now)
        return len(late)

    return transact(work)


def expire_invitations(transact: Transact, *, now: dt.datetime) -> int:
    """Ring no longer who was called in and does not answer, should the carrier not say so.

    Returns:
        How many there were.
    """
    since = now - 2 * RING
    return transact(lambda session: give_up_ringing(session, since=since, now=now))


def _offered(session: Session) -> list[Call]:
    return list(
        session.scalars(
            select(Call)
            .where(Call.ended_at.is_(None), Call.state == CallState.OFFERED)
            .with_for_update(skip_locked=True)
        )
    )


def _late(session: Session, now: dt.datetime) -> list[Call]:
    return [call for call in _offered(session) if _is_late(call, now)]


def _ask(carrier: Carrier, sids: Mapping[int, str | None]) -> dict[int, CarrierCall | None]:
    """Return what the carrier says of each call, None where it cannot know.

    Those of which it does not say anything now are left out: it is asked again later.
    """
    said: dict[int, CarrierCall | None] = {}
    for call_id, sid in sids.items():
        with suppress(CarrierBusy):
            try:
                said[call_id] = carrier.fetch_call(sid) if sid else None
            except CarrierRefused:
                said[call_id] = None
    return said


def _is_late(call: Call, now: dt.datetime) -> bool:
    if call.accepted_at is not None:
        return now - call.accepted_at > CONNECT
    patience = RING_AND_ANSWER if call.line is Line.DESK else RING
    return call.offered_at is not None and now - call.offered_at > patience


def close_silent(transact: Transact, carrier: Carrier, *, clock: Callable[[], dt.datetime]) -> int:
    """Ask the carrier about calls of which it has told nothing for too long: its word decides.

    A call it does not know ended when we last heard of it. While it does not answer, silence
    decides once it lasts longer than any call.

    Returns:
        How many were ended.
    """
    now = clock()
    silent = transact(lambda session: _silent(session, now))
    shown = _ask(carrier, {call_id: sid for call_id, (sid, _) in silent.items()})
    for call_id, (_, heard_at) in silent.items():
        if now - heard_at >= LONGEST:
            shown.setdefault(call_id, None)
    return sum(
        transact(partial(_heed, call_id=call_id, shown=said, now=now))
        for call_id, said in shown.items()
    )


def _silent(session: Session, now: dt.datetime) -> dict[int, tuple[str | None, dt.datetime]]:
    live = session.execute(
        select(Call.id, Call.provider_sid, Call.heard_at, Call.state).where(Call.ended_at.is_(None))
    )
    return {row.id: (row.provider_sid, row.heard_at) for row in live if _is_silent(row, now)}


def _is_silent(call: Any, now: dt.datetime) -> bool:
    return bool(now - call.heard_at > SILENT[call.state])


def _heed(session: Session, *, call_id: int, shown: CarrierCall | None, now: dt.datetime) -> bool:
    """Do as the carrier says with a call that is silent still; return whether it ended."""
    call = locked(session, call_id)
    if call.ended_at is not None or not _is_silent(call, now):
        return False
    if shown is None:
        end_unheard(session, call, "silent", at=call.heard_at, now=now)
    else:
        listed.take(session, shown, now=now)
    return call.ended_at is not None


def end_live(transact: Transact, *, now: dt.datetime) -> None:
    """End every live call: a simulated carrier that starts anew knows none of them."""

    def work(session: Session) -> None:
        for call in _live(session):
            end_unheard(session, call, "silent", at=now, now=now)

    transact(work)


def _live(session: Session) -> list[Call]:
    return list(
        session.scalars(
            select(Call).where(Call.ended_at.is_(None)).with_for_update(skip_locked=True)
        )
    )


def drain_spool(transact: Transact, folder: Path) -> int:
    """Enter the carrier events that were kept on disk while the database was down.

    Each is entered as of the moment it came. One that cannot be read or entered is put
    aside with the suffix `.refused` and logged, and stops no other. Whoever dies between
    an event's commit and the end of its file leaves an event that is entered already.

    Returns:
        How many were entered.
    """
    entered = 0
    for path in spool.waiting(folder):
        try:
            transact(_taking(spool.read(path)))
        except Unavailable:
            break  # the database is still down
        except FileNotFoundError:
            continue  # another clock was faster
        except Exception:  # whatever is wrong with one, the others are entered
            log.exception("spool.refused", file=path.name)
            spool.put_aside(path)
        else:
            path.unlink(missing_ok=True)
            entered += 1
    return entered


def resume_recordings(transact: Transact, *, now: dt.datetime) -> int:
    """Let recordings go on that somebody paused and forgot."""
    return transact(lambda session: pausing.resume_forgotten(session, now=now))


def _taking(told: Told) -> Callable[[Session], str | None]:
    return lambda session: take(session, told)


def end_abandoned(transact: Transact, *, now: dt.datetime) -> int:
    """End placed calls that nobody of ours waits in any more."""
    return transact(lambda session: outbound.end_abandoned(session, now=now))


def release_lost(transact: Transact, *, now: dt.datetime) -> int:
    """Settle orders whose sender died in the middle."""
    return transact(lambda session: sending.release_lost(session, now=now))
