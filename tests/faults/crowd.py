"""People who call and write as they please, operators who answer some, and what must hold after.

Chance is a seed's. Time is virtual: the story of an hour takes seconds.
"""

import datetime as dt
import random
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.callbacks.models import CallbackCall
from hotline.calls import control, queries, service
from hotline.calls.models import Call, CallLeg
from hotline.calls.states import NO_TICKET, CallState, EndState, owes_callback
from hotline.clock import schedule
from hotline.core.db import db, transaction
from hotline.core.errors import HotlineError
from hotline.core.roles import Actor
from hotline.ledger import checking
from hotline.ledger.models import LedgerException
from hotline.messages.models import Message
from hotline.messages.states import MessageState
from hotline.rates import jobs as rollup
from hotline.staff import queries as staff_queries
from hotline.staff import service as staff_service
from hotline.staff.presence import Line, PresenceState
from hotline.telephony import profile
from simulator.script import Pace
from tests.harness import Hotline
from tests.people import Staff

PACE: Final = Pace(character=0.2, clip=4.0, reaction=1.0)  # as a voice speaks
STEP: Final = 10  # seconds
QUARTER: Final = dt.timedelta(minutes=15)
SECOND_MS: Final = 1_000
EVERY: Final = 12  # so many steps pass from one round of all jobs to the next
LONGEST_CALL: Final = 120.0  # seconds until the last of these callers has hung up
NUMBERS: Final = 30
KEYS: Final = ("1", "2", "9", "0", "#", "*", "12", "2#")
WORDS: Final = ("老板拖欠我三个月工资", "工地在新城区", "没有签合同")
OFTEN: Final = frozenset(
    {
        "drain-spool", "expire-offers", "offer-waiting", "send-orders", "release-lost",
        "close-silent", "settle-ended",
    }
)  # fmt: skip
#: How often a callback comes twice, too early, too late or not at all.
CHAOS: Final = {"duplicate": 0.1, "reorder": 0.1, "delay": 0.05, "drop": 0.1}
AFTERWARDS: Final = dt.timedelta(minutes=30)
UNDER_WAY: Final = {MessageState.SENDING, MessageState.SENT, MessageState.UNCERTAIN}
TARGETS: Final = ("110", "12348", "12333")  # helplines, which take up the call or do not
ANSWERED: Final = 0.7
REASONS: Final = sorted(NO_TICKET - {"progress", "urge", "supplement"})


class Crowd:
    """Everybody who calls, and the two who answer."""

    def __init__(self, hotline: Hotline, staff: Staff, seed: int) -> None:
        self.hotline = hotline
        self.chance = random.Random(seed)
        other = Line.SIMULATED if profile.current().browsers else Line.DESK
        self.operators = {staff.operator: Line.DESK, staff.second_operator: other}
        self.calls = 0
        self._steps = 0
        hotline.carrier.exchange.pace = PACE

    def call(self) -> None:
        """Let somebody call, who may do anything."""
        chance = self.chance
        self.calls += 1
        self.hotline.carrier.call(
            self._number(),
            says=chance.sample(WORDS, chance.randrange(4)),
            presses=self._keys(),
            patience=chance.choice((None, chance.uniform(0, 90))),
            hangs_up_after=chance.choice((LONGEST_CALL, chance.uniform(0, 60))),
            stays=chance.choice((None, chance.uniform(0, 20))),
        )

    def some_call(self) -> None:
        """Let as many call as do within a step."""
        for _ in range(self.chance.randrange(4)):
            self.call()

    def text(self) -> None:
        """Let somebody write."""
        body = f"{self.chance.choice(WORDS)} {self.chance.randrange(10**6)}"
        self.hotline.carrier.text(self._number(hidden=0.0), body)

    def _number(self, hidden: float = 0.1) -> str:
        if self.chance.random() < hidden:
            return "anonymous"
        return f"+8613800000{self.chance.randrange(NUMBERS):03d}"

    def _keys(self) -> dict[str | int, str]:
        chance = self.chance
        return {n: chance.choice(KEYS) for n in range(1, 4) if chance.random() < 0.3}

    # -------------------------------------------------------------- time and work

    def step(self, *, works: bool = True) -> None:
        """Let some seconds pass; while the hotline *works*, so do its clock and its people."""
        self._steps += 1
        self.hotline.carrier.advance(STEP)
        self.hotline.move()
        if not works:
            return
        self._tick(whole=self._steps % EVERY == 0)
        for operator, line in self.operators.items():
            self._work(operator, line)
        db.session.rollback()

    def _tick(self, *, whole: bool) -> None:
        each = schedule.Round.of(self.hotline.app)
        for job in schedule.JOBS:
            if whole or job.name in OFTEN:
                job.run(each)

    def _work(self, operator: Actor, line: Line) -> None:
        """Let an operator do one thing: be ready, finish a record, or sometimes go away."""
        key = operator.id or 0
        now = self.hotline.now
        seat = staff_queries.presence(self.hotline.session, key)
        state = None if seat is None else seat.state
        if state in {None, PresenceState.OFFLINE, PresenceState.AWAY}:
            self.do(
                lambda s: staff_service.set_presence(s, key, PresenceState.READY, line, now=now)
            )
        elif state is PresenceState.WRAP_UP:
            for call in queries.to_wrap_up(self.hotline.session, key):
                self._finish(operator, call.id)
        elif state is PresenceState.RINGING and line is not Line.DESK:
            self._ring(operator)
        elif state is PresenceState.TALKING and self.chance.random() < BUSY:
            talk = queries.for_operator(self.hotline.session, key)
            if talk is not None:
                self.chance.choice(DEEDS)(self, operator, talk.id)

    def _ring(self, operator: Actor) -> None:
        """Take the call that rings in the browser, refuse it, or not be there."""
        call = queries.for_operator(self.hotline.session, operator.id or 0)
        act = self.chance.choices((service.accept, service.decline, None), (8, 1, 1))[0]
        if call is not None and act is not None:
            self.do(lambda s: act(s, operator, call.id, now=self.hotline.now))

    def _finish(self, operator: Actor, call_id: int) -> None:
        reason = self.chance.choice(REASONS)
        self.do(lambda s: service.dispose(s, operator, call_id, reason, now=self.hotline.now))

    @staticmethod
    def do(work: Any) -> None:
        """Do something at a door, which may refuse it."""
        try:
            transaction(work)
        except HotlineError:
            db.session.rollback()  # somebody was faster, or it cannot be: the page would say so

    def target(self, operator: Actor) -> str:
        """Choose whom *operator* calls in: a helpline or the other one at the desk."""
        number = self.chance.choice((*TARGETS, ""))
        if not number:
            return next(f"staff:{each.id}" for each in self.operators if each != operator)
        self.hotline.carrier.phone(number).answers = self.chance.random() < ANSWERED
        return f"helpline:{number}"

    def calm_down(self) -> None:
        """Let everybody hang up, and the clock find whatever was lost."""
        vars(self.hotline.carrier.faults).update(dict.fromkeys(CHAOS, 0.0))
        for _ in range(int(LONGEST_CALL) // STEP + 2):
            self.step()
        self.hotline.forward(AFTERWARDS / 3, seconds=AFTERWARDS.total_seconds())


# ------------------------------------------------------------------ what is done in a conversation


def _verb(verb: Callable[..., object]) -> "Deed":
    def deed(crowd: Crowd, operator: Actor, call_id: int) -> None:
        crowd.do(lambda session: verb(session, operator, call_id, now=crowd.hotline.now))

    return deed


def _calling_in(verb: Callable[..., object]) -> "Deed":
    def deed(crowd: Crowd, operator: Actor, call_id: int) -> None:
        target = crowd.target(operator)
        crowd.do(lambda session: verb(session, operator, call_id, target, now=crowd.hotline.now))

    return deed


Deed = Callable[[Crowd, Actor, int], None]
BUSY: Final = 0.3  # how often an operator who talks does one of these, a step
DEEDS: Final[tuple[Deed, ...]] = (
    _verb(control.hold),
    _verb(control.resume),
    _verb(control.resume),
    _verb(control.mute),
    _verb(control.three_way),
    _verb(control.complete_transfer),
    _verb(service.hang_up),
    _calling_in(control.consult),
    _calling_in(control.transfer_cold),
)


# ------------------------------------------------------------------ what must hold


def legs(hotline: Hotline) -> dict[str, Any]:
    """Return the calls that reached the carrier for us, by their ids."""
    known = hotline.carrier.exchange.legs
    return {sid: leg for sid, leg in known.items() if leg.direction == "inbound"}


def every_call_is_on_record(hotline: Hotline) -> None:
    """Check that each call of the carrier has one row, the right end, and the debt it is owed."""
    truth = legs(hotline)
    rows = hotline.session.scalars(select(Call)).all()
    assert {row.provider_sid for row in rows} == truth.keys()
    assert len(rows) == len(truth)
    assert [row.provider_sid for row in rows if row.state is not CallState.ENDED] == []
    owed = [row.id for row in rows if row.end_state and owes_callback(row.end_state)]
    links = hotline.session.scalars(select(CallbackCall.call_id)).all()
    assert sorted(links) == sorted(owed)
    answered = {row.provider_sid for row in rows if row.end_state is EndState.ANSWERED}
    spoke = {sid for sid, leg in truth.items() if leg.bridged_to}
    assert answered - spoke <= _barely_answered(rows)


def _barely_answered(rows: Sequence[Call]) -> set[str]:
    """Return the calls that ended in the second in which the operator picked up.

    A carrier without conferences tells of the picking up and not of the connecting after it.
    """
    if profile.current() is not profile.BASIC:
        return set()
    return {row.provider_sid for row in rows if (row.talked_ms or 0) < SECOND_MS}


def the_identity_holds(hotline: Hotline) -> None:
    """Check each quarter of an hour against the carrier's own count."""
    moments = sorted(leg.created for leg in legs(hotline).values())
    for since in _quarters(moments[0], moments[-1]):
        counted = queries.identity(hotline.session, since, since + QUARTER)
        assert counted.holds
        assert counted.in_progress == 0
        assert counted.inbound == sum(since <= at < since + QUARTER for at in moments)


def the_numbers_are_true(hotline: Hotline) -> None:
    """Check that the rollup is what the rows give, and that no change of a row was ever untold."""
    now = hotline.now
    rollup.keep_up(transaction, lambda: now)
    assert transaction(lambda session: rollup.recount(session, now=now, mend=False)) == []
    for part in checking.whole(hotline.session):
        transaction(partial(checking.ask_slice, part=part, now=now))
    suspected = LedgerException.what.in_({"row_altered", "row_inserted"})
    assert hotline.session.scalars(select(LedgerException.label).where(suspected)).all() == []


def _quarters(first: dt.datetime, last: dt.datetime) -> Iterator[dt.datetime]:
    since = first - (first - dt.datetime.min.replace(tzinfo=dt.UTC)) % QUARTER
    while since <= last:
        yield since
        since += QUARTER


def every_sms_is_on_record(hotline: Hotline) -> None:
    """Check that each SMS of the carrier has one row, and what became of ours is known."""
    rows = hotline.session.execute(select(Message.provider_sid, Message.state)).all()
    assert set(hotline.carrier.exchange.messages) <= {row.provider_sid for row in rows}
    assert UNDER_WAY.isdisjoint(row.state for row in rows)


def nobody_is_stuck(session: Session, staff: Staff) -> None:
    """Check that nobody is held by a call, at the desk or called in: all of them are over."""
    for operator in (staff.operator, staff.second_operator):
        seat = staff_queries.presence(session, operator.id or 0)
        assert seat is None or seat.state not in {PresenceState.RINGING, PresenceState.TALKING}
    assert session.scalars(select(CallLeg.id).where(CallLeg.left_at.is_(None))).all() == []
