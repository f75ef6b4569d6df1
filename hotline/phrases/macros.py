"""Macros: a few things done to a ticket at one press, as rows that name what services can do."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from hotline.core.db import Base, BigInt
from hotline.core.roles import Actor
from hotline.core.words import N_
from hotline.tickets import casework, service, urging
from hotline.tickets.models import Ticket, Urgency
from hotline.tickets.states import ACTION_LABELS, Action


class Macro(Base):
    """A named list of steps.

    Attributes:
        definition: `{"steps": [[kind, words], …]}`; `Step` reads one.
        unit_id: Whose people use it, with all below, as for a canned text.
        retired_at: When it was taken out of use; its row stays.
    """

    __tablename__ = "macro"
    __table_args__ = (Index(None, "name", "id"), Index(None, "unit_id", "name"))

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(String(40))
    definition: Mapped[dict[str, Any]]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    retired_at: Mapped[dt.datetime | None]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's form; two cannot both win

    @property
    def steps(self) -> Sequence["Step"]:
        """What it does, in order."""
        return [Step(*each) for each in self.definition["steps"]]


class Step(NamedTuple):
    """One thing to do, and the words that go with it; their gaps are filled when it is done."""

    kind: str
    words: str = ""


Does = Callable[[Session, Ticket, str, Actor, dt.datetime], object]


class Kind(NamedTuple):
    """What a step may be.

    Attributes:
        worded: Whether it needs words.
        action: The row of the state table it takes; that one may be undone.
    """

    label: str
    does: Does
    worded: bool = False
    action: Action | None = None


def _note(session: Session, ticket: Ticket, words: str, actor: Actor, now: dt.datetime) -> None:
    casework.add_note(session, ticket, words, actor=actor, now=now)


def _urge(session: Session, ticket: Ticket, words: str, actor: Actor, now: dt.datetime) -> None:
    urging.urge(session, ticket, words, actor=actor, now=now)


def _urgency(
    level: Urgency, session: Session, ticket: Ticket, words: str, actor: Actor, now: dt.datetime
) -> None:
    casework.set_urgency(session, ticket, level, words, actor=actor, now=now)


def _take(
    action: Action,
    field: str | None,
    session: Session,
    ticket: Ticket,
    words: str,
    actor: Actor,
    now: dt.datetime,
) -> None:
    given = {field: words} if field else {}
    service.perform(session, ticket, action, given, actor=actor, now=now)


def _act(action: Action, field: str | None = None) -> Kind:
    label = ACTION_LABELS[action]
    return Kind(label, partial(_take, action, field), worded=field is not None, action=action)


KINDS: Final[Mapping[str, Kind]] = {
    "note": Kind(N_("写备注"), _note, worded=True),
    "urge": Kind(N_("催办"), _urge, worded=True),
    "urgent": Kind(N_("调为紧急"), partial(_urgency, Urgency.URGENT), worded=True),
    "critical": Kind(N_("调为特急"), partial(_urgency, Urgency.CRITICAL), worded=True),
    "take": _act(Action.TAKE),
    "dispatch": _act(Action.DISPATCH),
    "sign": _act(Action.SIGN),
    "resume": _act(Action.RESUME),
    "ask_caller": _act(Action.ASK_CALLER, "missing"),
    "answer_directly": _act(Action.ANSWER_DIRECTLY, "reply"),
}
