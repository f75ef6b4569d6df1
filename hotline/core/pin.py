"""The PIN by which a caller asks after a matter: four digits that follow from it by a keyed hash.

Nothing is stored: whoever has the database without its keys cannot work it out. It is told
in the acknowledgement and shown to the operator. Four digits are few, so guesses are
counted (`intake.guessing`).
"""

import hmac
from typing import Final

from hotline.core.privacy import blind_index

DIGITS: Final = 4


def pin_of(ticket_id: int) -> str:
    """Return the PIN of a ticket."""
    return f"{int.from_bytes(blind_index(f'pin:{ticket_id}')) % 10**DIGITS:0{DIGITS}}"


def fits(pin: str, ticket_id: int) -> bool:
    """Return whether *pin* is the ticket's, in the same time whatever was pressed."""
    return hmac.compare_digest(pin.encode(), pin_of(ticket_id).encode())
