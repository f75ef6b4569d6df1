"""Handing call orders to the carrier: claimed and committed, handed over, settled."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hotline.calls.legs import of_order
from hotline.calls.meeting import undone
from hotline.calls.models import Call, CallOrder, OrderAct
from hotline.calls.offering import end_unheard
from hotline.calls.orders import by_id, hang_up
from hotline.calls.routing import RING
from hotline.calls.rows import locked
from hotline.calls.states import CallState
from hotline.core.db import Transact
from hotline.messages.outgoing import Claim, claim, write
from hotline.messages.states import MessageState
from hotline.telephony.dialling import may_dial
from hotline.telephony.port import Carrier, CarrierBusy, CarrierRefused, CarrierUncertain
from hotline.telephony.spoken import room_of

BATCH: Final = 20
AGAIN: Final = dt.timedelta(seconds=1)
GONE: Final = frozenset({20404, 21220})  # no such call; a call that is not in progress

LEADING: Final = frozenset({OrderAct.REDIRECT, OrderAct.HANG_UP})  # say that a call is no more

Clock = Callable[[], dt.datetime]


@dataclass(frozen=True)
class Ready:
    """A claimed order, read once, so that no row is held while the carrier answers."""

    claim: Claim
    act: OrderAct
    address: str
    target: str
    detail: dict[str, Any]
    call_id: int
    conference: str | None


@dataclass(frozen=True)
class Outcome:
    """What the carrier made of an order."""

    state: MessageState
    sid: str | None = None
    code: int | None = None
    reason: str | None = None
    conference: str | None = None


def send_orders(
    transact: Transact, carrier: Carrier, *, public_url: str, owner: str, clock: Clock
) -> int:
    """Send what the carrier must do now.

    An order whose answer was lost is `uncertain` and not repeated: a telephone that
    rings nobody is taken back by its ring time, and the others may be asked again.

    Returns:
        How many orders were handed over or given up.
    """
    ready = transact(lambda session: take(session, owner=owner, now=clock()))
    for order in ready:
        outcome = hand_over(carrier, order, public_url)
        transact(_settling(order, outcome, clock()))
    return len(ready)


def take(session: Session, *, owner: str, now: dt.datetime) -> Sequence[Ready]:
    """Claim what is due and still wanted; what came too late is cancelled."""
    session.execute(
        update(CallOrder)
        .where(CallOrder.state == MessageState.WAITING, CallOrder.valid_until <= now)
        .values(state=MessageState.CANCELLED, settled_at=now, reason="too late")
        .execution_options(synchronize_session=False)
    )
    claims = claim(session, CallOrder, now=now, owner=owner, limit=BATCH)
    for claimed in claims:
        write(session, CallOrder, claimed, state=MessageState.SENDING)
    rows = session.execute(
        select(CallOrder, Call.conference_sid)
        .join(Call, Call.id == CallOrder.call_id)
        .where(CallOrder.id.in_([claimed.id for claimed in claims]))
    )
    found = {order.id: (order, conference) for order, conference in rows}
    return [_ready(claimed, *found[claimed.id]) for claimed in claims]


def _ready(claimed: Claim, order: CallOrder, conference: str | None) -> Ready:
    return Ready(
        claim=claimed,
        act=order.act,
        address=order.address or "",
        target=order.target_sid or "",
        detail=order.detail,
        call_id=order.call_id,
        conference=conference,
    )


def hand_over(carrier: Carrier, order: Ready, public_url: str) -> Outcome:
    """Ask the carrier, and return what came of it."""
    try:
        return _asking[order.act](carrier, order, f"{public_url}/phone")
    except CarrierRefused as refusal:
        state = MessageState.FAILED if refusal.permanent else MessageState.WAITING
        return Outcome(state, code=refusal.code, reason="refused")
    except CarrierBusy:
        return Outcome(MessageState.WAITING, reason="busy")
    except CarrierUncertain:
        return Outcome(MessageState.UNCERTAIN, reason="answer lost")


def _dial(carrier: Carrier, order: Ready, base: str) -> Outcome:
    if not may_dial(order.address):
        return Outcome(MessageState.FAILED, reason="not allowed")
    document = order.detail.get("to", f"desk/{order.claim.id}")
    sid = carrier.place_call(
        order.address,
        url=f"{base}/{document}",
        status_callback=f"{base}/{document}/status",
        timeout=int(RING.total_seconds()),
        time_limit=order.detail.get("limit"),
    )
    return Outcome(MessageState.SENT, sid=sid)


def _redirect(carrier: Carrier, order: Ready, base: str) -> Outcome:
    carrier.redirect_call(order.target, f"{base}/{order.detail['to']}")
    return Outcome(MessageState.SENT)


def _adjust(carrier: Carrier, order: Ready, base: str) -> Outcome:
    """Change somebody in the room; nobody may have told yet which conference it is."""
    conference = order.conference or carrier.find_conference(room_of(order.call_id))
    if conference is None:
        return Outcome(MessageState.WAITING, reason="no room yet")
    changes = dict(order.detail)
    if changes.get("hold"):
        changes["hold_url"] = f"{base}/held/{order.call_id}"
    carrier.adjust_participant(conference, order.target, **changes)
    return Outcome(MessageState.SENT, conference=conference)


def _record(carrier: Carrier, order: Ready, _base: str) -> Outcome:
    conference = order.conference or carrier.find_conference(room_of(order.call_id))
    if conference is None:
        return Outcome(MessageState.WAITING, reason="no room yet")
    carrier.hold_recording(conference, conference=True, paused=order.detail["paused"])
    return Outcome(MessageState.SENT, conference=conference)


def _hang_up(carrier: Carrier, order: Ready, _base: str) -> Outcome:
    carrier.end_call(order.target)
    return Outcome(MessageState.SENT)


_asking: Final[dict[OrderAct, Callable[[Carrier, Ready, str], Outcome]]] = {
    OrderAct.DIAL: _dial,
    OrderAct.REDIRECT: _redirect,
    OrderAct.ADJUST: _adjust,
    OrderAct.RECORD: _record,
    OrderAct.HANG_UP: _hang_up,
}


def _settling(order: Ready, outcome: Outcome, now: dt.datetime) -> Callable[[Session], None]:
    def work(session: Session) -> None:
        settle(session, order, outcome, now=now)

    return work


def settle(session: Session, order: Ready, outcome: Outcome, *, now: dt.datetime) -> None:
    """Keep what came of an order, and act on it: the next operator, or the end of a leg."""
    values: dict[str, Any] = {"state": outcome.state, "error_code": outcome.code}
    values["reason"] = outcome.reason
    if outcome.state is MessageState.WAITING:
        values |= {"due_at": now + AGAIN, "lease_until": None}
    elif outcome.state is MessageState.SENT:
        values |= {"sent_at": now}
    if not write(session, CallOrder, order.claim, **values):
        return
    row = by_id(session, order.claim.id)
    session.refresh(row)
    call = locked(session, row.call_id)
    call.conference_sid = call.conference_sid or outcome.conference
    if outcome.sid is not None:
        row.provider_sid = outcome.sid
        leg = of_order(session, row.id)
        gone = call.state is CallState.ENDED or (leg is not None and not leg.present)
        if gone and row.settled_at is None:
            hang_up(session, call, outcome.sid, now=now)
    if outcome.code in GONE and order.target == call.provider_sid and order.act in LEADING:
        end_unheard(session, call, "silent", at=now, now=now)
    elif outcome.state is MessageState.FAILED:
        undone(session, call, row, now=now)


def release_lost(session: Session, *, now: dt.datetime) -> int:
    """Settle orders whose sender died: what may be repeated is, a telephone is not rung twice.

    Returns:
        How many there were.
    """
    lost = session.scalars(
        select(CallOrder)
        .where(CallOrder.state == MessageState.SENDING, CallOrder.lease_until < now)
        .with_for_update(skip_locked=True)
    ).all()
    for order in lost:
        rings = order.act is OrderAct.DIAL
        order.state = MessageState.UNCERTAIN if rings else MessageState.WAITING
        order.reason = "sender lost"
    return len(lost)
