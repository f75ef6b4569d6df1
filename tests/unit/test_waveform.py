"""The outline of a sound, read from WAV files of several kinds."""

import io
import struct
import wave

import pytest

from hotline.recordings.waveform import BARS, outline


def wav(frames: bytes, *, width: int = 2, channels: int = 1, rate: int = 8000) -> io.BytesIO:
    """Return a WAV file of *frames*."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(channels)
        sound.setsampwidth(width)
        sound.setframerate(rate)
        sound.writeframes(frames)
    file.seek(0)
    return file


def loud(half: float, width: int, channels: int) -> bytes:
    """Return a second of silence and a second at some part of the full swing."""
    quiet = {1: b"\x80", 2: b"\0\0"}[width]
    swing = {1: bytes([128 - int(half * 127)]), 2: struct.pack("<h", -int(half * 32767))}[width]
    return (
        (quiet * 8000 + swing * 8000) * channels
        if channels == 1
        else (quiet * 16000 + swing * 16000)
    )


@pytest.mark.parametrize("width", [1, 2])
@pytest.mark.parametrize("channels", [1, 2])
def test_silence_is_low_and_speech_is_high(width: int, channels: int) -> None:
    found = outline(wav(loud(0.5, width, channels), width=width, channels=channels))
    assert found is not None
    assert (found.length_ms, len(found.peaks)) == (2000, BARS)
    assert set(found.peaks[: BARS // 2]) == {0}
    assert all(peak == pytest.approx(127, abs=2) for peak in found.peaks[BARS // 2 :])


def test_a_short_sound_has_its_bars_too() -> None:
    found = outline(wav(b"\xff\x7f" * 10))
    assert found is not None
    assert max(found.peaks) == 254


@pytest.mark.parametrize(
    "other",
    [
        b"",
        b"ID3\x04 an mp3",
        b"RIFF\x10\0\0\0WAVE",
        wav(b"").getvalue(),
        wav(b"\0" * 9, width=3).getvalue(),
    ],
)
def test_what_is_no_such_sound_has_no_outline(other: bytes) -> None:
    assert outline(io.BytesIO(other)) is None
