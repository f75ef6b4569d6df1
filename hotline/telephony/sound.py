"""Fetching a sound file from the carrier piece by piece: bounded in size and in time."""

import time
from collections.abc import Iterator
from typing import Final

import requests

from hotline.telephony import errors
from hotline.telephony.port import CarrierBusy, CarrierRefused

CONNECT: Final = 5  # seconds until the connection stands
SILENCE: Final = 10  # seconds between two pieces
LONGEST: Final = 300.0  # seconds for the whole file
PIECE: Final = 64 * 1024
FAILED: Final = 400
TOO_LARGE: Final = 413
WHOLE: Final = {"Accept": "audio/wav, audio/x-wav", "Accept-Encoding": "identity"}


def pieces(
    session: requests.Session, url: str, login: tuple[str, str], *, largest: int
) -> Iterator[bytes]:
    """Yield the bytes at *url*; whoever takes them must not trust them before the last has come.

    Raises:
        CarrierRefused: There is no such file (404), or it has more than *largest* bytes (413).
        CarrierBusy: It did not come, or not whole; it may be asked for again.
    """
    until, came = time.monotonic() + LONGEST, 0
    try:
        with session.get(
            url, auth=login, headers=WHOLE, stream=True, timeout=(CONNECT, SILENCE)
        ) as answer:
            if answer.status_code >= FAILED:
                raise errors.read(answer.status_code, None, creates=False)
            for piece in answer.iter_content(PIECE):
                came += len(piece)
                if came > largest:
                    raise CarrierRefused(TOO_LARGE, permanent=True)
                if time.monotonic() > until:
                    raise CarrierBusy
                yield piece
    except requests.RequestException as error:
        raise CarrierBusy from error
