"""Recordings: begun, paused, completed, and the sound they would hold."""

import datetime as dt
import io
import math
import struct
import wave
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from simulator import progress
from simulator.exchange import Exchange
from simulator.leg import Leg
from simulator.webhook import Target

_READY_AFTER: Final = 1.0  # seconds between the end of a recording and its file
_RATE: Final = 8000
_TONE: Final = 440
_LONGEST_TONE: Final = 5
_OVER: Final = frozenset({"completed", "absent", "deleted", "stopped"})


@dataclass(eq=False)
class Recording:
    """One recording as the API knows it."""

    sid: str
    call_sid: str | None
    source: str
    started: dt.datetime
    channels: int = 1
    track: str = "both"
    conference_sid: str | None = None
    callback: Target | None = None
    events: frozenset[str] = frozenset({"completed"})
    status: str = "in-progress"
    seconds: int = 0
    ended: dt.datetime | None = None


def begin(
    exchange: Exchange,
    leg: Leg | None,
    source: str,
    *,
    callback: Target | None = None,
    events: str = "",
    channels: int = 1,
    track: str = "both",
    conference_sid: str | None = None,
) -> Recording:
    """Start recording *leg* (or a conference) and say so if anybody asked."""
    recording = Recording(
        exchange.sids.new("RE"), leg.sid if leg else None, source, exchange.clock.now(),
        channels, track, conference_sid, callback, frozenset((events or "completed").split()),
    )  # fmt: skip
    exchange.recordings[recording.sid] = recording
    if leg:
        leg.recordings.append(recording)
    _tell(exchange, recording)
    return recording


def complete(exchange: Exchange, recording: Recording, status: str = "completed") -> None:
    """Close *recording*; its callback follows when the file would be ready."""
    if recording.status in _OVER:
        return
    recording.ended = exchange.clock.now()
    recording.seconds = round((recording.ended - recording.started).total_seconds())
    recording.status = status
    exchange.agenda.after(_READY_AFTER, lambda: _tell(exchange, recording))


def close_all(exchange: Exchange, leg: Leg) -> None:
    """Complete every recording of *leg* that still runs."""
    for recording in leg.recordings:
        complete(exchange, recording)


def address(exchange: Exchange, sid: str) -> str:
    """Return the address of a recording as webhooks carry it."""
    return f"https://api.twilio.com/2010-04-01/Accounts/{exchange.account.sid}/Recordings/{sid}"


def _tell(exchange: Exchange, recording: Recording) -> None:
    if recording.callback is None or recording.status not in recording.events:
        return
    params = {
        "AccountSid": exchange.account.sid,
        "ErrorCode": "0",
        "RecordingSid": recording.sid,
        "RecordingUrl": address(exchange, recording.sid),
        "RecordingStatus": recording.status,
        "RecordingChannels": str(recording.channels),
        "RecordingStartTime": progress.rfc2822(recording.started),
        "RecordingSource": recording.source,
        "RecordingTrack": recording.track,
    }
    if recording.conference_sid:
        params["ConferenceSid"] = recording.conference_sid
    elif recording.call_sid:
        params["CallSid"] = recording.call_sid
    if recording.status != "in-progress":
        params["RecordingDuration"] = str(recording.seconds)
    exchange.post.send(f"voice.recording.{recording.status}", recording.callback, params)


@lru_cache(maxsize=8)
def tone(seconds: int) -> bytes:
    """Return a WAV file with a tone of *seconds*, one to five of them."""
    length = max(1, min(seconds, _LONGEST_TONE)) * _RATE
    samples = (int(8000 * math.sin(2 * math.pi * _TONE * n / _RATE)) for n in range(length))
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(_RATE)
        sound.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    return file.getvalue()
