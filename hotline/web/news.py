"""What is new since the last look: the ends of five journals, as topics for the live stream."""

from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

from flask import Flask

from hotline.calls.models import CallEvent, CallWords
from hotline.core.db import reading
from hotline.core.journal import newest
from hotline.messages.models import DeskNotice
from hotline.staff.models import PresenceChange
from hotline.tickets.records import TicketEvent

LOOK_BACK: Final = 200  # more rows than can be under way at once


class Journal(NamedTuple):
    """A table that is only added to, and the topics one row of it is news of."""

    id: Any
    whose: Any
    topics: Callable[[int], tuple[str, ...]]


JOURNALS: Final = (
    Journal(TicketEvent.id, TicketEvent.ticket_id, lambda n: (f"ticket:{n}", "tickets")),
    Journal(CallEvent.id, CallEvent.call_id, lambda _: ("calls", "board")),
    Journal(CallWords.id, CallWords.call_id, lambda n: (f"words:{n}",)),
    Journal(PresenceChange.id, PresenceChange.staff_id, lambda n: (f"presence:{n}", "board")),
    Journal(DeskNotice.id, DeskNotice.staff_id, lambda n: (f"notices:{n}",)),
)


class News:
    """Reads the journals; each call returns the topics of rows not seen before."""

    def __init__(self, app: Flask) -> None:
        """Take what is there at the first call as known."""
        self._app = app
        self._seen: dict[Journal, set[int]] = {}

    def __call__(self) -> Iterable[str]:
        """Return what is new, each topic once."""
        topics: dict[str, None] = {}
        with self._app.app_context(), reading() as session:
            for journal in JOURNALS:
                rows = dict(newest(session, journal.id, journal.whose, limit=LOOK_BACK))
                seen = self._seen.get(journal, rows.keys())
                for row in sorted(rows.keys() - seen):
                    topics.update(dict.fromkeys(journal.topics(rows[row])))
                self._seen[journal] = set(rows)
        return topics
