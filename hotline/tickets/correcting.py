"""A correction from an older look: what only one of two people touched goes together.

The form carries what its writer saw. Against that both are compared, field by field: theirs stays
where the writer left a field alone, and where both wrote something else the writer is asked.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from hotline.core.errors import Stale
from hotline.core.roles import Actor, Permission, require
from hotline.tickets import casework, facts, forms, sight
from hotline.tickets.casework import EDITABLE
from hotline.tickets.facts import FormVersion
from hotline.tickets.merging import ABSENT, Clash, Merged, three_way
from hotline.tickets.models import Ticket

CATEGORY = "category_code"
NOTHING = Merged({}, {})


@dataclass(frozen=True)
class Look:
    """What somebody saw of a ticket: its fields, its facts, and the form that asks for them."""

    columns: Mapping[str, Any]
    facts: Mapping[str, Any]
    form: int | None

    def answers_to(self, form: FormVersion | None) -> Mapping[str, Any]:
        """Return the facts that *form* asked for: none where it was another's."""
        return self.facts if form is not None and form.id == self.form else {}


class Collision(Stale):
    """Somebody changed the same fields; *clashes* by column, or by `facts.` and the fact."""

    def __init__(self, clashes: Mapping[str, Clash]) -> None:
        """Keep both words for each field."""
        super().__init__()
        self.clashes = dict(clashes)


def look(session: Session, ticket: Ticket) -> Look:
    """Return what is to be corrected of *ticket* as it stands now."""
    columns = {name: getattr(ticket, name) for name in sorted(EDITABLE)}
    kept = facts.of(session, ticket.id)
    if kept is not None:
        return Look(columns, kept[1], kept[0].id)
    asked = facts.form_of(session, ticket.category_code)
    return Look(columns, {}, asked.id if asked else None)


def correct(
    session: Session,
    ticket: Ticket,
    typed: Mapping[str, Any],
    told: Mapping[str, Any],
    was: Look | None,
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Write what was *typed* into the columns, and *told* of the facts, over what *was*.

    Whoever says not what they saw is taken to have seen what is there.

    Raises:
        Forbidden: Something of the ticket is hidden from *actor*.
        Collision: Both changed one field, each to something else; nothing is written.
        GuardFailed, Invalid: As `casework.edit`.
    """
    require(actor, Permission.TICKET_WRITE)
    sight.require_clear(session, actor, ticket)
    there = look(session, ticket)
    was = was or there
    columns = three_way(typed, was.columns, typed, there.columns)
    form = _asked_by(session, was, typed.get(CATEGORY, was.columns.get(CATEGORY)))
    mine = forms.read(form.definition, told) if form else {}
    seen, theirs = was.answers_to(form), there.answers_to(form)
    answers = three_way({**seen, **mine}, seen, mine, theirs)
    clashes = columns.clashes | {f"facts.{name}": each for name, each in answers.clashes.items()}
    if CATEGORY not in columns.changes and there.form != was.form:  # another form asks by now
        answers, clashes = NOTHING, {**columns.clashes}
        if mine != seen:
            clashes[CATEGORY] = Clash(was.columns.get(CATEGORY), there.columns[CATEGORY])
    if clashes:
        raise Collision(clashes)
    casework.edit(session, ticket, columns.changes, actor=actor, now=now)
    if answers.changes:
        whole = {**theirs, **answers.changes}
        given = {name: value for name, value in whole.items() if value is not ABSENT}
        facts.correct(session, ticket, form, given, actor=actor, now=now)


def _asked_by(session: Session, was: Look, category: str | None) -> FormVersion | None:
    """Return the form that the facts were typed into: the old one, or that of a new category."""
    kept = session.get(FormVersion, was.form) if was.form else None
    if kept is not None and (category or "").startswith(kept.code):
        return kept
    return facts.form_of(session, category)
