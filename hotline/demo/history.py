"""The demo's history: a fortnight played by the real services, as of each moment.

Everything is written in one transaction: it is all there afterwards, or nothing is.
"""

import datetime as dt
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any, Final, NamedTuple, cast

from sqlalchemy import Table, exists, func, insert, select
from sqlalchemy.orm import Session

from hotline.calls.models import Call
from hotline.core import audit
from hotline.core.db import together, transaction
from hotline.core.errors import GuardFailed
from hotline.core.roles import system
from hotline.core.words import N_
from hotline.deadlines import queries as deadlines
from hotline.demo import cast as casting
from hotline.demo import clockwork, drive, library, outbox, rhythm, showcase, week
from hotline.demo.callers import Crowd, call
from hotline.demo.places import LEAGUES
from hotline.demo.stage import Stage
from hotline.demo.switchboard import LINE, Switchboard
from hotline.demo.telephone import Record
from hotline.demo.writers import write
from hotline.messages.models import Message
from hotline.messages.rules import Rules
from hotline.rates import jobs as rates
from hotline.staff.models import Presence, PresenceChange
from hotline.tickets.models import Ticket
from hotline.units import queries as units

DAYS: Final = 14
CALLS: Final = 120
TEXTS_PER_CALL: Final = 1 / 8  # beside the answers to surveys
PLAYED: Final[tuple[Any, ...]] = (Call, Message, Ticket)
HIRED_BEFORE: Final = dt.timedelta(days=60)


@dataclass(frozen=True)
class Plan:
    """How much history there is to be, and of which chance.

    Attributes:
        now: The present: history ends here.
        sign_in: Whether visitors may sign in with the demo's password.
    """

    now: dt.datetime
    rules: Rules
    days: int = DAYS
    calls_per_day: int = CALLS
    seed: int = 1
    sign_in: bool = True


@dataclass
class History:
    """A history that is being played, look by look of its clock."""

    plan: Plan
    crowd: Crowd
    looks: list[dt.datetime]

    def play(self, until: dt.datetime) -> None:
        """Let everything happen up to a moment, and the clock look at it then."""
        stage = self.crowd.stage
        transaction(lambda _session: self._play(until))
        clockwork.look(transaction, stage)

    def _play(self, until: dt.datetime) -> None:
        self.crowd.stage.play(until)
        self.crowd.record.write(self.crowd.stage.session)

    def finish(self) -> "Told":
        """Send everybody home, let notices be read, count the rates; return what there is."""
        return transaction(self._finish)

    def _finish(self, session: Session) -> "Told":
        now = self.plan.now
        changes = self.crowd.board.changes(now)
        if changes:
            session.execute(insert(_table(PresenceChange)), changes)
            session.execute(insert(_table(Presence)), _presences(changes))
        drive.gather(session, self.crowd.stage.cast, now)
        week.plan(session, self.crowd.stage.cast, now)
        outbox.settle(session, self.crowd.stage.chance, now)
        outbox.read_notices(session, now)
        rates.start_afresh(session, now=now)
        rates.recount(session, now=now)
        detail = {"days": self.plan.days, "seed": self.plan.seed}
        audit.note(session, system("demo"), "demo.seed", "demo", now=now, **detail)
        counts = (session.scalar(select(func.count()).select_from(t)) for t in PLAYED)
        return Told(*(count or 0 for count in counts))


class Told(NamedTuple):
    """How much history there is."""

    calls: int
    texts: int  # in both directions
    tickets: int


@contextmanager
def playing(plan: Plan) -> Iterator[History]:
    """Give a history to play, kept when the block ends well.

    Raises:
        GuardFailed: There are calls, messages or tickets already.
        Invalid: A login of the demo is taken.
    """
    gc.disable()  # a tenth of the time, and what it would find is kept till the end anyway
    try:
        with together():
            yield transaction(lambda session: _prepared(session, plan))
    finally:
        gc.enable()


def is_untouched(session: Session) -> bool:
    """Return whether nobody has called, written, or brought a matter yet."""
    return not any(session.scalar(select(exists().select_from(table))) for table in PLAYED)


def _prepared(session: Session, plan: Plan) -> History:
    if not is_untouched(session):
        raise GuardFailed(
            N_("这里已经有来电、短信或工单，演示数据只能写入空的热线。"), guard="empty"
        )
    chance = Random(plan.seed)
    days = rhythm.days(plan.now, plan.days)
    opens = rhythm.midnight(days[0])
    hired = casting.hire(session, chance, opens - HIRED_BEFORE, visitors_may_sign_in=plan.sign_in)
    library.stock(session, hired, opens)
    drive.begin(session, hired, opens)
    stage = Stage(
        session=session,
        cast=hired,
        chance=chance,
        rules=plan.rules,
        calendar=deadlines.calendar(session),
        now=opens,
        closes=plan.now,
        places=_places(session),
    )
    crowd = Crowd(stage, Switchboard(hired.operators, chance), Record())
    showcase.stage_all(crowd, opens)
    for day in days:
        _arrive(crowd, day, plan)
    return History(plan, crowd, list(rhythm.looks(days, plan.now)))


def _arrive(crowd: Crowd, day: dt.date, plan: Plan) -> None:
    """Let the people of a day come, those before the present."""
    stage = crowd.stage
    for at in rhythm.moments(stage.chance, day, plan.calls_per_day):
        if at < plan.now:
            stage.begin(at, call(crowd))
    for at in rhythm.moments(stage.chance, day, plan.calls_per_day * TEXTS_PER_CALL):
        if at < plan.now:
            stage.begin(at, write(crowd))


def _places(session: Session) -> dict[str, str]:
    codes = [code for league in LEAGUES for code in league.banners]
    return {code: units.unit(session, code).name.removesuffix("总工会") for code in codes}


def _presences(changes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return where everybody stands after all changes."""
    last = {change["staff_id"]: change for change in changes}
    count = {staff_id: sum(c["staff_id"] == staff_id for c in changes) for staff_id in last}
    return [
        {
            "staff_id": staff_id, "state": change["to_state"], "line": LINE,
            "since": change["at"], "missed": 0, "version": count[staff_id] + 1,
        }
        for staff_id, change in last.items()
    ]  # fmt: skip


def _table(model: Any) -> Table:
    return cast("Table", model.__table__)
