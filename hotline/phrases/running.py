"""What is done with macros: written, retired, and run on a ticket, each step as its own service."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from hotline.core import audit, gaps
from hotline.core.errors import Invalid, NotFound
from hotline.core.paging import Page, cut, read_cursor
from hotline.core.roles import Actor, Permission, require
from hotline.core.words import N_
from hotline.messages.jobs import composed
from hotline.messages.models import Message
from hotline.messages.states import MessageState
from hotline.phrases.filling import GAPS, values
from hotline.phrases.macros import KINDS, Macro, Step
from hotline.phrases.models import Language
from hotline.phrases.queries import upwards
from hotline.phrases.service import LONGEST, is_below, require_in_use
from hotline.tickets.models import Ticket
from hotline.tickets.states import transition
from hotline.units import queries as units
from hotline.units.models import Unit

MOST_STEPS: Final = 4
LONGEST_NAME: Final = 40
#: What a preview compares of a ticket.
WATCHED: Final = ("state", "unit_id", "handler_id", "urgency", "outcome", "due_at", "step_due_at")


@dataclass(frozen=True)
class Plan:
    """What is kept of a macro."""

    name: str
    steps: tuple[Step, ...]
    unit_id: int


class Done(NamedTuple):
    """A step as it was done; *undoable* if ten seconds take it back."""

    kind: str
    words: str
    undoable: bool


class Change(NamedTuple):
    """A field of the ticket before and after."""

    name: str
    before: Any
    after: Any


class Outcome(NamedTuple):
    """All that a run did: its steps, what they moved, and the SMS that they ordered."""

    steps: Sequence[Done]
    changes: Sequence[Change]
    texts: Sequence[str]


def by_id(session: Session, actor: Actor, macro_id: int) -> Macro:
    """Return a macro of *actor*'s part of the tree, or of a unit above it.

    Raises:
        NotFound: There is none.
    """
    found = session.get(Macro, macro_id)
    near = found is not None and found.unit_id in upwards(actor)
    if found is None or not (near or actor.sees(units.by_id(session, found.unit_id).path)):
        raise NotFound
    return found


def page(
    session: Session, actor: Actor, *, retired: bool, cursor: str | None, limit: int
) -> Page[Macro]:
    """Return the macros of *actor*'s part of the tree by name: in use, or *retired*."""
    query = (
        select(Macro)
        .join(Unit, Unit.id == Macro.unit_id)
        .where(units.beneath(actor.scope), Macro.retired_at.is_not(None) == retired)
        .order_by(Macro.name, Macro.id)
        .limit(limit + 1)
    )
    if key := read_cursor(cursor, str, int):
        query = query.where(tuple_(Macro.name, Macro.id) > key)
    return cut(session.scalars(query).all(), limit, lambda row: [row.name, row.id])


def offered(session: Session, actor: Actor, limit: int = 50) -> Sequence[Macro]:
    """Return the macros that *actor* may run, by name."""
    mine = Macro.unit_id.in_(upwards(actor)), Macro.retired_at.is_(None)
    return session.scalars(
        select(Macro).where(*mine).order_by(Macro.name, Macro.id).limit(limit)
    ).all()


def add(session: Session, plan: Plan, *, actor: Actor, now: dt.datetime) -> Macro:
    """Write a macro.

    Raises:
        Forbidden: *actor* may not.
        Invalid: See `check`.
    """
    require(actor, Permission.PHRASE_WRITE)
    check(session, plan, actor)
    macro = Macro(name=plan.name, definition=_definition(plan), unit_id=plan.unit_id)
    session.add(macro)
    session.flush()
    audit.note(session, actor, "macro.add", f"macro:{macro.id}", now=now)
    return macro


def correct(
    session: Session,
    macro_id: int,
    plan: Plan | None,
    *,
    actor: Actor,
    now: dt.datetime,
    version: int | None = None,
) -> None:
    """Write a macro anew; with None for *plan* it is taken out of use.

    Raises:
        Stale: Somebody changed it since *version*.
        GuardFailed: It is out of use.
        Invalid: See `check`.
    """
    require(actor, Permission.PHRASE_WRITE)
    macro = _in_use(session, macro_id, actor, version)
    if not is_below(session, macro.unit_id, actor):
        raise NotFound
    if plan is None:
        macro.retired_at = now
    else:
        check(session, plan, actor)
        macro.name, macro.unit_id, macro.definition = plan.name, plan.unit_id, _definition(plan)
    session.flush()
    act = "macro.correct" if plan else "macro.retire"
    audit.note(session, actor, act, f"macro:{macro_id}", now=now)


def check(session: Session, plan: Plan, actor: Actor) -> None:
    """Raise `Invalid` with every fault of *plan*: its steps are numbered from 1."""
    wrong = {
        f"words.{number}": fault
        for number, step in enumerate(plan.steps, 1)
        if (fault := _fault(step))
    }
    if not 0 < len(plan.name) <= LONGEST_NAME:
        wrong["name"] = N_("请写 1 至 40 个字")
    if not 0 < len(plan.steps) <= MOST_STEPS:
        wrong["kind.1"] = N_("请选 1 至 4 步")
    if sum(KINDS[step.kind].action is not None for step in plan.steps if step.kind in KINDS) > 1:
        wrong["kind.1"] = N_("改变工单状态的动作只能有一步，这样 10 秒内才能撤销")
    if not is_below(session, plan.unit_id, actor):
        wrong["unit"] = N_("只能选本单位和下级单位")
    if wrong:
        raise Invalid(wrong)


def _fault(step: Step) -> str | None:
    if step.kind not in KINDS:
        return N_("请从列表中选择")
    if (KINDS[step.kind].worded and not step.words) or len(step.words) > LONGEST:
        return N_("请写 1 至 1000 个字")
    if gaps.broken(step.words) or gaps.names(step.words) - GAPS.keys():
        return N_("有不认识的变量，请用下面列出的")
    return None


def run(
    session: Session,
    ticket: Ticket,
    macro_id: int,
    *,
    actor: Actor,
    now: dt.datetime,
    version: int | None = None,
) -> Outcome:
    """Do every step to *ticket*, or none: what one refuses, the transaction takes back.

    A preview is this too, in a transaction that is given up.

    Raises:
        Stale: The macro was changed since *version*.
        HotlineError: As a step raises it: each asks for its own permission.
    """
    macro = _in_use(session, macro_id, actor, version)
    before = {name: getattr(ticket, name) for name in WATCHED}
    steps = [_do(session, ticket, step, actor, now) for step in macro.steps]
    session.flush()
    audit.note(session, actor, "macro.run", f"ticket:{ticket.number}", now=now, macro=macro.id)
    changes = [
        Change(name, old, new)
        for name, old in before.items()
        if (new := getattr(ticket, name)) != old
    ]
    return Outcome(steps, changes, _ordered(session, ticket, now))


def _do(session: Session, ticket: Ticket, step: Step, actor: Actor, now: dt.datetime) -> Done:
    kind = KINDS[step.kind]
    undoable = kind.action is not None and transition(ticket.state, kind.action).undo is not None
    words = step.words
    if gaps.names(words):
        words = gaps.fill(words, values(session, actor, ticket, Language.CHINESE, now))
    kind.does(session, ticket, words, actor, now)
    return Done(step.kind, words, undoable)


def _ordered(session: Session, ticket: Ticket, now: dt.datetime) -> list[str]:
    """Return the SMS that this run ordered for the ticket, as they would read now."""
    fresh = select(Message).where(
        Message.ticket_id == ticket.id,
        Message.created_at == now,
        Message.state == MessageState.WAITING,
    )
    return [composed(session, row)[0] for row in session.scalars(fresh.order_by(Message.id))]


def _in_use(session: Session, macro_id: int, actor: Actor, version: int | None) -> Macro:
    macro = by_id(session, actor, macro_id)
    require_in_use(macro, version)
    return macro


def _definition(plan: Plan) -> dict[str, Any]:
    return {"steps": [list(step) for step in plan.steps]}
