"""What may be true of a callback: by the day it began to be owed.

One function a fact; its docstring is the definition, its result the condition in SQL.
"""

from sqlalchemy import and_, true

from hotline.callbacks.models import Callback
from hotline.callbacks.states import MET, OPEN, CallbackState
from hotline.core.words import N_
from hotline.rates.cohorts import OWED
from hotline.rates.elapsed import DAY, elapsed
from hotline.rates.fact import Condition, fact


@fact(OWED, N_("应回拨"))
def callbacks_owed() -> Condition:
    """Every obligation to call somebody back."""
    return true()


@fact(OWED, N_("应回拨，除无号码"))
def callbacks_possible() -> Condition:
    """Obligations towards callers who have a number, those still open among them."""
    return Callback.state != CallbackState.CLOSED_NO_NUMBER


@fact(OWED, N_("号码隐藏或无效"))
def callbacks_no_number() -> Condition:
    """Obligations towards callers whose number was withheld or is wrong."""
    return Callback.state == CallbackState.CLOSED_NO_NUMBER


@fact(OWED, N_("已联系上或本人再次来电"))
def callbacks_met() -> Condition:
    """Obligations met: the caller was reached, or called again and was answered."""
    return Callback.state.in_(MET)


@fact(OWED, N_("24 小时内已联系上或本人再次来电"))
def callbacks_met_in_a_day() -> Condition:
    """Obligations met within 24 hours of the call that was missed."""
    return and_(callbacks_met(), elapsed(Callback.opened_at, Callback.closed_at) <= DAY)


@fact(OWED, N_("回拨未了"))
def callbacks_open() -> Condition:
    """Obligations that are still open; until they are met they count against us."""
    return Callback.state.in_(OPEN)


@fact(OWED, N_("未能联系上"))
def callbacks_unreachable() -> Condition:
    """Obligations closed after every try failed; they are never counted as met."""
    return Callback.state == CallbackState.CLOSED_UNREACHABLE
