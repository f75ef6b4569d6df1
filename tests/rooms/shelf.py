"""The recordings room with a clock of its own, and a carrier that keeps sounds on a shelf."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.calls import recorded
from hotline.core.audit import AuditEntry
from hotline.core.db import transaction
from hotline.recordings import jobs, storage
from hotline.recordings.jobs import Tools
from hotline.recordings.models import Recording
from hotline.telephony import progress
from hotline.telephony.port import CarrierRefused
from tests.rooms.telling import NOW, play, told

SOUND = b"RIFF" + bytes(range(256)) * 1000
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


class Shelf:
    """A carrier that has sounds and forgets what is deleted."""

    def __init__(self, **sounds: bytes) -> None:
        self.sounds = sounds
        self.deleted: list[str] = []
        self.fault: Exception | None = None

    def fetch_recording(self, sid: str, *, largest: int) -> Iterator[bytes]:
        if self.fault:
            raise self.fault
        if sid not in self.sounds:
            raise CarrierRefused(404, permanent=True)
        yield self.sounds[sid][:1000]
        yield self.sounds[sid][1000:]

    def delete_recording(self, sid: str) -> None:
        if self.fault:
            raise self.fault
        self.deleted.append(sid)
        self.sounds.pop(sid, None)


class Room:
    """The recordings room with a clock of its own."""

    def __init__(self, session: Session, folder: Path) -> None:
        self.session, self.folder = session, folder
        self.carrier = Shelf(RE1=SOUND)
        self.now = NOW

    def told(self, sid: str = "RE1", *, message: bool = True) -> None:
        """Let the carrier tell of a recording of the call."""

        def work(session: Session) -> None:
            call = play(session, told("voice", 0))
            heard = progress.Recording(sid, 9, "completed", message=message)
            recorded.enter(session, call, heard, now=self.now)

        transaction(work)
        jobs.take_up(transaction, now=self.now)

    def tend(self, *, later: dt.timedelta = HOUR, owner: str = "one") -> int:
        """Let a clock work some time later."""
        self.now += later
        tools = Tools(self.carrier, self.folder, lambda: self.now)  # type: ignore[arg-type]
        return jobs.tend(transaction, tools, owner=owner)

    @property
    def row(self) -> Recording:
        """The only recording, as it is in the database."""
        self.session.rollback()
        return self.session.scalars(select(Recording)).one()

    @property
    def files(self) -> list[str]:
        """What lies in the folder."""
        return sorted(path.name for path in self.folder.glob("*"))

    def sound(self) -> bytes:
        """Return what our copy holds."""
        row = self.row
        with storage.open_sound(self.folder, row.file or "", row.id) as file:
            return file.readall()

    def acts(self) -> list[str]:
        """Return what was written to the audit record about recordings."""
        self.session.rollback()
        found = self.session.scalars(
            select(AuditEntry.act).where(AuditEntry.act.like("recording%")).order_by(AuditEntry.id)
        )
        return list(found)
