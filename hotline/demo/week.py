"""The demo's roster of the coming week: mornings, evenings, a night, then two days off in turn."""

import datetime as dt
from typing import Final

from sqlalchemy.orm import Session

from hotline.core.language import local
from hotline.core.roles import Role
from hotline.deadlines.arithmetic import SATURDAY
from hotline.demo import rhythm
from hotline.demo.cast import Cast
from hotline.demo.switchboard import SHIFTS
from hotline.staff import roster, swaps
from hotline.staff.models import Shift
from hotline.staff.skills import Duty

DAYS: Final = 7
WISHED: Final = 3  # days ahead somebody would rather have the shift of the first visitor


def plan(session: Session, cast: Cast, now: dt.datetime) -> None:
    """Roster the operators for a week from today; one of them asks a visitor to swap."""
    lead, people = cast.by_role[Role.SUPERVISOR][0], cast.operators
    turns = [(shift, seat) for shift in SHIFTS for seat in range(shift.seats)]
    made: dict[tuple[int, int], Shift] = {}
    for ahead in range(DAYS):
        day = local(now).date() + dt.timedelta(days=ahead)
        opens = rhythm.midnight(day)
        for at, person in enumerate(people):
            turn = (at + ahead) % len(people)
            if turn >= len(turns) or person.id is None:
                continue
            shift, seat = turns[turn]
            if seat < (shift.at_weekend if day.weekday() >= SATURDAY else shift.seats):
                made[at, ahead] = roster.add_shift(
                    session, person.id, Duty.SEAT, opens + shift.begins, opens + shift.ends,
                    actor=lead, now=now,
                )  # fmt: skip
    mine, other = (made.get((at, WISHED)) for at in (2, 0))
    if mine and other:
        swaps.ask(session, mine.id, other.id, actor=people[2], now=now)
