"""The rates of people's time at the desk: what each divides, and what it says of itself."""

from typing import Final

from hotline.core.words import N_
from hotline.rates.formulas import TIME, Metric
from hotline.rates.words import PRESENT

_RUNNING: Final = {"running": "presence_running"}
_BREAKS: Final = (
    ("short", N_("小休占比")),
    ("meal", N_("就餐占比")),
    ("recovery", N_("情绪调节占比")),
    ("casework", N_("处理工单占比")),
    ("callback", N_("外呼回访占比")),
    ("meeting", N_("会议占比")),
    ("training", N_("培训占比")),
    ("fault", N_("系统故障占比")),
    ("lead", N_("班长安排占比")),
)


def _share(code: str, name: str, numerator: str, denominator: str, definition: str) -> Metric:
    return Metric(
        code, name, PRESENT, numerator, denominator, _RUNNING, definition, sums=TIME
    )  # fmt: skip


PRESENCE: Final = (
    _share(
        "C10",
        N_("占用率"),
        "time_busy",
        "time_at_hand",
        N_(
            "（振铃 + 通话 + 保持 + 话后记录）时长 ÷（在岗 − 离席）时长；持续高于八成五是过劳信号。"
        ),
    ),
    _share(
        "C11",
        N_("工时利用率"),
        "time_at_hand",
        "time_signed_in",
        N_("（在岗 − 离席）时长 ÷ 在岗时长。"),
    ),
    _share(
        "C11-away",
        N_("示忙率"),
        "time_away",
        "time_signed_in",
        N_("自己选择或班长安排的离席时长 ÷ 在岗时长；按原因另列。"),
    ),
    _share(
        "C11-missed",
        N_("被动离席率"),
        "time_missed",
        "time_signed_in",
        N_("未接来电、线路中断等非自选的离席时长 ÷ 在岗时长。"),
    ),
    *(
        _share(
            f"C11-{code}",
            name,
            f"time_{code}",
            "time_signed_in",
            N_("因该原因离席的时长 ÷ 在岗时长。"),
        )
        for code, name in _BREAKS
    ),
)
