"""Files that rest encrypted in pieces, so that any part is read without the rest.

A file begins with the format's name, the mark of a data key and a salt; key and salt give
the file a key of its own (HKDF, RFC 5869). Each piece of 64 KiB is sealed with AES-256-GCM;
its nonce is its number and whether it is the last (the STREAM construction of Hoang,
Reyhanitabar, Rogaway and Vizár, 2015), so that pieces can be neither swapped nor cut off.
The file's context, `recording:17` for instance, is authenticated with each.
"""

import io
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO, Final

from cryptography.exceptions import InvalidTag

from hotline.core import privacy

NAME: Final = b"HLF1"
SALT: Final = 16
HEAD: Final = len(NAME) + 1 + SALT
PIECE: Final = 64 * 1024
TAG: Final = 16
WHOLE: Final = PIECE + TAG


def write(file: BinaryIO, parts: Iterable[bytes], context: str) -> int:
    """Seal what *parts* bring into *file* and return how many bytes that was."""
    salt = os.urandom(SALT)
    mark, cipher = privacy.file_cipher(salt)
    file.write(NAME + bytes([mark]) + salt)
    pending, number = bytearray(), 0
    for part in parts:
        pending += part
        while len(pending) > PIECE:
            piece = bytes(pending[:PIECE])
            del pending[:PIECE]
            file.write(cipher.encrypt(_nonce(number, last=False), piece, context.encode()))
            number += 1
    file.write(cipher.encrypt(_nonce(number, last=True), bytes(pending), context.encode()))
    return number * PIECE + len(pending)


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


class SealedFile(io.RawIOBase):
    """A sealed file opened for reading: it can be sought, and holds one piece in memory.

    Raises:
        FileNotFoundError: There is none at *path*.
        cryptography.exceptions.InvalidTag: It is not whole, was altered, or belongs elsewhere;
            also by every read.
        KeyError: The key it was sealed with is no longer in the ring.
    """

    def __init__(self, path: Path, context: str) -> None:
        """Open the file at *path*, sealed for *context*."""
        super().__init__()
        self._file = path.open("rb")
        self._context = context.encode()
        head, sealed = self._file.read(HEAD), path.stat().st_size - HEAD
        if not head.startswith(NAME) or sealed < TAG:
            self._file.close()
            raise InvalidTag
        _, self._cipher = privacy.file_cipher(head[-SALT:], head[len(NAME)])
        self._pieces = -(-sealed // WHOLE)
        self.size: Final = sealed - self._pieces * TAG
        self._at = 0
        self._open: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        """Return that it is read."""
        return True

    def seekable(self) -> bool:
        """Return that any place in it can be gone to."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to a place in the plain bytes."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: Any, /) -> int:
        """Fill *buffer* with what follows, to the end of a piece at most."""
        if self._at >= self.size:
            return 0
        number, start = divmod(self._at, PIECE)
        part = self._piece(number)[start : start + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def _piece(self, number: int) -> bytes:
        if self._open[0] != number:
            self._file.seek(HEAD + number * WHOLE)
            nonce = _nonce(number, last=number == self._pieces - 1)
            plain = self._cipher.decrypt(nonce, self._file.read(WHOLE), self._context)
            self._open = (number, plain)
        return self._open[1]

    def close(self) -> None:
        """Close the file below."""
        self._file.close()
        super().close()
