"""Which entries tell of a change, and of what: whoever changes a thing rightly leaves one.

The rollup lives by the same promise: a number is counted anew when an entry says that something
of its day has changed (`rates.journals`).
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from hotline.callbacks.models import Callback, CallbackAttempt
from hotline.calls.models import Call, CallEvent
from hotline.core import journal
from hotline.ledger.models import LedgerMark
from hotline.messages.models import Message
from hotline.surveys.models import Survey, SurveyTry
from hotline.surveys.queries import asked_by_entry
from hotline.tickets.records import TicketEvent

BATCH: Final = 300  # entries of a journal in one round

Attribute = InstrumentedAttribute[Any]
Marks = dict[str, LedgerMark]


class Telling(NamedTuple):
    """Of what an entry tells: the id of the thing, and the way there from the entry."""

    thing: Attribute
    table: type[Any] | None = None
    on: ColumnElement[bool] | None = None


class Journal(NamedTuple):
    """A table that is only added to: the id of an entry, and of what it tells, by kind."""

    name: str
    entry: Attribute
    tells: Mapping[str, Telling]

    def lines(
        self, session: Session, kind: str, *where: ColumnElement[bool]
    ) -> Sequence[tuple[int, int]]:
        """Return each entry that fulfils *where* with the thing of *kind* that it tells of."""
        thing, table, on = self.tells[kind]
        query = select(self.entry, thing).where(thing.is_not(None), *where)
        rows = session.execute(query if table is None else query.join(table, on))
        return [(entry, about) for entry, about in rows]


News = Sequence[tuple[Journal, Sequence[int]]]

# fmt: off
JOURNALS: Final = (
    Journal("ticket_event", TicketEvent.id, {"ticket": Telling(TicketEvent.ticket_id)}),
    Journal("message", Message.id, {
        "message": Telling(Message.id),
        "ticket": Telling(Message.ticket_id),
    }),
    Journal("call", Call.id, {"call": Telling(Call.id), "ticket": Telling(Call.ticket_id)}),
    Journal("call_event", CallEvent.id, {
        "call": Telling(CallEvent.call_id),
        "callback": Telling(Callback.id, Callback, Callback.call_id == CallEvent.call_id),
        "ticket": Telling(Survey.ticket_id, Survey, asked_by_entry()),
    }),
    Journal("callback", Callback.id, {"callback": Telling(Callback.id)}),
    Journal("callback_attempt", CallbackAttempt.id, {
        "callback": Telling(CallbackAttempt.callback_id),
    }),
    Journal("survey", Survey.id, {"ticket": Telling(Survey.ticket_id)}),
    Journal("survey_try", SurveyTry.id, {
        "ticket": Telling(Survey.ticket_id, Survey, Survey.id == SurveyTry.survey_id),
    }),
)
# fmt: on


def unread(session: Session, marks: Marks) -> News:
    """Return what no round has read yet, the oldest entries of each journal."""
    return [
        (each, entries)
        for each in JOURNALS
        if (entries := journal.unread(session, each.entry, marks[each.name], BATCH))
    ]


def told(session: Session, kind: str, news: News) -> set[int]:
    """Return the things of *kind* of which *news* tell."""
    return {
        thing
        for each, entries in news
        if kind in each.tells
        for _, thing in each.lines(session, kind, each.entry.in_(entries))
    }


def read(marks: Marks, news: News) -> bool:
    """Take *news* as read; return whether more may wait."""
    for each, entries in news:
        journal.read(marks[each.name], entries)
    return any(len(entries) >= BATCH for _, entries in news)


def untold(session: Session, kind: str, things: Collection[int]) -> set[int]:
    """Return those of *things* of which no entry tells that is still unread."""
    marks = {mark.name: mark for mark in session.scalars(select(LedgerMark))}
    found = {*things}
    for each in JOURNALS:
        if kind not in each.tells:
            continue
        mark = marks.get(each.name) or LedgerMark(floor=0, seen=[])
        thing = each.tells[kind].thing
        lines = each.lines(session, kind, thing.in_(found), each.entry > mark.floor)
        found -= {about for entry, about in lines if entry not in mark.seen}
    return found
