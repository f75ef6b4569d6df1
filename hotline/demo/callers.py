"""The people who call in the history, what their calls lead to, and who calls them back."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Final

from hotline.callbacks import queries as debts
from hotline.callbacks import service as callbacks
from hotline.callbacks.states import CallbackState, Outcome
from hotline.calls.states import Disposition
from hotline.core.db import new_id
from hotline.core.roles import Actor
from hotline.demo import lives, stories, texts
from hotline.demo.case import Case
from hotline.demo.places import banner
from hotline.demo.stage import Life, Stage
from hotline.demo.switchboard import Course, Switchboard
from hotline.demo.telephone import Ended, Record, enter
from hotline.intake.form import IntakeForm
from hotline.intake.service import register
from hotline.tickets import casework, urging
from hotline.tickets.models import Channel
from hotline.tickets.states import OPEN
from hotline.workers import service as workers

NUMBERS: Final = 2400  # how many people there are; some of them call again
HIDDEN: Final = "anonymous"

D = Disposition
WITHOUT: Final = (  # why a call needs no ticket, and how often
    (D.WRONG_NUMBER, 10), (D.SILENT, 6), (D.NUISANCE, 2), (D.THANKS, 8), (D.CONNECTED, 4),
)  # fmt: skip
AGAIN: Final = ((D.PROGRESS, 5), (D.URGE, 3), (D.SUPPLEMENT, 3))
TRIED: Final = (
    (Outcome.REACHED, 62), (Outcome.NO_ANSWER, 22), (Outcome.BUSY, 7), (Outcome.SWITCHED_OFF, 6),
    (Outcome.WRONG_NUMBER, 3),
)  # fmt: skip


@dataclass
class Crowd:
    """All who may call: who is known, who waits for something, who is owed a call."""

    stage: Stage
    board: Switchboard
    record: Record
    cases: dict[int, Case] = field(default_factory=dict)  # the last matter by number
    workers: dict[int, int] = field(default_factory=dict)
    owed: set[int] = field(default_factory=set)  # workers who are owed a call

    def stranger(self) -> int:
        """Return the number of somebody who has no matter with us, if there is one."""
        for _ in range(8):
            number = self.stage.chance.randrange(NUMBERS)
            if number not in self.cases:
                return number
        return self.stage.chance.randrange(NUMBERS)

    def acquaintance(self) -> int | None:
        """Return the number of somebody whose matter is open."""
        known = list(self.cases)[-200:]
        for number in self.stage.chance.sample(known, min(len(known), 4)):
            if self.cases[number].ticket.state in OPEN:
                return number
        return None

    def worker(self, number: int | None) -> int:
        """Return the worker of a number; a hidden one is somebody new."""
        if number in self.workers:
            return self.workers[number]
        phone = None if number is None else texts.phone(number)
        found = workers.identify(self.stage.session, phone, self.stage.now).id
        if number is not None:
            self.workers[number] = found
        return found


def call(crowd: Crowd, number: int | None = None) -> Life:
    """Play one call, of anybody unless *number* says otherwise."""
    stage = crowd.stage
    course = crowd.board.course(stage.now)
    over = course.done_at or course.ended_at
    if over > stage.closes:
        return  # nobody is on the line at the present moment
    call_id, sid = new_id(), stage.sid("CA")
    crowd.board.keep(course, call_id)
    number = _who(crowd) if number is None else number
    worker_id = crowd.worker(number)
    raw_from = HIDDEN if number is None else texts.phone(number)
    ended = Ended(call_id, sid, course, worker_id, raw_from, None)
    if course.answered_at is None:
        yield course.ended_at
        _missed(crowd, ended, number)
        return
    yield over  # the operator writes it down after the last word
    case = _matter(crowd, number, course)
    if case is not None:
        ticket_id: int | None = registered(crowd, case, course.rings[-1].seat.actor)
        disposition = D.REGISTERED
        stage.begin(stage.now, lives.of_matter(case))
        said = case.says(case.story.words)
        words = tuple(part for part in said.replace("。", "，").split("，") if part)
    else:
        disposition, ticket_id = _without(crowd, number)
        words = ("喂，您好。",) if disposition is not D.SILENT else ()
    _answered(
        crowd, Ended(call_id, sid, course, worker_id, raw_from, disposition, ticket_id, words)
    )


def _who(crowd: Crowd) -> int | None:
    fate = crowd.stage.chance.random()
    if fate < 0.02:  # noqa: PLR2004 - so many hide their number
        return None
    known = crowd.acquaintance() if fate < 0.2 else None  # noqa: PLR2004 - and so many call again
    return crowd.stranger() if known is None else known


def _matter(crowd: Crowd, number: int | None, course: Course) -> Case | None:
    """Return the new matter this call is about, if it is about one."""
    known = crowd.cases.get(number) if number is not None else None
    again = known is not None and known.ticket.state in OPEN
    if again or crowd.stage.chance.random() > 0.47:  # noqa: PLR2004 - a share of the calls
        return None
    return Case(
        crowd.stage, stories.pick(crowd.stage.chance), banner(crowd.stage.chance), number,
        course.rings[-1].seat.actor,
    )  # fmt: skip


def registered(
    crowd: Crowd, case: Case, operator: Actor, channel: Channel = Channel.CALL, **given: Any
) -> int:
    """Let the operator write the matter down, and return its ticket."""
    stage = crowd.stage
    case.operator = operator
    phone = None if case.number is None else texts.phone(case.number)
    name = None if case.number is None or case.story.anonymous else stories.called(case.number)
    form = IntakeForm.read(
        case.intake() | {"channel": channel, "caller": phone, "name": name} | given
    )
    case.ticket_id = register(stage.session, operator, form, now=stage.now).id
    if case.number is not None:
        crowd.cases[case.number] = case
    return case.ticket_id


def _without(crowd: Crowd, number: int | None) -> tuple[Disposition, int | None]:
    """Return why the call needs no ticket of its own, and the ticket it speaks of."""
    stage = crowd.stage
    case = crowd.cases.get(number) if number is not None else None
    if case is None or case.ticket.state not in OPEN:
        return stage.draw(WITHOUT), None
    reason = stage.draw(AGAIN)
    operator = stage.chance.choice(stage.cast.operators)
    if reason is D.URGE:
        urging.urge(stage.session, case.ticket, "职工来电催办", actor=operator, now=stage.now)
    elif reason is D.SUPPLEMENT:
        casework.caller_said(
            stage.session, case.ticket, stage.chance.choice(stories.WORDS),
            channel=Channel.CALL, actor=operator, now=stage.now,
        )  # fmt: skip
    return reason, case.ticket_id


def _answered(crowd: Crowd, ended: Ended) -> None:
    row = enter(crowd.record, ended)
    if ended.worker_id in crowd.owed:
        crowd.record.write(crowd.stage.session)
        callbacks.heed(crowd.stage.session, row, now=crowd.stage.now)
        crowd.owed.discard(ended.worker_id)


def _missed(crowd: Crowd, ended: Ended, number: int | None) -> None:
    """Owe a callback; whoever was missed may call again first."""
    stage = crowd.stage
    crowd.record.write(stage.session)
    row = enter(crowd.record, ended)
    crowd.record.rows[type(row)].clear()
    stage.session.add(row)
    stage.session.flush()
    crowd.record.write(stage.session)
    callbacks.heed(stage.session, row, now=stage.now)
    owed = debts.open_of(stage.session, ended.worker_id)
    if owed is None or number is None:
        return
    if ended.worker_id not in crowd.owed:
        crowd.owed.add(ended.worker_id)
        stage.begin(stage.soon(2, 50), call_back(crowd, owed.id, number))
    if stage.chance.random() < 0.2:  # noqa: PLR2004 - so many call again by themselves
        stage.begin(stage.soon(1, 60), call(crowd, number))


def call_back(crowd: Crowd, callback_id: int, number: int) -> Life:
    """Try until the worker is reached or the debt is closed otherwise."""
    stage = crowd.stage
    yield stage.awake(stage.now)
    while True:
        owed = debts.callback(stage.session, callback_id)
        if owed.state is not CallbackState.OPEN:
            crowd.owed.discard(owed.worker_id)
            return
        operator = stage.chance.choice(stage.cast.operators)
        outcome = stage.draw(TRIED)
        if outcome is Outcome.REACHED and stage.chance.random() < 0.6:  # noqa: PLR2004 - a share
            case = Case(stage, stories.pick(stage.chance), banner(stage.chance), number, operator)
            registered(crowd, case, operator, callback=callback_id)
            stage.begin(stage.now, lives.of_matter(case))
        else:
            callbacks.attempt(stage.session, operator, callback_id, outcome, now=stage.now)
        if owed.next_due_at is not None:
            later = dt.timedelta(minutes=stage.chance.uniform(-30, 60))
            yield stage.awake(max(owed.next_due_at + later, stage.now))
