"""The outline of a sound: how long it is and how loud each part of it, read from a WAV file."""

import array
import sys
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

BARS: Final = 120
LOUDEST: Final = 255
READ: Final = 16 * 1024  # frames at a time
STRIDE: Final = 64  # frames that are looked at together: 8 ms on the telephone
SILENCE: Final = 128  # what a sample of one byte says at rest
FULL: Final = {1: 128, 2: 32768}  # the largest swing of a sample, by its width in bytes


@dataclass(frozen=True)
class Outline:
    """How long a sound lasts, and its loudness from 0 to 255 in `BARS` equal parts."""

    length_ms: int
    peaks: bytes


def outline(file: BinaryIO) -> Outline | None:
    """Return the outline of a PCM WAV *file* of 8 or 16 bits; None for any other sound."""
    try:
        with wave.open(file) as sound:
            frames, rate = sound.getnframes(), sound.getframerate()
            if sound.getsampwidth() not in FULL or not frames:
                return None
            return Outline(frames * 1000 // rate, _peaks(sound, frames))
    except (wave.Error, EOFError, ZeroDivisionError):
        return None


def _peaks(sound: wave.Wave_read, frames: int) -> bytes:
    loudest = [0] * BARS
    full = FULL[sound.getsampwidth()]
    for start, swings in _swings(sound):
        each = sound.getnchannels()
        for offset in range(0, len(swings), each * STRIDE):
            bar = min(BARS - 1, (start + offset // each) * BARS // frames)
            part = swings[offset : offset + each * STRIDE]
            loudest[bar] = max(loudest[bar], *part, -min(part))
    return bytes(min(LOUDEST, loud * LOUDEST // full) for loud in loudest)


def _swings(sound: wave.Wave_read) -> Iterator[tuple[int, "array.array[int]"]]:
    """Yield the samples around nought, with the number of the frame each lot begins at."""
    start = 0
    while raw := sound.readframes(READ):
        yield start, _samples(raw, sound.getsampwidth())
        start += len(raw) // (sound.getsampwidth() * sound.getnchannels())


def _samples(raw: bytes, width: int) -> "array.array[int]":
    if width == 1:
        return array.array("h", (sample - SILENCE for sample in raw))
    found = array.array("h", raw[: len(raw) // width * width])
    if sys.byteorder == "big":
        found.byteswap()
    return found
