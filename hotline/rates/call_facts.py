"""What may be true of a call: base counts by the day it arrived.

One function a fact; its docstring is the definition, its result the condition in SQL.
"""

from typing import Final

from sqlalchemy import and_, func, not_, or_, true

from hotline.calls.models import Call
from hotline.calls.states import EndState as E
from hotline.core.words import N_
from hotline.rates.cohorts import CALLED
from hotline.rates.fact import Condition, fact

SOON: Final = 15_000  # ms: the national service standard's time to answer (GB/T 33358-2016)


@fact(CALLED, N_("全部来电"))
def calls_inbound() -> Condition:
    """Every inbound call (I)."""
    return true()


@fact(CALLED, N_("通话未结束"))
def calls_in_progress() -> Condition:
    """Calls of which nobody can say yet how they end: not answered and not over."""
    return not_(_decided())


@fact(CALLED, N_("已有结局的来电"))
def calls_decided() -> Condition:
    """Calls that were answered by a person or are over."""
    return _decided()


@fact(CALLED, N_("进入人工队列"))
def calls_queued() -> Condition:
    """Calls that entered the human queue (Q), less those still waiting in it."""
    return and_(_reached_queue(), _decided())


@fact(CALLED, N_("未进入人工队列"))
def calls_not_queued() -> Condition:
    """Calls that were over before they reached the human queue."""
    return and_(not_(_reached_queue()), _decided())


@fact(CALLED, N_("进入人工队列，除 5 秒内挂断"))
def calls_patient() -> Condition:
    """Calls that entered the queue and did not leave it within the short-abandon limit."""
    return and_(calls_queued(), _ended_unlike(E.ABANDONED_SHORT))


@fact(CALLED, N_("人工接听"))
def calls_answered() -> Condition:
    """Calls that a person answered (A)."""
    return Call.answered_at.is_not(None)


@fact(CALLED, N_("15 秒内人工接听"))
def calls_answered_soon() -> Condition:
    """Calls that a person answered within 15 s of their entry into the queue (A15)."""
    return and_(calls_answered(), func.coalesce(Call.waited_ms, 0) <= SOON)


@fact(CALLED, N_("进入人工队列，除 15 秒内挂断"))
def calls_waited() -> Condition:
    """Calls that entered the queue and did not hang up within 15 s (Q − Ab15)."""
    return and_(calls_queued(), not_(_left_soon()))


@fact(CALLED, N_("15 秒内挂断"))
def calls_left_soon() -> Condition:
    """Calls that hung up in the queue within 15 s (Ab15)."""
    return and_(_reached_queue(), _left_soon())


@fact(CALLED, N_("应由人工接听"))
def calls_owed() -> Condition:
    """Calls for which the caller was owed a person: all but blocked and self-served."""
    return and_(_decided(), _ended_unlike(E.BLOCKED, E.IVR_SELFSERVED))


@fact(CALLED, N_("人工接听或语音自助完成"))
def calls_served() -> Condition:
    """Calls answered by a person or served by the menu (A + Sv)."""
    return or_(calls_answered(), calls_self_served())


@fact(CALLED, N_("队列中放弃"))
def calls_abandoned() -> Condition:
    """Calls that hung up in the queue, however soon (Ab)."""
    return and_(_reached_queue(), _left())


@fact(CALLED, N_("5 秒内挂断"))
def calls_abandoned_short() -> Condition:
    """Calls that hung up in the queue within the short-abandon limit."""
    return and_(_reached_queue(), Call.end_state == E.ABANDONED_SHORT)


@fact(CALLED, N_("黑名单"))
def calls_blocked() -> Condition:
    """Calls refused because the number is blocked (X)."""
    return Call.end_state == E.BLOCKED


@fact(CALLED, N_("接入失败"))
def calls_failed() -> Condition:
    """Calls lost to an error of the carrier or of ours (F)."""
    return Call.end_state == E.FAILED


@fact(CALLED, N_("语音自助完成"))
def calls_self_served() -> Condition:
    """Calls that heard a complete item of the menu and needed nobody (Sv)."""
    return Call.end_state == E.IVR_SELFSERVED


@fact(CALLED, N_("语音菜单中退出"))
def calls_ivr_exit() -> Condition:
    """Calls that left the menu before anything was heard to its end (Ve)."""
    return Call.end_state == E.IVR_EXIT


@fact(CALLED, N_("非服务时间"))
def calls_after_hours() -> Condition:
    """Calls outside the opening hours (H)."""
    return Call.end_state == E.AFTER_HOURS


@fact(CALLED, N_("溢出转出"))
def calls_overflowed() -> Condition:
    """Calls passed to another centre (O)."""
    return Call.end_state == E.OVERFLOWED


@fact(CALLED, N_("留言"))
def calls_voicemail() -> Condition:
    """Calls that ended in a voicemail (Vm)."""
    return Call.end_state == E.VOICEMAIL


@fact(CALLED, N_("预约回拨"))
def calls_callback() -> Condition:
    """Calls whose caller asked to be called back (Cb)."""
    return Call.end_state == E.CALLBACK_REQUESTED


def _reached_queue() -> Condition:
    """Return the condition for the human queue: whoever spoke with a person was in it."""
    return or_(Call.queued_at.is_not(None), Call.answered_at.is_not(None))


def _left() -> Condition:
    ends = (E.ABANDONED_SHORT, E.ABANDONED_QUEUE)
    return and_(Call.end_state.is_not(None), Call.end_state.in_(ends))


def _left_soon() -> Condition:
    return and_(_left(), func.coalesce(Call.waited_ms, 0) <= SOON)


def _decided() -> Condition:
    return or_(Call.end_state.is_not(None), Call.answered_at.is_not(None))


def _ended_unlike(*ends: E) -> Condition:
    return or_(Call.end_state.is_(None), Call.end_state.not_in(ends))
