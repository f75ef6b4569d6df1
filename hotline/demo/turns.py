"""The rarer turns a matter takes: returned, recalled, merged, waiting, suspended, ended early."""

import datetime as dt
from collections.abc import Generator
from typing import Final

from hotline.core.language import local
from hotline.core.roles import Role
from hotline.demo import texts
from hotline.demo.case import Case
from hotline.demo.stage import Life
from hotline.tickets.models import DemandType
from hotline.tickets.states import OPEN, Action, State

A = Action
Ending = Generator[dt.datetime, None, bool]
POLL: Final = dt.timedelta(hours=6)  # how often somebody looks whether the clock has gone on
MISSING: Final = ("工资条或考勤记录", "劳动合同或工牌照片", "欠条或转账记录", "受伤当天的病历")


def ends_at_dispatch(case: Case) -> Ending:
    """Return whether the matter ended on the dispatcher's desk."""
    dispatcher = case.stage.cast.one(Role.DISPATCHER)
    if case.takes("reject", 0.02):
        route = "请向已受理的仲裁机构申请查询进度"
        case.act(A.REJECT_INTAKE, dispatcher, reason="already_accepted", route=route)
    elif case.takes("transfer", 0.02):
        case.act(A.TRANSFER_OUT, dispatcher, receiver=case.says("{place}人力资源和社会保障局"))
    elif case.takes("withdraw", 0.02):
        case.act(A.WITHDRAW, case.operator, reason="职工来电称单位已付清，不再诉求")
    elif _may_be_void(case) and case.takes("void", 0.02):
        return (yield from _voided(case, dispatcher.id))
    elif case.joins is not None and case.joins.ticket.state in OPEN:
        return (yield from _merged(case, case.joins))
    else:
        return False
    return True


def _may_be_void(case: Case) -> bool:
    return case.ticket.demand_type is not DemandType.COMPLAINT or case.ticket.employer_key is None


def _voided(case: Case, dispatcher_id: int | None) -> Ending:
    """Two people agree that there is nothing to work on."""
    people = case.stage.cast.by_role[Role.DISPATCHER]
    first = next(actor for actor in people if actor.id == dispatcher_id)
    request = case.act(A.VOID, first, reason="no_content")
    yield case.pause(10, 60)
    case.approve(request, case.stage.cast.one(Role.DISPATCHER, other_than=first.id), "情况属实")
    return True


def _merged(case: Case, target: Case) -> Ending:
    """The same matter of another caller goes on in theirs; once in a while by mistake."""
    dispatcher = case.stage.cast.one(Role.DISPATCHER)
    case.act(A.MERGE, dispatcher, target=target.ticket.number)
    if not case.takes("unmerge", 0.1):
        return True
    yield case.pause(30, 90)
    case.act(A.UNMERGE, dispatcher, reason="核实后不是同一件事")
    return False


def dispatched(case: Case) -> Life:
    """The matter goes to the banner's union; some by way of the league or after a mistake."""
    dispatcher = case.stage.cast.one(Role.DISPATCHER)
    if case.takes("down", 0.04) and case.above != "15" and case.answerable == case.banner:
        case.act(A.DISPATCH, dispatcher, unit=case.above)
        yield case.pause(10, 150)
        case.act(A.SIGN, case.handler)
        yield case.pause(10, 60)
        case.act(A.HAND_DOWN, case.handler, unit=case.banner)
        return
    if case.takes("recall", 0.01):
        case.act(A.DISPATCH, dispatcher, unit=case.above)
        yield case.stage.soon(2, 9)
        case.act(A.RECALL, dispatcher, reason="派错单位")
        yield case.stage.soon(1, 5)
    case.act(A.DISPATCH, dispatcher)


def returned(case: Case) -> Life:
    """The unit says it is not theirs; a dispatcher rules."""
    basis = "用人单位注册地和用工地均不在本辖区"
    case.act(A.REQUEST_RETURN, case.handler, reason="wrong_place", basis=basis, unit=case.above)
    yield case.pause(30, 260)
    dispatcher = case.stage.cast.one(Role.DISPATCHER)
    if case.stage.chance.random() < 0.6:  # noqa: PLR2004 - most have good reason
        case.act(A.ACCEPT_RETURN, dispatcher, reason="理由成立")
        yield case.pause(5, 40)
        case.act(A.DISPATCH, dispatcher, unit=case.above)
    else:
        case.act(A.REFUSE_RETURN, dispatcher, reason="用工地在你辖区，请办理")
    yield case.pause(10, 120)


def asked_for_more(case: Case) -> Life:
    """The caller is asked for what is missing, and answers or does not."""
    case.act(A.ASK_CALLER, case.handler, missing=case.stage.chance.choice(MISSING))
    if case.number is not None and case.takes("reply", 0.65):
        yield case.stage.awake(case.stage.soon(30, 1500))
        if case.is_in(State.AWAITING_CALLER):
            number = case.ticket.number
            texts.send(case.stage, case.number, f"{number} 材料我找到了，照片发给联系我的人了")
    yield from _while_in(case, State.AWAITING_CALLER)


def suspended(case: Case) -> Life:
    """The matter waits for a court, as a supervisor has agreed."""
    review_on = local(case.stage.now).date() + dt.timedelta(days=case.stage.chance.randint(2, 30))
    request = case.act(
        A.SUSPEND, case.handler, type="in_court", plan="等仲裁裁决后继续跟进", review_on=review_on
    )
    yield case.pause(30, 260)
    case.approve(request, case.stage.cast.one(Role.SUPERVISOR), "同意挂账，按期复核")
    yield from _while_in(case, State.SUSPENDED)


def _while_in(case: Case, state: State) -> Life:
    while case.is_in(state):
        yield case.stage.now + POLL
