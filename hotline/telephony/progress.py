"""What the carrier tells about a call, read from its forms: total, so that no form fails."""

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Final, Self

Form = Mapping[str, str]

RANKS: Final = {"queued": 0, "initiated": 1, "ringing": 2, "in-progress": 3}
TERMINAL: Final = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
SPOKEN: Final = frozenset({"completed", "answered"})
HUNG_UP: Final = "participant_hung_up"
OPENED: Final = frozenset({"conference-start", "participant-join"})
OUR_FAULT: Final = frozenset({"failed"})
_NUMBER: Final = re.compile(r"[0-9]{1,9}")


def whole(text: str | None) -> int | None:
    """Return the number that *text* writes in ASCII digits, else None."""
    return int(text) if text and _NUMBER.fullmatch(text) else None


def moment(text: str | None) -> dt.datetime | None:
    """Return the moment that *text* writes by RFC 2822 or ISO 8601 with a zone, else None."""
    for read in (parsedate_to_datetime, dt.datetime.fromisoformat):
        try:
            found = read(text or "")
        except (ValueError, IndexError):
            continue
        if found.tzinfo is not None:
            return found.astimezone(dt.UTC)
    return None


@dataclass(frozen=True)
class Progress:
    """A status callback: how far a leg has come."""

    status: str
    sequence: int
    at: dt.datetime | None
    ours: bool  # the caller's own leg, not one that we rang

    @classmethod
    def from_form(cls, form: Form) -> Self:
        """Read a call-progress event."""
        sequence = whole(form.get("SequenceNumber"))
        return cls(
            status=form.get("CallStatus", ""),
            sequence=-1 if sequence is None else sequence,
            at=moment(form.get("Timestamp")),
            ours=form.get("Direction", "inbound") == "inbound" and "ParentCallSid" not in form,
        )

    @property
    def terminal(self) -> bool:
        """Whether nothing more can follow."""
        return self.status in TERMINAL


@dataclass(frozen=True)
class QueueEnd:
    """How the caller came out of the queue."""

    result: str
    seconds: int | None

    @classmethod
    def from_form(cls, form: Form) -> Self:
        """Read the action of an Enqueue."""
        return cls(form.get("QueueResult", ""), whole(form.get("QueueTime")))


@dataclass(frozen=True)
class DialEnd:
    """How a Dial ended; the parent's own `CallStatus` says nothing about it.

    Attributes:
        live: Whether the line that dialled goes on.
        seconds: How long the two were joined, where the carrier says so.
    """

    status: str
    bridged: bool
    live: bool = True
    seconds: int | None = None

    @property
    def entered(self) -> bool:
        """Whether a Dial of a conference came into it; whom it met there is not told."""
        return self.status in SPOKEN

    @classmethod
    def from_form(cls, form: Form) -> Self:
        """Read the action of a Dial; carriers without `DialBridged` are judged by the status."""
        status = form.get("DialCallStatus", "")
        said = form.get("DialBridged")
        return cls(
            status=status,
            bridged=said == "true" if said else status in SPOKEN,
            live=form.get("CallStatus") not in TERMINAL,
            seconds=whole(form.get("DialCallDuration")),
        )


@dataclass(frozen=True)
class RoomEvent:
    """Something that happened in a conference.

    Attributes:
        opens: Whether the conference lives from now on, as far as this event says.
        leg: Whom it happened to.
        left_by_itself: Whether that one went, and was not put out by the end of it all.
    """

    room: str
    opens: bool
    leg: str
    left_by_itself: bool
    at: dt.datetime | None

    @classmethod
    def from_form(cls, form: Form) -> Self:
        """Read a conference's status callback (protocol reference, section 1.6)."""
        event = form.get("StatusCallbackEvent")
        left = event == "participant-leave"
        return cls(
            room=form.get("ConferenceSid", "")[:64],
            opens=event in OPENED,
            leg=form.get("CallSid", ""),
            left_by_itself=left and form.get("ReasonParticipantLeft") == HUNG_UP,
            at=moment(form.get("Timestamp")),
        )


@dataclass(frozen=True)
class Recording:
    """A sound file at the carrier."""

    sid: str
    seconds: int
    status: str
    message: bool  # spoken by the caller alone

    @classmethod
    def from_form(cls, form: Form) -> Self:
        """Read the action of a Record, or a recording's status callback."""
        return cls(
            sid=form.get("RecordingSid", "")[:64],
            seconds=whole(form.get("RecordingDuration")) or 0,
            status=form.get("RecordingStatus", "completed"),
            message=form.get("RecordingSource", "RecordVerb") == "RecordVerb",
        )

    @property
    def heard(self) -> bool:
        """Whether there is something to listen to."""
        return bool(self.sid) and self.seconds > 0 and self.status == "completed"


@dataclass(frozen=True)
class Spoken:
    """Words of a live transcription."""

    text: str
    by_caller: bool
    at: dt.datetime | None

    @classmethod
    def from_form(cls, form: Form) -> Self:
        """Read a transcription callback; anything but final words has no text."""
        return cls(
            text=_transcript(form) if form.get("Final", "true") == "true" else "",
            by_caller=form.get("Track") != "outbound_track",
            at=moment(form.get("Timestamp")),
        )


def _transcript(form: Form) -> str:
    if form.get("TranscriptionEvent") != "transcription-content":
        return ""
    try:
        said = json.loads(form.get("TranscriptionData", ""))
    except ValueError:
        return ""
    text = said.get("transcript") if isinstance(said, dict) else None
    return text.strip() if isinstance(text, str) else ""
