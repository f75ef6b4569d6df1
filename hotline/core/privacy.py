"""Personal words are encrypted where they rest, and found again by a keyed hash.

AES-256-GCM with a key per purpose derived by HKDF (RFC 5869); the column's name is
authenticated too, so a value moved to another column does not open. The first byte
names the key, so keys can be rotated. Numbers are looked up by HMAC-SHA256, cut to
16 bytes (a "blind index").
"""

import base64
import binascii
import hashlib
import hmac
import os
from typing import Any, Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
INDEX_BYTES: Final = 16
WORD_BITS: Final = 20


def read_keys(text: str) -> tuple[bytes, ...]:
    """Read comma-separated URL-safe base64 keys of 32 bytes, newest first.

    Raises:
        ValueError: A key is malformed or of another length.
    """
    keys = []
    for part in text.split(","):
        try:
            key = base64.urlsafe_b64decode(part.strip())
        except (binascii.Error, ValueError):
            key = b""
        if len(key) != KEY_BYTES:
            raise ValueError("each key is 32 bytes in URL-safe base64")
        keys.append(key)
    return tuple(keys)


class Keyring:
    """The keys of one installation: the first writes, all of them read."""

    def __init__(self, keys: tuple[bytes, ...]) -> None:
        """Derive the working keys; the blind index stays with the oldest key for life."""
        derived = [derive(key, b"field") for key in keys]
        self._keys = {hashlib.sha256(key).digest()[0]: key for key in derived}
        self._ciphers = {mark: AESGCM(key) for mark, key in self._keys.items()}
        if len(self._ciphers) != len(keys):
            raise ValueError("two keys share their mark; make another key")
        self._newest = hashlib.sha256(derived[0]).digest()[0]
        self._index = derive(keys[-1], b"blind index")

    def seal(self, text: str, context: str) -> bytes:
        """Encrypt *text* for the column named *context*."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._ciphers[self._newest].encrypt(nonce, text.encode(), context.encode())
        return bytes([self._newest]) + nonce + sealed

    def open(self, sealed: bytes, context: str) -> str:
        """Decrypt what `seal` made for the same *context*.

        Raises:
            KeyError: The key it was sealed with is no longer in the ring.
            cryptography.exceptions.InvalidTag: It was altered or moved.
        """
        nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        return self._ciphers[sealed[0]].decrypt(nonce, body, context.encode()).decode()

    def of_file(self, salt: bytes, mark: int | None = None) -> tuple[int, AESGCM]:
        """Return the cipher of the file with *salt*, and the mark of the data key behind it.

        Raises:
            KeyError: The key with that *mark* is no longer in the ring.
        """
        mark = self._newest if mark is None else mark
        return mark, AESGCM(derive(self._keys[mark], b"file", salt))

    def index(self, text: str) -> bytes:
        """Return the 16 bytes under which *text* is looked up."""
        return hmac.digest(self._index, text.encode(), "sha256")[:INDEX_BYTES]


def derive(key: bytes, purpose: bytes, salt: bytes | None = None) -> bytes:
    """Return the working key that *key* yields for one *purpose*, and for one *salt* if given."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=purpose).derive(key)


_ring: list[Keyring] = []


def use(keys: tuple[bytes, ...]) -> None:
    """Set the keys of this process; the app does it once at start."""
    _ring[:] = [Keyring(keys)]


def blind_index(text: str) -> bytes:
    """Return the look-up form of *text*, an E.164 number for instance."""
    return _ring[0].index(text)


def word_key(word: str) -> int:
    """Return the number under which a text with *word* is found; several words share each."""
    return int.from_bytes(_ring[0].index(f"word:{word}")) >> INDEX_BYTES * 8 - WORD_BITS


def seal(text: str, context: str) -> bytes:
    """Encrypt *text* for a place outside the database, named by its *context*."""
    return _ring[0].seal(text, context)


def unseal(sealed: bytes, context: str) -> str:
    """Decrypt what `seal` made for the same *context*."""
    return _ring[0].open(sealed, context)


def file_cipher(salt: bytes, mark: int | None = None) -> tuple[int, AESGCM]:
    """Return the cipher of one file and its key's mark: the newest key's, or that of *mark*."""
    return _ring[0].of_file(salt, mark)


class Sealed(TypeDecorator[str]):
    """A text column that rests encrypted; give it `table.column` as its context."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, context: str) -> None:
        """Bind the value to the place named *context*."""
        super().__init__()
        self.context = context

    def process_bind_param(self, value: str | None, dialect: Dialect) -> Any:
        """Encrypt on the way in."""
        del dialect
        return None if value is None else _ring[0].seal(value, self.context)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        """Decrypt on the way out."""
        del dialect
        return None if value is None else _ring[0].open(bytes(value), self.context)


def mask_phone(number: str | None) -> str:
    """Return *number* with its middle hidden: `+86138****0001`; `–` where there is none."""
    if not number:
        return "–"
    if len(number) < 8:  # noqa: PLR2004 - a short code such as 12351 is nobody's own
        return number
    return f"{number[:-8]}****{number[-4:]}"


def mask_name(name: str | None) -> str:
    """Return the family name with the rest hidden: `演**`."""
    return name[0] + "*" * (len(name) - 1) if name else "–"
