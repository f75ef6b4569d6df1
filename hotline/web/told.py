"""What was said with an action: one line a field, in the reader's words."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from hotline.core.db import Session
from hotline.core.language import gettext, written
from hotline.core.words import N_
from hotline.tickets import approvals, catalogue
from hotline.tickets.fields import Field, Kind, fields_of
from hotline.tickets.records import TicketEvent
from hotline.tickets.states import Action
from hotline.units import queries as units
from hotline.web.filters import name_of
from hotline.web.words import word

EXTENSION: Final = (
    Field("due_at", Kind.MOMENT, N_("新的期限")),
    Field("reason", Kind.TEXT, N_("理由")),
)
Lines = Sequence[tuple[str, str]]
Tell = Callable[[str, Mapping[str, Any]], Lines]


def teller(session: Session, events: Iterable[TicketEvent]) -> Tell:
    """Return a function that tells an action's fields; the names it needs are loaded once."""
    codes = {str(event.fields["unit"]) for event in events if event.fields.get("unit")}
    names = {row.code: name_of(row) for row in units.by_codes(session, codes)}
    reasons = {row.code: name_of(row) for row in catalogue.all_reasons(session)}
    shown: dict[Kind, Callable[[Any], str]] = {
        Kind.UNIT: lambda code: names.get(code, str(code)),
        Kind.REASON: lambda code: reasons.get(code, str(code)),
        Kind.CHOICE: word,
        Kind.MOMENT: lambda text: written(dt.datetime.fromisoformat(text)),
        Kind.UNITS: "、".join,
        Kind.FACTS: lambda facts: "；".join(
            f"{word(name)} {value}" for name, value in facts.items()
        ),
    }

    def tell(action: str, given: Mapping[str, Any]) -> Lines:
        asked = EXTENSION if action == approvals.EXTEND else fields_of(Action(action))
        return [
            (gettext(field.label), shown.get(field.kind, str)(given[field.name]))
            for field in asked
            if given.get(field.name) not in (None, "", [], {})
        ]

    return tell
