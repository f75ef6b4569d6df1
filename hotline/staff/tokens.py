"""Secrets that are handed out once and kept only as a hash."""

import hashlib
import secrets
from typing import Final

SECRET_BYTES: Final = 32
MARK: Final = "hl_"  # lets scanners of leaked secrets know ours


def fresh(mark: str = "") -> str:
    """Return a new secret of 256 bits, for a cookie or, with a *mark*, for a script."""
    return mark + secrets.token_urlsafe(SECRET_BYTES)


def hashed(token: str) -> str:
    """Return what is kept of *token*; chance of 256 bits needs no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()
