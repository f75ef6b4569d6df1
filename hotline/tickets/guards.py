"""How each guard of the state table is judged: a pure question about a case.

`Case` holds all that may be asked; the service fills it, the guards only look.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from hotline.core.errors import Forbidden, GuardFailed
from hotline.core.roles import Actor, Role
from hotline.core.words import N_
from hotline.tickets.states import OPEN, Guard, State, Transition

REOPEN_DAYS: Final = 30
ARCHIVE_DAYS: Final = 30
SUSPEND_DAYS: Final = 90
MOST_REWORKS: Final = 2
MOST_REFUSALS: Final = 2
ANSWERED: Final = frozenset({"satisfied", "dissatisfied"})


@dataclass(frozen=True)
class Case:
    """A ticket, who wants to act on it, and what the guards may need to know.

    Attributes:
        ticket: Any object with the columns of `Ticket`: this file knows no database.
        centre_id: The hotline centre's unit.
        target: The ticket to merge into, if any.
        holds_others: Whether another ticket was merged into this one.
        target_below: Whether the unit named in the fields is a subordinate one.
        obligations: How many are open.
        reachable: Whether the caller has a number and has not opted out.
    """

    ticket: Any
    actor: Actor
    now: dt.datetime
    today: dt.date
    fields: Mapping[str, Any] = field(default_factory=dict)
    centre_id: int | None = None
    target: Any = None
    holds_others: bool = False
    target_below: bool = False
    obligations: int = 0
    reachable: bool = True

    @property
    def automatic(self) -> bool:
        """Whether the system acts."""
        return Role.SYSTEM in self.actor.roles


def _holds_ticket(case: Case) -> bool:
    ticket, actor = case.ticket, case.actor
    if actor.id is not None and actor.id == ticket.handler_id:
        return True
    if actor.unit_id != ticket.unit_id:
        return False
    unclaimed_at_centre = ticket.handler_id is None and ticket.unit_id == case.centre_id
    return Role.HANDLER in actor.roles or (unclaimed_at_centre and Role.OPERATOR in actor.roles)


def _own_unit(case: Case) -> bool:
    return bool(case.ticket.unit_id == case.centre_id == case.actor.unit_id)


def _target_open(case: Case) -> bool:
    target, ticket = case.target, case.ticket
    if target is None or target.id == ticket.id or target.state not in OPEN:
        return False
    return bool(
        (ticket.worker_id is not None and target.worker_id == ticket.worker_id)
        or (ticket.employer_key is not None and target.employer_key == ticket.employer_key)
        or (ticket.mass and target.mass)
    )


def _binding_ruling(case: Case) -> bool:
    needed = Role.DISPATCHER if case.ticket.returns_refused == 0 else Role.SUPERVISOR
    return needed in case.actor.roles


def _review_soon(case: Case) -> bool:
    review_on: dt.date = case.fields.get("review_on", case.today)
    return case.today < review_on <= case.today + dt.timedelta(days=SUSPEND_DAYS)


def _surveyor_apart(case: Case) -> bool:
    ticket, actor = case.ticket, case.actor
    return case.automatic or (
        actor.id != ticket.handler_id
        and (actor.unit_id != ticket.unit_id or actor.unit_id == case.centre_id)
    )


def _days_since_resolved(case: Case) -> float:
    resolved_at: dt.datetime = case.ticket.resolved_at
    return (case.now - resolved_at) / dt.timedelta(days=1)


def _employer_complaint(case: Case) -> bool:
    return case.ticket.demand_type == "complaint" and case.ticket.employer_key is not None


def _may_be_answered(case: Case) -> bool:
    return case.ticket.demand_type == "inquiry" or Role.SUPERVISOR in case.actor.roles


def _in_return_window(case: Case) -> bool:
    return case.ticket.return_until is not None and case.now <= case.ticket.return_until


G = Guard
# fmt: off
CHECKS: Final[dict[Guard, tuple[Callable[[Case], bool], str]]] = {
    G.CLASSIFIED:            (lambda c: c.ticket.classified,
                              N_("请先选定类别、地区、诉求类型和保密级别。")),
    G.OWN_UNIT:              (_own_unit, N_("只有热线中心自己办理的工单可以这样做。")),
    G.LEAD_UNIT:             (_holds_ticket, N_("只有主办单位的承办人可以这样做。")),
    G.INQUIRY:               (_may_be_answered,
                              N_("只有咨询可以直接答复；别的诉求须有班长的权限。")),
    G.CALM:                  (lambda c: c.ticket.urgency == "normal" and not c.ticket.mass,
                              N_("紧急或群体性诉求不能这样办。")),
    G.SIMPLE:                (lambda c: c.ticket.demand_type in {"inquiry", "help"},
                              N_("只有咨询和求助可以不经审核办结，请提交办理结果。")),
    G.NOT_CONFIDENTIAL:      (lambda c: c.ticket.confidential_level == 0,
                              N_("保密的诉求须经审核办结，请提交办理结果。")),
    G.TARGET_OPEN:           (_target_open, N_("并入的工单须未办结，且是同一件事。")),
    G.HOLDS_NONE:            (lambda c: not c.holds_others,
                              N_("已有工单并入本单，请先取消合并，或改为并入本单。")),
    G.NO_EMPLOYER_COMPLAINT: (lambda c: not _employer_complaint(c),
                              N_("指名用人单位的投诉不能作废。")),
    G.IN_RETURN_WINDOW:      (_in_return_window,
                              N_("已过退单时限。")),
    G.RETURNS_LEFT:          (lambda c: c.ticket.returns_refused < MOST_REFUSALS,
                              N_("已有裁定，不能再申请退单。")),
    G.BINDING_RULING:        (_binding_ruling, N_("第一次由派单员驳回，第二次由班长裁定。")),
    G.SUBORDINATE:           (lambda c: c.target_below, N_("只能下派给下级单位。")),
    G.REMINDED:              (lambda c: c.ticket.caller_reminders > 0 or not c.reachable,
                              N_("请先提醒职工补充。")),
    G.REVIEW_SOON:           (_review_soon, N_("复核日期须在今天之后、90 天之内。")),
    G.NOT_HANDLER:           (lambda c: c.actor.id != c.ticket.handler_id,
                              N_("承办人不能审核自己的结果。")),
    G.NOT_REVIEWER:          (lambda c: c.actor.id != c.ticket.reviewer_id,
                              N_("审核过结果的人不能再作判定。")),
    G.SURVEYOR_APART:        (_surveyor_apart, N_("承办人和承办单位不能回访自己的工单。")),
    G.UNANSWERED:            (lambda c: c.ticket.survey_outcome not in ANSWERED,
                              N_("职工已经评价过了。")),
    G.REWORKS_LEFT:          (lambda c: c.ticket.reworks < MOST_REWORKS, N_("最多重办两次。")),
    G.REOPEN_WINDOW:         (lambda c: _days_since_resolved(c) <= REOPEN_DAYS,
                              N_("办结超过 30 天，不能重新打开。")),
    G.ARCHIVE_AGE:           (lambda c: _days_since_resolved(c) >= ARCHIVE_DAYS,
                              N_("办结满 30 天才归档。")),
    G.NO_OBLIGATION:         (lambda c: c.obligations == 0, N_("还有未了结的事项，不能归档。")),
}
# fmt: on

# What a person can see at once on the page, before any field is filled.
ASKED_OF_FIELDS: Final = frozenset({G.TARGET_OPEN, G.SUBORDINATE, G.REVIEW_SOON})


def judge(row: Transition, case: Case, *, skip: frozenset[Guard] = frozenset()) -> None:
    """Let *row* through, or say which condition does not hold.

    Raises:
        Forbidden: The actor has none of the roles the row names.
        GuardFailed: A guard does not hold; `guard` names it.
    """
    if not case.actor.roles & frozenset(row.who):
        raise Forbidden
    for guard in row.guards:
        holds, message = CHECKS[guard]
        if guard not in skip and not holds(case):
            raise GuardFailed(message, guard=guard)


def offered(rows: tuple[Transition, ...], case: Case) -> list[Transition]:
    """Return the rows this actor could take now, the fields left open."""
    found = []
    for row in rows:
        try:
            judge(row, case, skip=ASKED_OF_FIELDS)
        except (Forbidden, GuardFailed):
            continue
        found.append(row)
    return found


def rows_from(state: State, rows: tuple[Transition, ...]) -> tuple[Transition, ...]:
    """Return the rows that start in *state*."""
    return tuple(row for row in rows if state in row.sources)
