"""What a running deadline looks like: neutral, half gone, soon, over, paused. Pure."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from hotline.core.words import N_
from hotline.tickets.models import Ticket
from hotline.tickets.states import ENDED, PAUSED, SUBMITTED

SOON: Final = dt.timedelta(hours=2)
DAY: Final = dt.timedelta(days=1)
HOUR: Final = dt.timedelta(hours=1)
MINUTE: Final = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class Chip:
    """A clock in words, shape and colour; the words are a text with blanks."""

    tone: str
    icon: str
    text: str
    length: dt.timedelta = dt.timedelta()


def chip(ticket: Ticket, now: dt.datetime) -> Chip | None:
    """Return the clock of *ticket* at *now*; None where no clock runs any more."""
    if ticket.state in ENDED:
        return None
    if ticket.state in SUBMITTED:
        return _kept(ticket)
    if ticket.state in PAUSED:
        return Chip("plain paused", "circle-pause", N_("暂停"))
    left = ticket.due_at - now
    if left <= dt.timedelta():
        return Chip("act solid", "octagon-alert", N_("超 %(span)s"), -left)
    if left <= SOON:
        return Chip("warn solid", "hourglass", N_("还剩 %(span)s"), left)
    half = (ticket.due_at - ticket.clock_from) / 2
    return Chip("warn" if left <= half else "plain", "timer", N_("还剩 %(span)s"), left)


def _kept(ticket: Ticket) -> Chip | None:
    if ticket.submitted_at is None:
        return None
    late = ticket.submitted_at - ticket.due_at
    if late > dt.timedelta():
        return Chip("act", "octagon-alert", N_("超期 %(span)s 办结"), late)
    return Chip("good", "check", N_("按期"))


def parts(length: dt.timedelta) -> tuple[tuple[int, str], ...]:
    """Return the two largest parts of *length*: `((3, "时"), (20, "分"))`; at least a minute."""
    days, rest = divmod(length, DAY)
    hours, rest = divmod(rest, HOUR)
    minutes = rest // MINUTE
    if days:
        found = ((days, N_("天")), (hours, N_("时")))
    elif hours:
        found = ((hours, N_("时")), (minutes, N_("分")))
    else:
        found = ((max(minutes, 1), N_("分")), (0, ""))
    return tuple(part for part in found if part[0])
