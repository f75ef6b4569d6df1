"""The standing views of the ticket list: what each shows, and what it says when it is empty."""

# ruff: noqa: ARG005, E501 - every view is asked the same way; a table is read by its lines

import datetime as dt
from collections.abc import Callable
from typing import Final, NamedTuple

from hotline.core.roles import Actor, Role
from hotline.core.words import N_
from hotline.tickets.narrowing import Filter
from hotline.tickets.states import OPEN, State

SOON: Final = dt.timedelta(hours=24)


class View(NamedTuple):
    """One view: its label, its filter, and its words for an empty list."""

    id: str
    label: str
    icon: str
    wanted: Callable[[Actor, dt.datetime], Filter]
    empty: str
    why: str = ""


def _in(*states: State) -> Callable[[Actor, dt.datetime], Filter]:
    return lambda actor, now: Filter(states=states)


S = State
# fmt: off
VIEWS: Final = (
    View("mine", N_("我的"), "user-check", lambda actor, now: Filter(handler_id=actor.id, states=OPEN),
         N_("您手上没有未办结的工单。"), N_("接办或签收后会出现在这里。")),
    View("received", N_("待派单"), "inbox", _in(S.RECEIVED, S.RETURN_REVIEW),
         N_("没有等待派单的工单。"), N_("新来的诉求和退单会出现在这里。")),
    View("returns", N_("退单待审"), "undo-2", _in(S.RETURN_REVIEW),
         N_("没有等待审核的退单。"), N_("第一次由派单员审核，再次申请由班长裁定。")),
    View("dispatched", N_("待签收"), "route", _in(S.DISPATCHED),
         N_("没有等待签收的工单。")),
    View("in_progress", N_("办理中"), "circle-dot", _in(S.IN_PROGRESS, S.AWAITING_CALLER, S.SUSPENDED),
         N_("没有正在办理的工单。")),
    View("contact", N_("待联系"), "phone", lambda actor, now: Filter(uncontacted=True),
         N_("没有等待首次联系的职工。"), N_("签收后须在时限内联系职工，登记后离开这里。")),
    View("result_review", N_("待审核"), "stamp", _in(S.RESULT_REVIEW),
         N_("没有等待审核的办理结果。")),
    View("resolved", N_("待回访"), "clipboard-check", _in(S.RESOLVED),
         N_("没有等待回访的工单。")),
    View("soon", N_("即将超时"), "hourglass", lambda actor, now: Filter(due_before=now + SOON),
         N_("24 小时内没有到期的工单。"), N_("今天的承诺都兑现了。")),
    View("overdue", N_("已超时"), "octagon-alert", lambda actor, now: Filter(overdue=True),
         N_("没有超时的工单。"), N_("今天的承诺都兑现了。")),
    View("appraisal", N_("不满意待判"), "frown", _in(S.APPRAISAL_REVIEW),
         N_("没有等待评判的不满意工单。")),
    View("all", N_("全部"), "list-checks", lambda actor, now: Filter(),
         N_("还没有工单。"), N_("来电和短信会自动建单，也可以手动登记。")),
)
# fmt: on
BY_ID: Final = {view.id: view for view in VIEWS}
BEGINNINGS: Final = {  # whoever has several roles begins with the first of these
    Role.DISPATCHER: "received",
    Role.REVIEWER: "result_review",
    Role.SURVEYOR: "resolved",
    Role.SUPERVISOR: "overdue",
    Role.OPERATOR: "mine",
    Role.HANDLER: "mine",
}


def first(actor: Actor) -> str:
    """Return the view that *actor* begins with."""
    return next((view for role, view in BEGINNINGS.items() if role in actor.roles), "all")
