"""The hours in which nobody is asked anything. No framework here."""

import datetime as dt
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class QuietHours:
    """From *start* to *end* by the hotline's clock, over midnight if start is later."""

    start: dt.time
    end: dt.time
    zone: dt.tzinfo

    @classmethod
    def read(cls, text: str, zone: dt.tzinfo) -> Self | None:
        """Read `21:00-08:30`; `off` is None."""
        if text == "off":
            return None
        start, end = (dt.time.fromisoformat(part) for part in text.split("-"))
        return cls(start, end, zone)

    def until(self, now: dt.datetime) -> dt.datetime | None:
        """Return when the quiet that holds at *now* ends, or None outside it."""
        local = now.astimezone(self.zone)
        time = local.time()
        over_midnight = self.start > self.end
        if over_midnight:
            quiet = time >= self.start or time < self.end
        else:
            quiet = self.start <= time < self.end
        if not quiet:
            return None
        day = local.date() + dt.timedelta(days=over_midnight and time >= self.start)
        return dt.datetime.combine(day, self.end, self.zone).astimezone(dt.UTC)
