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
from hotline.core.journal import read, unread
from hotline.ledger.models import LedgerMark
from hotline.messages.models import Message
from hotline.surveys.models import Survey, SurveyTry
from hotline.surveys.queries import asked_by_entry
from hotline.tickets.records import TicketEvent

BATCH: Final = 300  # entries of a journal in one round

Attribute = InstrumentedAttribute[Any]
Marks = dict[str, LedgerMark]


class Journal(NamedTuple):
    """A table that is only added to: the id of an entry, of what it tells, and the way there."""

    name: str
    entry: Attribute
    thing: Attribute
    by_way_of: Sequence[tuple[type[Any], ColumnElement[bool]]] = ()

    def lines(self, session: Session, *where: ColumnElement[bool]) -> Sequence[tuple[int, int]]:
        """Return the id of each entry that fulfils *where*, and of the thing it tells of."""
        query = select(self.entry, self.thing).where(self.thing.is_not(None), *where)
        for table, on in self.by_way_of:
            query = query.join(table, on)
        return [(entry, thing) for entry, thing in session.execute(query)]


# fmt: off
JOURNALS: Final[Mapping[str, Sequence[Journal]]] = {
    "call": (
        Journal("call:call", Call.id, Call.id),
        Journal("call:call_event", CallEvent.id, CallEvent.call_id),
    ),
    "message": (Journal("message:message", Message.id, Message.id),),
    "callback": (
        Journal("callback:callback", Callback.id, Callback.id),
        Journal("callback:attempt", CallbackAttempt.id, CallbackAttempt.callback_id),
        Journal("callback:call_event", CallEvent.id, Callback.id, (
            (Callback, Callback.call_id == CallEvent.call_id),
        )),
    ),
    "ticket": (
        Journal("ticket:event", TicketEvent.id, TicketEvent.ticket_id),
        Journal("ticket:call", Call.id, Call.ticket_id),
        Journal("ticket:call_event", CallEvent.id, Survey.ticket_id, ((Survey, asked_by_entry()),)),
        Journal("ticket:message", Message.id, Message.ticket_id),
        Journal("ticket:survey", Survey.id, Survey.ticket_id),
        Journal("ticket:survey_try", SurveyTry.id, Survey.ticket_id, (
            (Survey, Survey.id == SurveyTry.survey_id),
        )),
    ),
}
# fmt: on
NAMES: Final = tuple(journal.name for own in JOURNALS.values() for journal in own)


def told(session: Session, kind: str, marks: Marks) -> tuple[set[int], bool]:
    """Read on in the journals of a *kind*: of which things they tell, and whether more waits."""
    found: set[int] = set()
    more = False
    for journal in JOURNALS.get(kind, ()):
        entries = unread(session, journal.entry, marks[journal.name], BATCH)
        read(marks[journal.name], entries)
        found |= {thing for _, thing in journal.lines(session, journal.entry.in_(entries))}
        more = more or len(entries) >= BATCH
    return found, more


def untold(session: Session, kind: str, things: Collection[int]) -> set[int]:
    """Return those of *things* of which no entry tells that is still unread."""
    marks = {mark.name: mark for mark in session.scalars(select(LedgerMark))}
    found = {*things}
    for journal in JOURNALS[kind]:
        mark = marks.get(journal.name) or LedgerMark(floor=0, seen=[])
        lines = journal.lines(session, journal.thing.in_(things), journal.entry > mark.floor)
        found -= {thing for entry, thing in lines if entry not in mark.seen}
    return found
