"""The sealed files of recordings: written once, read back, opened in parts, removed for good.

A file's name holds its recording and the attempt that wrote it: two clocks never write to
one file, and what a dead attempt left is known by its name.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag

from hotline.core import sealed_file
from hotline.core.sealed_file import SealedFile
from hotline.recordings.waveform import Outline, outline

PART: Final = 256 * 1024
NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL
PRIVATE: Final = 0o600


@dataclass(frozen=True)
class Copy:
    """A durable file: its name, its plain bytes, their SHA-256, and how it sounds."""

    file: str
    size: int
    sha256: bytes
    outline: Outline | None


def name(recording_id: int, attempt: int) -> str:
    """Return the name of the file that one attempt writes."""
    return f"{recording_id}-{attempt}.sealed"


def context(recording_id: int) -> str:
    """Return what is authenticated with the pieces of a recording's file."""
    return f"recording:{recording_id}"


def store(folder: Path, recording_id: int, attempt: int, parts: Iterable[bytes]) -> Copy:
    """Seal the sound that *parts* bring; when this returns, it is on the disk.

    Raises:
        OSError: The disk did not take it.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for earlier in range(1, attempt):
        (folder / name(recording_id, earlier)).unlink(missing_ok=True)
    path, heard = folder / name(recording_id, attempt), hashlib.sha256()
    with os.fdopen(os.open(path, NEW, PRIVATE), "wb") as file:
        size = sealed_file.write(file, _hashing(parts, heard), context(recording_id))
        file.flush()
        os.fsync(file.fileno())
    _settle(folder)
    with open_sound(folder, path.name, recording_id) as sound:
        return Copy(path.name, size, heard.digest(), outline(BufferedReader(sound)))


def _hashing(parts: Iterable[bytes], heard: "hashlib._Hash") -> Iterator[bytes]:
    for part in parts:
        heard.update(part)
        yield part


def _settle(folder: Path) -> None:
    """Write the folder's own entries to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def open_sound(folder: Path, file: str, recording_id: int) -> SealedFile:
    """Open a recording's sound.

    Raises:
        FileNotFoundError, InvalidTag, KeyError: As `SealedFile`.
    """
    return SealedFile(folder / file, context(recording_id))


def reads_back(folder: Path, file: str, recording_id: int, sha256: bytes) -> bool:
    """Return whether the file holds, to the last bit, what was heard from the carrier."""
    found = hashlib.sha256()
    try:
        with open_sound(folder, file, recording_id) as sound:
            while part := sound.read(PART):
                found.update(part)
    except (OSError, InvalidTag):
        return False
    return found.digest() == sha256


def erase(folder: Path, file: str) -> None:
    """Remove a file for good; one that is gone already is no error."""
    (folder / file).unlink(missing_ok=True)
    if folder.exists():
        _settle(folder)
