"""The report of a campaign: the figures of its board, as sheet and print show them."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from hotline.campaigns.pace import Pace
from hotline.campaigns.queries import Board, Goal, Share
from hotline.core.language import english, gettext, written
from hotline.core.words import N_
from hotline.money.amounts import yuan
from hotline.money.models import Proof
from hotline.rates.formulas import percent
from hotline.reports.document import Cell, Document, Table
from hotline.reports.tables import columns
from hotline.units.models import Unit

PACES: Final = {
    Pace.REACHED: N_("已达标"),
    Pace.AHEAD: N_("跟上进度"),
    Pace.BEHIND: N_("落后于时间"),
    Pace.MISSED: N_("到期未达标"),
}
PROOFS: Final = {
    Proof.BANK: N_("银行凭证"),
    Proof.WORKER: N_("职工确认"),
    Proof.UNIT: N_("单位自述"),
}
STANDING: Final = (
    ("settled", N_("期内办结")),
    ("late", N_("期满后办结")),
    ("open", N_("未办结")),
    ("before", N_("不计：开始前已办结")),
    ("gone", N_("不计：已并入或无效")),
)
DEFINITIONS: Final = (
    N_("办结率 = 行动期内办结 ÷（期内办结 + 期满后办结 + 未办结）；开始前办结、并入和无效的不计。"),
    N_("追回 = 行动期内到账，按证明分列；占比 = 追回 ÷ 带此标签的全部工单的主张金额。"),
    N_("工单计入现在的承办单位。承办单位的人员只看到自己能看到内容的工单。"),
)


def of(board: Board, *, now: dt.datetime) -> Document:
    """Return the report of *board*."""
    row, tag, unit = board.line.campaign, board.line.tag, board.line.unit
    lead = gettext(N_("牵头单位 %(unit)s"), unit=_called(unit))
    as_of = f"{gettext(N_('数字截至'))} {written(now)}"
    return Document(
        f"campaign-{row.tag_id}",
        gettext(N_("专项行动：%(name)s"), name=tag.name),
        [f"{row.starts_on} – {row.ends_on} · {lead}", as_of, *(gettext(t) for t in DEFINITIONS)],
        [_goals(board), _standing(board.whole), _recovered(board.whole), _units(board)],
    )


def _goals(board: Board) -> Table:
    rows = [
        [gettext(label), *_goal(goal, money=money), f"{board.gone:.0%}"]
        for label, goal, money in (
            (N_("办结工单"), board.settling, False),
            (N_("追回金额（元）"), board.recovering, True),
        )
        if goal is not None
    ]
    heads = columns(N_("目标"), N_("要达到"), N_("已达到"), N_("完成"), N_("进度"), N_("时间已过"))
    return Table(gettext(N_("目标进度")), heads, rows)


def _goal(goal: Goal, *, money: bool) -> Sequence[Cell]:
    numbers: Sequence[Cell] = (goal.target, goal.done)
    if money:
        numbers = (yuan(goal.target), yuan(goal.done))
    return [*numbers, percent(goal.done, goal.target), gettext(PACES[goal.pace])]


def _standing(whole: Share) -> Table:
    return Table(
        gettext(N_("工单")),
        columns(N_("工单"), N_("件数")),
        [[gettext(label), getattr(whole, name)] for name, label in STANDING],
        note=f"{gettext(N_('办结率'))} {_rate(whole)}",
    )


def _recovered(whole: Share) -> Table:
    rows = [
        [
            gettext(label),
            yuan(whole.paid.get(proof, 0)),
            _of_claimed(whole.paid.get(proof, 0), whole),
        ]
        for proof, label in PROOFS.items()
    ]
    return Table(
        gettext(N_("追回金额")),
        columns(N_("证明"), N_("到账（元）"), N_("占主张")),
        [*rows, [gettext(N_("合计")), yuan(whole.recovered), _of_claimed(whole.recovered, whole)]],
        note=gettext(N_("主张 %(sum)s 元"), sum=yuan(whole.claimed)),
        total=True,
    )


def _units(board: Board) -> Table:
    rows = [[_called(unit), *_share(share)] for unit, share in board.shares]
    heads = columns(
        N_("承办单位"), N_("应办结"), N_("期内办结"), N_("办结率"), N_("未办结"),
        N_("主张（元）"), N_("追回（元）"),
    )  # fmt: skip
    return Table(
        gettext(N_("各承办单位")),
        heads,
        [*rows, [gettext(N_("合计")), *_share(board.whole)]],
        total=True,
        drawn=(1, 2),
    )


def _share(share: Share) -> Sequence[Cell]:
    return [
        share.counted, share.settled, percent(share.settled, share.counted), share.open,
        yuan(share.claimed), yuan(share.recovered),
    ]  # fmt: skip


def _rate(share: Share) -> str:
    return f"{percent(share.settled, share.counted)} ({share.settled}/{share.counted})"


def _of_claimed(paid: int, whole: Share) -> str:
    return percent(paid, whole.claimed)


def _called(unit: Unit) -> str:
    return unit.name_en if english() else unit.name
