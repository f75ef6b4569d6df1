"""What the clock does for recordings: fetch them, delete them at the carrier, erase them in time.

A recording is leased and committed, one thing is done outside the database, and the row says
so: whoever dies in between leaves a lease that runs out, and the same thing is done again.
The carrier's copy goes only after ours was read back from the disk as it came.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core import audit
from hotline.core.db import Transact
from hotline.core.language import local
from hotline.core.roles import system
from hotline.core.rounds import each_due
from hotline.messages import failpoints
from hotline.messages.outgoing import Claim, lease, write
from hotline.recordings import service, storage
from hotline.recordings.models import Recording
from hotline.recordings.states import GIVE_UP, RecordingState, again_in
from hotline.telephony.port import Carrier, CarrierError, CarrierRefused

log = structlog.get_logger()

BATCH: Final = 20
LEASE: Final = dt.timedelta(minutes=10)  # a fetch is cut off after five
LARGEST: Final = 512 * 1024 * 1024  # three hours in two channels are 350 MB
CLOCK: Final = system("clock:tend_recordings")
NOTED: Final = {
    RecordingState.KEPT: "recording.taken_over",
    RecordingState.ERASED: "recording.erase",
    RecordingState.LOST: "recording.lose",
}

S = RecordingState
Values = dict[str, Any]
Clock = Callable[[], dt.datetime]


@dataclass(frozen=True)
class Task:
    """A leased recording, read once, so that no row is held meanwhile."""

    claim: Claim
    state: RecordingState
    sid: str
    told_at: dt.datetime
    file: str
    sha256: bytes

    @property
    def id(self) -> int:
        """The recording's id."""
        return self.claim.id


@dataclass(frozen=True)
class Tools:
    """What the steps need: the carrier, the folder of sealed files, and the time."""

    carrier: Carrier
    folder: Path
    clock: Clock


def take_up(transact: Transact, *, now: dt.datetime) -> int:
    """Owe a copy of each recording that the carrier told of."""
    return transact(lambda session: service.take_up(session, now=now, limit=BATCH))


def tend(transact: Transact, tools: Tools, *, owner: str) -> int:
    """Do the next step of recordings that have one, one after the other.

    Returns:
        How many steps were tried.
    """
    for done in range(BATCH):
        task = transact(partial(_claim, owner=owner, now=tools.clock()))
        if task is None:
            return done
        values = _step(task, tools)
        if not transact(partial(_settle, task=task, values=values, now=tools.clock())):
            storage.erase(tools.folder, storage.name(task.id, task.claim.attempts))
    return BATCH


def _claim(session: Session, *, owner: str, now: dt.datetime) -> Task | None:
    claims = lease(
        session,
        Recording,
        select(Recording.id),
        first=(Recording.due_at,),
        now=now,
        owner=owner,
        limit=1,
        until=LEASE,
    )
    if not claims:
        return None
    row = session.get_one(Recording, claims[0].id, populate_existing=True)
    return Task(
        claims[0], row.state, row.carrier_sid, row.told_at, row.file or "", row.sha256 or b""
    )


def _step(task: Task, tools: Tools) -> Values:
    """Do the step of the recording's state and return what its row becomes."""
    try:
        return STEPS[task.state](task, tools)
    except (CarrierError, OSError) as error:
        fault = str(error.code) if isinstance(error, CarrierRefused) else type(error).__name__
        log.warning("recording.put_off", recording=task.id, state=task.state, fault=fault)
        now = tools.clock()
        hopeless = isinstance(error, CarrierRefused) and now - task.told_at > GIVE_UP
        if hopeless and task.state is S.DUE:
            return {"state": S.LOST, "due_at": None, "fault": fault}
        return {"due_at": now + again_in(task.claim.attempts), "fault": fault}


def _fetch(task: Task, tools: Tools) -> Values:
    sound = tools.carrier.fetch_recording(task.sid, largest=LARGEST)
    copy = storage.store(tools.folder, task.id, task.claim.attempts, sound)
    failpoints.reach("R1")
    now = tools.clock()
    return {
        "state": S.STORED,
        "due_at": now,
        "stored_at": now,
        "file": copy.file,
        "size": copy.size,
        "sha256": copy.sha256,
        "length_ms": copy.outline.length_ms if copy.outline else None,
        "peaks": copy.outline.peaks if copy.outline else None,
        "fault": None,
    }


def _release(task: Task, tools: Tools) -> Values:
    """Delete the carrier's copy, if ours is what it should be; else fetch it anew."""
    if not storage.reads_back(tools.folder, task.file, task.id, task.sha256):
        log.error("recording.damaged", recording=task.id)
        return {"state": S.DUE, "due_at": tools.clock(), "file": None, "fault": "damaged"}
    failpoints.reach("R2")
    tools.carrier.delete_recording(task.sid)
    failpoints.reach("R3")
    return {"state": S.KEPT, "due_at": None, "released_at": tools.clock(), "fault": None}


def _erase(task: Task, tools: Tools) -> Values:
    storage.erase(tools.folder, task.file)
    failpoints.reach("R4")
    gone = {"file": None, "peaks": None, "transcript": None, "fault": None}
    return {"state": S.ERASED, "due_at": None, "erased_at": tools.clock(), **gone}


STEPS: Final[dict[RecordingState, Callable[[Task, Tools], Values]]] = {
    S.DUE: _fetch,
    S.STORED: _release,
    S.ERASING: _erase,
}


def _settle(session: Session, *, task: Task, values: Values, now: dt.datetime) -> bool:
    """Write what became of a step; return False when another clock has the recording by now."""
    if not write(session, Recording, task.claim, lease_until=None, **values):
        return False
    act = NOTED.get(values.get("state", task.state))
    if act is not None:
        detail = {"fault": values["fault"]} if values["fault"] else {}
        audit.note(session, CLOCK, act, f"recording:{task.id}", now=now, **detail)
    return True


def expire(transact: Transact, *, now: dt.datetime) -> int:
    """Have erased what is past its last day; a recording that is held stays."""
    due = (
        select(Recording)
        .where(
            Recording.state == S.KEPT,
            Recording.held.is_(False),
            Recording.last_day < local(now).date(),
        )
        .order_by(Recording.last_day)
    )
    return each_due(transact, due, Recording.id, partial(service.expire, now=now))
