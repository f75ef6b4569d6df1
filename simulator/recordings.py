"""Recordings: begun, paused, completed, and the sound they would hold."""

import array
import datetime as dt
import io
import math
import wave
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from simulator import progress
from simulator.exchange import Exchange
from simulator.leg import Leg
from simulator.webhook import Target

_READY_AFTER: Final = 1.0  # seconds between the end of a recording and its file
_RATE: Final = 8000
_TONE: Final = 440
_LONGEST_FILE: Final = 600
_LOUDNESS: Final = (8000, 3000, 12000, 5000, 1500, 10000, 6000)  # second by second, over and over
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
    paused: dt.datetime | None = None
    silent: set[int] = field(default_factory=set)


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
    hold(exchange, recording, paused=False)
    recording.ended = exchange.clock.now()
    recording.seconds = round((recording.ended - recording.started).total_seconds())
    recording.status = status
    exchange.agenda.after(_READY_AFTER, lambda: _tell(exchange, recording))


def hold(exchange: Exchange, recording: Recording, *, paused: bool) -> None:
    """Record silence from now on, or sound again."""
    now = exchange.clock.now()
    if recording.paused is not None:
        first, last = (
            (moment - recording.started).total_seconds() for moment in (recording.paused, now)
        )
        recording.silent |= set(range(int(first), math.ceil(last)))
    recording.paused = now if paused else None
    recording.status = "paused" if paused else "in-progress"


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


def sound(recording: Recording) -> bytes:
    """Return the WAV file of *recording*: a tone of changing loudness, silence where it paused."""
    length = max(1, min(recording.seconds, _LONGEST_FILE))
    file = io.BytesIO()
    with wave.open(file, "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(_RATE)
        for second in range(length):
            quiet = second in recording.silent
            wav.writeframes(_second(0 if quiet else _LOUDNESS[second % len(_LOUDNESS)]))
    return file.getvalue()


@lru_cache(maxsize=len(_LOUDNESS) + 1)
def _second(loudness: int) -> bytes:
    samples = (int(loudness * math.sin(2 * math.pi * _TONE * n / _RATE)) for n in range(_RATE))
    return array.array("h", samples).tobytes()
