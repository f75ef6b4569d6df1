"""What may be true of a call: base counts by the day it arrived.

One function a fact; its docstring is the definition, its result the condition in SQL.
A limit of time (`short`, `soon`) is chosen by whoever asks.
"""

from typing import Final

from sqlalchemy import and_, exists, not_, or_, true

from hotline.calls.legs import OUTSIDE
from hotline.calls.models import Call, CallEvent
from hotline.calls.states import LINKED
from hotline.calls.states import EndState as E
from hotline.core.words import N_
from hotline.rates.cohorts import CALLED
from hotline.rates.elapsed import elapsed
from hotline.rates.fact import SECOND, Condition, Number, fact, histogram, limited, total

LEFT: Final = (E.ABANDONED_SHORT, E.ABANDONED_QUEUE)


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


@fact(CALLED, N_("人工接听"))
def calls_answered() -> Condition:
    """Calls that a person answered (A)."""
    return Call.answered_at.is_not(None)


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


@fact(CALLED, N_("接听后已结束并完成记录"))
def calls_handled() -> Condition:
    """Answered calls that are over and whose record is finished."""
    over = and_(Call.talked_ms.is_not(None), Call.wrap_up_done_at.is_not(None))
    return and_(calls_answered(), over)


@fact(CALLED, N_("通话或记录尚未完成"))
def calls_unfinished() -> Condition:
    """Answered calls that are not over, or whose record is not finished."""
    return and_(calls_answered(), or_(Call.talked_ms.is_(None), Call.wrap_up_done_at.is_(None)))


@fact(CALLED, N_("接听且等待时长已知"))
def calls_timed() -> Condition:
    """Answered calls whose wait in the queue is known."""
    return and_(calls_answered(), Call.waited_ms.is_not(None))


@fact(CALLED, N_("接听但等待时长不明"))
def calls_untimed() -> Condition:
    """Answered calls of whose wait in the queue nothing was told."""
    return and_(calls_answered(), Call.waited_ms.is_(None))


@fact(CALLED, N_("为已有工单来电"))
def calls_repeated() -> Condition:
    """Answered calls about a ticket that exists already: progress, urging, supplement."""
    return and_(calls_answered(), Call.disposition.in_(LINKED))


@fact(CALLED, N_("转接给同事"))
def calls_transferred() -> Condition:
    """Answered calls that an operator gave over to a colleague."""
    return and_(calls_answered(), _told("transferred"))


@fact(CALLED, N_("三方通话"))
def calls_three_way() -> Condition:
    """Answered calls that a body outside joined: a partner of the directory, or 110 and the like.

    Whoever rang and never took up the telephone did not join.
    """
    outside = CallEvent.detail["role"].as_string().in_(sorted(OUTSIDE))
    return and_(calls_answered(), _told("joined", outside))


@fact(CALLED, N_("通话中断"))
def calls_broken() -> Condition:
    """Answered calls whose operator's line was lost while the caller was there."""
    return and_(calls_answered(), _told("line_lost"))


@total(CALLED, N_("排队等待合计"), calls_timed)
def wait_of_answered() -> Number:
    """From the queue's entry to a person's answer."""
    return Call.waited_ms.expression


@total(CALLED, N_("来电到接听合计"), calls_answered)
def wait_from_ring() -> Number:
    """From the first ring, the menu and the greeting included, to a person's answer."""
    return elapsed(Call.received_at, Call.answered_at)


@total(CALLED, N_("处理时长合计"), calls_handled)
def handling() -> Number:
    """From a person's answer to the finished record: talk, hold and record."""
    return _handling()


@histogram(CALLED, N_("接听前等待"), calls_answered)
def answered_after() -> Number:
    """How long callers waited whom a person answered."""
    return Call.waited_ms.expression


@histogram(CALLED, N_("放弃前等待"), calls_abandoned)
def left_after() -> Number:
    """How long callers waited who hung up in the queue."""
    return Call.waited_ms.expression


@histogram(CALLED, N_("处理时长"), calls_handled)
def handled_for() -> Number:
    """How long a call took, its record included."""
    return _handling()


@limited(CALLED, N_("限时内人工接听"), "soon", "answered_after")
def calls_answered_soon(seconds: int) -> Condition:
    """Calls that a person answered within the limit of their entry into the queue (A15)."""
    return and_(calls_answered(), _waited_at_most(seconds))


@limited(CALLED, N_("限时内挂断"), "soon", "left_after")
def calls_left_soon(seconds: int) -> Condition:
    """Calls that hung up in the queue within the limit of a good answer (Ab15)."""
    return and_(calls_abandoned(), _waited_at_most(seconds))


@limited(CALLED, N_("进入人工队列，除限时内挂断"), "soon", "left_after", whole="calls_queued")
def calls_waited(seconds: int) -> Condition:
    """Calls that entered the queue and did not hang up within the limit (Q − Ab15)."""
    return and_(calls_queued(), not_(calls_left_soon(seconds)))


@limited(CALLED, N_("限时内接听或挂断"), "soon", "answered_after", "left_after")
def calls_settled_soon(seconds: int) -> Condition:
    """Calls answered, or given up, within the limit (A15 + Ab15)."""
    return or_(calls_answered_soon(seconds), calls_left_soon(seconds))


@limited(CALLED, N_("短弃时限内挂断"), "short", "left_after")
def calls_abandoned_short(seconds: int) -> Condition:
    """Calls that hung up in the queue within the short-abandon limit (Ab(T))."""
    return and_(calls_abandoned(), _waited_at_most(seconds))


@limited(CALLED, N_("短弃时限后挂断"), "short", "left_after", whole="calls_abandoned")
def calls_abandoned_long(seconds: int) -> Condition:
    """Calls that hung up in the queue after the short-abandon limit."""
    return and_(calls_abandoned(), not_(_waited_at_most(seconds)))


@limited(CALLED, N_("进入人工队列，除短弃"), "short", "left_after", whole="calls_queued")
def calls_patient(seconds: int) -> Condition:
    """Calls that entered the queue and did not leave it within the limit (Q − Ab(T))."""
    return and_(calls_queued(), not_(calls_abandoned_short(seconds)))


def _told(kind: str, *what: Condition) -> Condition:
    """Return the condition that the call's record has a line of *kind*."""
    return exists().where(CallEvent.call_id == Call.id, CallEvent.kind == kind, *what)


def _reached_queue() -> Condition:
    """Return the condition for the human queue: whoever spoke with a person was in it."""
    return or_(Call.queued_at.is_not(None), Call.answered_at.is_not(None))


def _left() -> Condition:
    return and_(Call.end_state.is_not(None), Call.end_state.in_(LEFT))


def _waited_at_most(seconds: int) -> Condition:
    """Return the condition for a wait that is known and within *seconds*."""
    return and_(Call.waited_ms.is_not(None), Call.waited_ms <= seconds * SECOND)


def _handling() -> Number:
    return Call.talked_ms + elapsed(Call.ended_at, Call.wrap_up_done_at)


def _decided() -> Condition:
    return or_(Call.end_state.is_not(None), Call.answered_at.is_not(None))


def _ended_unlike(*ends: E) -> Condition:
    return or_(Call.end_state.is_(None), Call.end_state.not_in(ends))
