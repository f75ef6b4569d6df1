"""What may be true of a stretch of somebody's presence: by the day it began.

A stretch lasts from one change of the record to the person's next and counts wholly on the day
it began; while it lasts nobody knows how long it is, and it stands outside all sums.
"""

from typing import Final

from sqlalchemy import and_, or_

from hotline.core.words import N_
from hotline.rates.cohorts import PRESENT, THEN
from hotline.rates.elapsed import elapsed
from hotline.rates.fact import Condition, Number, fact, total
from hotline.staff.attendance import BUSY
from hotline.staff.models import PresenceChange
from hotline.staff.presence import PresenceState, Why

AWAY: Final = PresenceChange.to_state == PresenceState.AWAY
IMPOSED: Final = sorted(Why)


@fact(PRESENT, N_("在岗时段"))
def presence_over() -> Condition:
    """Stretches of being signed in that are over, breaks among them."""
    return THEN.id.is_not(None)


@fact(PRESENT, N_("尚未结束的在岗时段"))
def presence_running() -> Condition:
    """Stretches of being signed in that last still."""
    return THEN.id.is_(None)


@fact(PRESENT, N_("在席时段"))
def presence_at_hand() -> Condition:
    """Stretches of being at the desk: signed in and not away."""
    return and_(presence_over(), PresenceChange.to_state != PresenceState.AWAY)


@fact(PRESENT, N_("忙于来电的时段"))
def presence_busy() -> Condition:
    """Stretches of ringing, talking (hold among it) and finishing records."""
    return and_(presence_over(), PresenceChange.to_state.in_(BUSY))


@fact(PRESENT, N_("示忙时段"))
def presence_away() -> Condition:
    """Stretches of being away for a reason that was chosen, or arranged by the lead."""
    chosen = or_(PresenceChange.reason.is_(None), PresenceChange.reason.not_in(IMPOSED))
    return and_(presence_over(), AWAY, chosen)


@fact(PRESENT, N_("被动离席时段"))
def presence_missed() -> Condition:
    """Stretches of being away that nobody chose: after a missed call, or a line that was lost."""
    return and_(presence_over(), AWAY, PresenceChange.reason.in_(IMPOSED))


@total(PRESENT, N_("在岗时长"), presence_over)
def time_signed_in() -> Number:
    """How long people were signed in."""
    return _length()


@total(PRESENT, N_("在席时长"), presence_at_hand)
def time_at_hand() -> Number:
    """How long people were at the desk: signed in and not away."""
    return _length()


@total(PRESENT, N_("忙于来电的时长"), presence_busy)
def time_busy() -> Number:
    """How long calls took people: ringing, talking (hold among it), finishing records."""
    return _length()


@total(PRESENT, N_("示忙时长"), presence_away)
def time_away() -> Number:
    """How long people were away for a reason that was chosen, or arranged by the lead."""
    return _length()


@total(PRESENT, N_("被动离席时长"), presence_missed)
def time_missed() -> Number:
    """How long people were away though nobody chose it."""
    return _length()


def _length() -> Number:
    return elapsed(PresenceChange.at, THEN.at)


def _away_for(code: str, stretches: str, time: str) -> None:
    """Enter the two facts of breaks for the reason *code* of the desk's list."""

    def presence() -> Condition:
        return and_(presence_over(), AWAY, PresenceChange.reason == code)

    def time_away() -> Number:
        return _length()

    presence.__doc__ = f"Stretches of being away for `{code}`."
    time_away.__doc__ = f"How long people were away for `{code}`."
    presence.__name__, time_away.__name__ = f"presence_{code}", f"time_{code}"
    fact(PRESENT, stretches)(presence)
    total(PRESENT, time, presence)(time_away)


_away_for("short", N_("小休时段"), N_("小休时长"))
_away_for("meal", N_("就餐时段"), N_("就餐时长"))
_away_for("recovery", N_("情绪调节时段"), N_("情绪调节时长"))
_away_for("casework", N_("处理工单时段"), N_("处理工单时长"))
_away_for("callback", N_("外呼回访时段"), N_("外呼回访时长"))
_away_for("meeting", N_("会议时段"), N_("会议时长"))
_away_for("training", N_("培训时段"), N_("培训时长"))
_away_for("fault", N_("系统故障时段"), N_("系统故障时长"))
_away_for("lead", N_("班长安排时段"), N_("班长安排时长"))
