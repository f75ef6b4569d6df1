"""The rates of calls and callbacks: what each divides, and what it says of itself."""

from typing import Final

from hotline.core.words import N_
from hotline.rates.formulas import Metric
from hotline.rates.words import CALLED, OWED

_RUNNING: Final = {"in_progress": "calls_in_progress"}

CALLS: Final = (
    Metric(
        "C1",
        N_("人工接通率"),
        CALLED,
        "calls_answered",
        "calls_queued",
        {"not_queued": "calls_not_queued", **_RUNNING},
        N_("人工接听的来电 ÷ 进入人工队列的来电。"),
    ),
    Metric(
        "C2",
        N_("人工接通率（去短弃）"),
        CALLED,
        "calls_answered",
        "calls_patient",
        {
            "not_queued": "calls_not_queued",
            "abandoned_short": "calls_abandoned_short",
            **_RUNNING,
        },
        N_("人工接听的来电 ÷（进入人工队列的来电 − 短弃时限内挂断的来电）。"),
    ),
    Metric(
        "C3",
        N_("来电人视角接通率"),
        CALLED,
        "calls_answered",
        "calls_owed",
        {
            "blocked": "calls_blocked",
            "self_served": "calls_self_served",
            **_RUNNING,
        },
        N_(
            "人工接听的来电 ÷（全部来电 − 黑名单 − 语音自助完成）；"
            "下班后、溢出和失败的来电都算没有接通。"
        ),
    ),
    Metric(
        "C4",
        N_("综合接通率"),
        CALLED,
        "calls_served",
        "calls_decided",
        _RUNNING,
        N_("（人工接听 + 语音自助完成）÷ 全部来电。"),
    ),
    Metric(
        "C5a",
        N_("及时应答率"),
        CALLED,
        "calls_answered_soon",
        "calls_answered",
        _RUNNING,
        N_("进入队列后应答时限内接听的来电 ÷ 人工接听的来电；看不到等不及的人。"),
    ),
    Metric(
        "C5b",
        N_("服务水平（严）"),
        CALLED,
        "calls_answered_soon",
        "calls_queued",
        {"not_queued": "calls_not_queued", **_RUNNING},
        N_("进入队列后应答时限内接听的来电 ÷ 进入人工队列的来电。"),
    ),
    Metric(
        "C5c",
        N_("服务水平（去时限内挂断）"),
        CALLED,
        "calls_answered_soon",
        "calls_waited",
        {
            "not_queued": "calls_not_queued",
            "left_soon": "calls_left_soon",
            **_RUNNING,
        },
        N_("应答时限内接听的来电 ÷（进入人工队列的来电 − 应答时限内挂断的来电）。"),
    ),
    Metric(
        "C5d",
        N_("服务水平（时限内挂断算成功）"),
        CALLED,
        "calls_settled_soon",
        "calls_queued",
        {"not_queued": "calls_not_queued", **_RUNNING},
        N_(
            "（应答时限内接听 + 应答时限内挂断）÷ 进入人工队列的来电；"
            "把等不及的人算作成功，只供对照，不宜采用。"
        ),
    ),
    Metric(
        "C6",
        N_("放弃率"),
        CALLED,
        "calls_abandoned",
        "calls_queued",
        {"not_queued": "calls_not_queued", **_RUNNING},
        N_("在人工队列中挂断的来电 ÷ 进入人工队列的来电。"),
    ),
    Metric(
        "C6-long",
        N_("放弃率（去短弃）"),
        CALLED,
        "calls_abandoned_long",
        "calls_patient",
        {
            "not_queued": "calls_not_queued",
            "abandoned_short": "calls_abandoned_short",
            **_RUNNING,
        },
        N_("短弃时限后挂断的来电 ÷（进入人工队列的来电 − 短弃时限内挂断的来电）。"),
    ),
    Metric(
        "C7",
        N_("未接回拨闭环率"),
        OWED,
        "callbacks_met",
        "callbacks_possible",
        {"no_number": "callbacks_no_number"},
        N_("已联系上或本人再次来电并接通的回拨 ÷ 应回拨；未了结和联系不上的都不算闭环。"),
    ),
    Metric(
        "C7-day",
        N_("24 小时回拨闭环率"),
        OWED,
        "callbacks_met_in_a_day",
        "callbacks_possible",
        {"no_number": "callbacks_no_number"},
        N_("未接后 24 小时内已联系上或本人再次来电并接通的回拨 ÷ 应回拨。"),
    ),
    Metric(
        "C8",
        N_("平均应答速度"),
        CALLED,
        "wait_of_answered",
        "calls_timed",
        {"untimed": "calls_untimed"},
        N_("人工接听的来电从进入队列到接听的等待合计 ÷ 人工接听的来电。"),
        mean=True,
        histogram="answered_after",
    ),
    Metric(
        "C8-ring",
        N_("平均应答速度（从来电算起）"),
        CALLED,
        "wait_from_ring",
        "calls_answered",
        {},
        N_("人工接听的来电从来电到接听（含欢迎语和语音菜单）的时长合计 ÷ 人工接听的来电。"),
        mean=True,
    ),
    Metric(
        "C9",
        N_("平均处理时长"),
        CALLED,
        "handling",
        "calls_handled",
        {"unfinished": "calls_unfinished"},
        N_("（通话 + 保持 + 话后记录）时长合计 ÷ 人工接听且记录完成的来电。"),
        mean=True,
        histogram="handled_for",
    ),
    *(
        Metric(code, name, CALLED, numerator, "calls_answered", {}, definition)
        for code, name, numerator, definition in (
            (
                "C12",
                N_("转接率"),
                "calls_transferred",
                N_("座席转接给同事的来电 ÷ 人工接听的来电。"),
            ),
            (
                "C12-three",
                N_("三方通话率"),
                "calls_three_way",
                N_("有外部单位（含 110、119、120）加入通话的来电 ÷ 人工接听的来电；没接起的不算。"),
            ),
            (
                "C12-broken",
                N_("通话中断率"),
                "calls_broken",
                N_("来电人在线而座席线路中断的来电 ÷ 人工接听的来电；中断后再接通的也算。"),
            ),
        )
    ),
)
