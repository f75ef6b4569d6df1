"""Where carrier events wait on disk while the database is down: sealed, one file an event.

An event is acknowledged once its file and the folder's entry are on disk, and its file
goes when it has been entered. Names rise with time, so events are entered in order.
"""

import base64
import datetime as dt
import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from hotline.calls.events import Told
from hotline.core.db import new_id
from hotline.core.privacy import seal, unseal

CONTEXT: Final = "calls.spool"


def keep(folder: Path, told: Told) -> None:
    """Write an event so that it survives a power cut.

    Raises:
        OSError: The disk does not take it.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    line = json.dumps([told.route, dict(told.form), told.at.isoformat(), told.about])
    final = folder / f"{new_id():020d}-{os.getpid()}.jsonl"
    fresh = final.with_suffix(".part")
    with fresh.open("xb") as file:
        file.write(base64.b64encode(seal(line, CONTEXT)) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(final)
    _sync(folder)


def waiting(folder: Path) -> Sequence[Path]:
    """Return the files of kept events, oldest first."""
    return sorted(folder.glob("*.jsonl"))


def read(path: Path) -> Told:
    """Return the event in a file.

    Raises:
        FileNotFoundError: It was entered meanwhile.
        ValueError: The file holds something else.
        cryptography.exceptions.InvalidTag: It was altered.
        KeyError: The key it was sealed with is gone.
    """
    route, form, at, about = json.loads(unseal(base64.b64decode(path.read_bytes()), CONTEXT))
    return Told(str(route), _texts(form), dt.datetime.fromisoformat(at), int(about))


def put_aside(path: Path) -> None:
    """Keep an event that cannot be entered where no run looks; another clock may have done so."""
    with suppress(FileNotFoundError):
        path.rename(path.with_suffix(".refused"))


def _texts(form: Mapping[str, str]) -> dict[str, str]:
    return {str(name): str(value) for name, value in form.items()}


def _sync(folder: Path) -> None:
    entry = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(entry)
    finally:
        os.close(entry)
