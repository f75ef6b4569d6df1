"""The installation's signature: what must be provable without its database is signed here.

Ed25519 (RFC 8032). The key is derived from the oldest data key, which stays for the life of
the installation, so what was signed years ago still verifies with the one public key.
"""

import base64
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from hotline.core.privacy import derive

PURPOSE: Final = b"signature"

_signer: list[Ed25519PrivateKey] = []


def use(keys: tuple[bytes, ...]) -> None:
    """Set the key of this process from the data *keys*; the app does it once at start."""
    _signer[:] = [Ed25519PrivateKey.from_private_bytes(derive(keys[-1], PURPOSE))]


def sign(content: bytes) -> bytes:
    """Return the signature of *content*, 64 bytes."""
    return _signer[0].sign(content)


def signed_by_us(content: bytes, signature: bytes) -> bool:
    """Return whether *signature* is this installation's, of this very *content*."""
    try:
        _signer[0].public_key().verify(signature, content)
    except InvalidSignature:
        return False
    return True


def public_key() -> str:
    """Return the key that others verify with: 32 bytes in URL-safe base64."""
    raw = _signer[0].public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return base64.urlsafe_b64encode(raw).decode()
