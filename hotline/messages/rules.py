"""What this installation allows its SMS: addresses, caps, quiet hours. No framework here."""

import zoneinfo
from dataclasses import dataclass
from typing import Any, Self

from hotline.messages.quiet import QuietHours


@dataclass(frozen=True)
class Rules:
    """The limits under which messages leave.

    Attributes:
        public_url: Where the carrier reports delivery.
        own_number: The hotline's number, which never texts itself.
        per_minute, per_day: For all messages but acknowledgements; alerts pass the day's.
        per_number_per_day: To one number that is not a member of staff's.
        prefixes: Countries whose mobiles may be texted.
        quiet: When no survey leaves; None for never quiet.
        two_way: Whether an SMS of ours can be answered.
    """

    public_url: str
    own_number: str
    per_minute: int = 60
    per_day: int = 2000
    per_number_per_day: int = 5
    prefixes: tuple[str, ...] = ("+86",)
    quiet: QuietHours | None = None
    two_way: bool = True

    @classmethod
    def of(cls, settings: Any) -> Self:
        """Take the limits from the installation's settings."""
        zone = zoneinfo.ZoneInfo(settings.hotline_timezone)
        return cls(
            public_url=settings.public_url,
            own_number=settings.hotline_number,
            per_minute=settings.sms_per_minute,
            per_day=settings.sms_per_day,
            per_number_per_day=settings.sms_per_number_per_day,
            prefixes=settings.dial_prefixes,
            two_way=settings.sms_two_way,
            quiet=QuietHours.read(settings.hotline_quiet_hours, zone),
        )

    def report_to(self, message_id: int) -> str:
        """Return where delivery is reported; it names the order, should the answer be lost."""
        return f"{self.public_url}/phone/sms/status?o={message_id}"
