"""A row as one person may see it: it reads like the row, with what is hidden left out.

Every column that rests encrypted is veiled unless its own line says how: a table that comes
later is closed by default.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import cache
from typing import Any, Final

from sqlalchemy import inspect

from hotline.core.language import gettext
from hotline.core.privacy import Sealed
from hotline.core.words import N_
from hotline.tickets.demands import Demand, Promise
from hotline.tickets.facts import TicketFacts
from hotline.tickets.models import Ticket
from hotline.tickets.records import (
    Approval,
    Assist,
    Attachment,
    EventKind,
    TicketEvent,
    TicketResult,
    Urging,
)
from hotline.tickets.secrecy import CLEAR, NAMED_ONLY, Part, Sight, level_of
from hotline.tickets.states import Action

SUBJECT: Final = N_("保密工单")
NARRATIVE: Final = N_("内容保密。请向热线中心了解办理所需的情况。")
FILE: Final = N_("保密附件")
SAID: Final = {  # what an action was given in the caller's own words
    Action.WITHDRAW: "reason",
    Action.SURVEY_SATISFIED: "comment",
    Action.SURVEY_DISSATISFIED: "comment",
}

WHO: Final = frozenset({"name", "phone"})  # columns that say who somebody is

#: Given the sight, the row and a column's value, returns what is shown of it.
Veil = Callable[[Sight, Any, Any], Any]


class Seen:
    """A row seen through a sight. Read `sight` of it to learn what is hidden."""

    def __init__(self, row: Any, sight: Sight) -> None:
        """Look at *row* through *sight*."""
        self._row, self._veils, self.sight = row, _veils(row.__class__), sight

    def __getattr__(self, name: str) -> Any:
        """Return a column as it may be shown."""
        veil, value = self._veils.get(name), getattr(self._row, name)
        return value if veil is None else veil(self.sight, self._row, value)


def seen(row: Any, sight: Sight) -> Any:
    """Return *row* as *sight* shows it."""
    return Seen(row, sight)


def all_seen(rows: Iterable[Any], sights: Mapping[int, Sight]) -> list[Any]:
    """Return *rows* that hang on tickets, each as its ticket's sight shows it.

    A row that hangs on none is shown as it is: whoever found it may read it.
    """
    return [Seen(row, sights.get(row.ticket_id, CLEAR)) for row in rows]


def _words(sight: Sight, _row: Any, text: str | None) -> str | None:
    return sight.words(text)


def _bare(sight: Sight, _row: Any, text: str | None) -> str | None:
    return sight.bare(text)


def _named(sight: Sight, _row: Any, value: Any) -> Any:
    return None if sight.hides(Part.NAME) else value


def _subject(sight: Sight, _row: Any, text: str) -> str:
    return sight.words(text) or gettext(SUBJECT)


def _narrative(sight: Sight, row: Any, text: str) -> str:
    return sight.words(text) or sight.bare(row.brief) or gettext(NARRATIVE)


def _employer(sight: Sight, row: Any, name: str | None) -> str | None:
    secret = sight.hides(Part.WORDS) and level_of(row.confidential_level) >= NAMED_ONLY
    return None if secret else name


def _note(sight: Sight, event: TicketEvent, text: str | None) -> str | None:
    own = sight.unit_id is not None and event.detail.get("unit_id") == sight.unit_id
    told = event.kind not in {EventKind.NOTE, EventKind.CALLER, EventKind.TAG, EventKind.CONTACT}
    return sight.bare(text) if own or told else sight.words(text)


def _fields(sight: Sight, event: TicketEvent, fields: Mapping[str, Any]) -> dict[str, Any]:
    said = SAID.get(event.action) if event.action and sight.hides(Part.WORDS) else None
    return {name: _text(sight, value) for name, value in fields.items() if name != said}


def _given(sight: Sight, _request: Approval, given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _text(sight, value) for name, value in given.items()}


def _text(sight: Sight, value: Any) -> Any:
    return sight.bare(value) if isinstance(value, str) else value


def _facts(sight: Sight, _row: TicketFacts, given: Mapping[str, Any]) -> dict[str, Any]:
    return {} if sight.hides(Part.WORDS) else {k: _text(sight, v) for k, v in given.items()}


def _file(sight: Sight, _row: Attachment, name: str) -> str:
    return gettext(FILE) if sight.hides(Part.FILES) else sight.bare(name) or name


_LINE: Final[Mapping[str, Veil]] = {  # of a list: what `queries.LINE` selects
    "subject": _subject,
    "employer": _employer,
    "caller": _named,
    "phone": _named,
    "worker_id": _named,
}
VEILS: Final[Mapping[Hashable, Mapping[str, Veil]]] = {
    Ticket: {
        "subject": _subject,
        "narrative": _narrative,
        "employer": _employer,
        "brief": _bare,
    },
    TicketEvent: {"note": _note, "fields": _fields},
    TicketResult: {"reply": _bare, "contact": _bare, "internal": _bare},
    Approval: {"given": _given, "reason": _bare},
    Attachment: {"name": _file},
    Assist: {"asked": _bare, "answer": _bare},
    Urging: {"text": _bare, "answer": _bare},
    Demand: {"text": _bare, "outcome_note": _bare},
    Promise: {"text": _bare},
    TicketFacts: {"given": _facts},
}


@cache
def _veils(kind: Hashable) -> Mapping[str, Veil]:
    mapper: Any = inspect(kind, raiseerr=False)
    if mapper is None:
        return _LINE
    sealed = (each.key for each in mapper.columns if isinstance(each.type, Sealed))
    plain = {key: _named if key in WHO else _words for key in sealed}
    return plain | dict(VEILS.get(kind, {}))
