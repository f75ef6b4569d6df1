"""Live transcription: what is said on a call, sent to the hotline as it is said."""

import datetime as dt
import json
from typing import Final

from simulator.exchange import Exchange
from simulator.leg import Leg, Transcription
from simulator.webhook import Target

_BOTH: Final = "both_tracks"
_CONFIDENCE: Final = 0.93


def begin(
    exchange: Exchange, leg: Leg, target: Target | None, *, language: str, track: str, name: str
) -> Transcription:
    """Start transcribing *leg* and say so."""
    transcription = Transcription(exchange.sids.new("GT"), target, language, track, name)
    leg.transcriptions.append(transcription)
    _send(
        exchange,
        leg,
        transcription,
        "transcription-started",
        {"Track": track, "TranscriptionEngine": "google", "PartialResults": "false", "Name": name},
    )
    return transcription


def note(exchange: Exchange, leg: Leg, words: str, track: str) -> None:
    """Send *words*, heard on *track* of *leg*, to whoever transcribes it."""
    content = json.dumps({"transcript": words, "confidence": _CONFIDENCE}, ensure_ascii=False)
    for running in leg.transcriptions:
        if running.track in (_BOTH, track):
            _send(
                exchange,
                leg,
                running,
                "transcription-content",
                {"Track": track, "TranscriptionData": content, "Final": "true"},
            )


def close_all(exchange: Exchange, leg: Leg, name: str | None = None) -> None:
    """Stop the transcriptions of *leg*, or only the one called *name*."""
    for running in [t for t in leg.transcriptions if name in (None, t.name)]:
        leg.transcriptions.remove(running)
        _send(exchange, leg, running, "transcription-stopped", {})


def _send(
    exchange: Exchange, leg: Leg, running: Transcription, event: str, extra: dict[str, str]
) -> None:
    running.sequence += 1
    if running.target is None:
        return
    stamp = exchange.clock.now().astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    params = {
        "AccountSid": exchange.account.sid,
        "CallSid": leg.sid,
        "LanguageCode": running.language,
        "SequenceId": str(running.sequence),
        "Timestamp": stamp,
        "TranscriptionEvent": event,
        "TranscriptionSid": running.sid,
    }
    kind = f"voice.rt_transcription.{event.removeprefix('transcription-')}"
    exchange.post.send(kind, running.target, params | extra)
