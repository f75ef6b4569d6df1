"""What the carrier's error codes mean for us: never again, not now, or who knows.

https://www.twilio.com/docs/api/errors
"""

from typing import Final

from hotline.telephony.port import CarrierBusy, CarrierError, CarrierRefused, CarrierUncertain

TOO_MANY: Final = 429
NOT_NOW: Final = 503
SERVER: Final = 500

OPTED_OUT: Final = 21610
UNKNOWN: Final = frozenset({20404, 404})  # no such resource

# The account or the sender is at fault, not the message: it waits until somebody mends it.
OURS_TO_MEND: Final = frozenset(
    {20003, 20005, 21212, 21603, 21606, 21703, 21704, 21705, 30002, 63038}
)
CROWDED: Final = frozenset({20429, 20503, 21611, 30001, 30017, 30022, 30410})

# After it was taken: the handset was off or a line crowded, so another try may reach it.
PASSING: Final = frozenset({30001, 30003, 30008, 30017, 30410})


def read(status: int, code: int | None, *, creates: bool) -> CarrierError:
    """Return what an error answer means.

    A refusal says that nothing was taken. A server error on a request that *creates*
    something says nothing about that: the carrier knows no idempotency key.
    """
    if status in {TOO_MANY, NOT_NOW}:
        return CarrierBusy()
    if status >= SERVER:
        return CarrierUncertain(f"HTTP {status}", answered=True) if creates else CarrierBusy()
    code = code or status
    return CarrierRefused(code, permanent=code not in OURS_TO_MEND | CROWDED)
