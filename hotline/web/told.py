"""What was said with an action: one line a field, in the reader's words."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from hotline.core.db import Session
from hotline.core.language import gettext, written
from hotline.core.words import N_
from hotline.knowledge import queries as knowledge
from hotline.knowledge.queries import Entry
from hotline.tickets import approvals, catalogue, findings
from hotline.tickets.contact import Way
from hotline.tickets.fields import Field, Kind, fields_of
from hotline.tickets.records import TicketEvent
from hotline.tickets.states import Action
from hotline.units import queries as units
from hotline.web.filters import name_of
from hotline.web.words import WAYS, word

EXTENSION: Final = (
    Field("due_at", Kind.MOMENT, N_("新的期限")),
    Field("reason", Kind.TEXT, N_("理由")),
)
Lines = Sequence[tuple[str, str]]
Tell = Callable[[str, Mapping[str, Any]], Lines]


def told_facts(given: Mapping[str, Any]) -> Lines:
    """Return the facts of a result, each with its label, in the reader's words."""
    lines = []
    for name, value in given.items():
        fact = findings.KNOWN.get(name)
        labels = dict(fact.choices) if fact else {}
        label = gettext(fact.label) if fact else name
        lines.append((label, gettext(labels[value]) if value in labels else str(value)))
    return lines


def _contact(given: Mapping[str, str], reasons: Mapping[str, str]) -> str:
    at, reason = given.get("at"), given.get("reason", "")
    parts = (
        gettext(WAYS[Way(given["way"])]),
        written(dt.datetime.fromisoformat(at)) if at else "",
        reasons.get(reason, reason),
        given.get("note", ""),
    )
    return " ".join(part for part in parts if part)


def _articles(events: Iterable[TicketEvent]) -> set[int]:
    return {int(event.fields["article"]) for event in events if event.fields.get("article")}


def _article(entry: Entry | None) -> str:
    if entry is None:
        return "–"
    return f"{entry.words.title} · {gettext('第 %(n)s 版', n=entry.words.number)}"


def teller(session: Session, events: Iterable[TicketEvent]) -> Tell:
    """Return a function that tells an action's fields; the names it needs are loaded once."""
    codes = {str(event.fields["unit"]) for event in events if event.fields.get("unit")}
    names = {row.code: name_of(row) for row in units.by_codes(session, codes)}
    reasons = {row.code: name_of(row) for row in catalogue.all_reasons(session)}
    versions = knowledge.cited(session, _articles(events))
    shown: dict[Kind, Callable[[Any], str]] = {
        Kind.UNIT: lambda code: names.get(code, str(code)),
        Kind.REASON: lambda code: reasons.get(code, str(code)),
        Kind.CHOICE: word,
        Kind.MOMENT: lambda text: written(dt.datetime.fromisoformat(text)),
        Kind.UNITS: "、".join,
        Kind.FACTS: lambda given: "；".join(f"{n} {v}" for n, v in told_facts(given)),
        Kind.ARTICLE: lambda version_id: _article(versions.get(int(version_id))),
        Kind.OUTCOMES: lambda given: "；".join(f"{n}. {word(v)}" for n, v in given.items()),
        Kind.CONTACT: lambda given: given if isinstance(given, str) else _contact(given, reasons),
    }

    def tell(action: str, given: Mapping[str, Any]) -> Lines:
        asked = EXTENSION if action == approvals.EXTEND else fields_of(Action(action))
        return [
            (gettext(field.label), shown.get(field.kind, str)(given[field.name]))
            for field in asked
            if given.get(field.name) not in (None, "", [], {})
        ]

    return tell
