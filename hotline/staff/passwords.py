"""Passwords: argon2id at a cost of about 75 ms, two at a time, and what a good one is."""

import threading
from pathlib import Path
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from hotline.core.errors import Invalid, Unavailable
from hotline.core.words import N_

SHORTEST: Final = 8
LONGEST: Final = 256
FEWEST_CHARACTERS: Final = 5  # different ones: `11111111` and `12121212` are no secrets
WAIT_SECONDS: Final = 10.0
OUR_WORDS: Final = ("12351", "hotline", "password", "工会", "热线")
COMMON: Final = frozenset(
    (Path(__file__).parent / "common_passwords.txt").read_text("ascii").split()
)

# 47 MiB, one pass, one lane: OWASP's choice for a server that checks many at once.
_hasher: Final = PasswordHasher(time_cost=1, memory_cost=47104, parallelism=1)
_two_at_a_time: Final = threading.BoundedSemaphore(2)
NOBODY: Final = (  # of no password; verifying against it takes as long as against a real one
    "$argon2id$v=19$m=47104,t=1,p=1$bm9ib2R5J3Mgb3duIHNhbHQ"
    "$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
)


def digest(password: str) -> str:
    """Return the hash to keep of *password*.

    Raises:
        Unavailable: Too many wait for their turn.
    """
    with _Turn():
        return _hasher.hash(password)


def verify(kept: str | None, password: str) -> bool:
    """Return whether *password* is the one whose hash was *kept*.

    Where nothing was kept the answer is no, after the same time.

    Raises:
        Unavailable: Too many wait for their turn.
    """
    with _Turn():
        try:
            return _hasher.verify(kept or NOBODY, password)
        except (VerificationError, InvalidHashError):
            return False


def check(password: str, login: str) -> None:
    """Refuse a password that is short, common, or made of the login or of our own words.

    Raises:
        Invalid: With the reason, for the field `password`.
    """
    plain = password.casefold()
    rest = plain
    for word in (login.casefold(), *OUR_WORDS):
        rest = rest.replace(word, "")
    if len(password) < SHORTEST:
        fault = N_("密码至少 8 个字符")
    elif len(password) > LONGEST:
        fault = N_("密码最多 256 个字符")
    elif plain in COMMON or len(set(plain)) < FEWEST_CHARACTERS or len(rest) < FEWEST_CHARACTERS:
        fault = N_("这个密码太容易猜到")
    else:
        return
    raise Invalid({"password": fault})


class _Turn:
    """A turn at the two places where hashes are made; 47 MiB each."""

    def __enter__(self) -> None:
        if not _two_at_a_time.acquire(timeout=WAIT_SECONDS):
            raise Unavailable

    def __exit__(self, *_: object) -> None:
        _two_at_a_time.release()
