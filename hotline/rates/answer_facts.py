"""What workers answered, and how matters ended: by the day the ticket was last settled.

Three questions have answers of their own (contacted? solved? satisfied with hotline, unit and
result?); each is read where the timeline of the present cycle tells it, and nothing else counts.
"""

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import and_, exists

from hotline.core.words import N_
from hotline.rates.cohorts import RESOLVED
from hotline.rates.fact import Condition, fact
from hotline.rates.ticket_facts import is_settled
from hotline.surveys.states import SATISFIED, Solved
from hotline.surveys.turning import turned, was_dissatisfied
from hotline.tickets.models import Outcome, SurveyOutcome, Ticket
from hotline.tickets.records import TicketEvent
from hotline.tickets.states import Action

SCORES: Final = (Action.SURVEY_SATISFIED, Action.SURVEY_DISSATISFIED)
ANSWERED: Final = (SurveyOutcome.SATISFIED, SurveyOutcome.DISSATISFIED)


def _enter(
    name: str, label: str, meaning: str, what: Callable[..., Condition], *given: Any
) -> None:
    """Enter the fact that *what* holds of the given conditions."""

    def rule() -> Condition:
        return what(*given)

    rule.__name__, rule.__doc__ = name, meaning
    fact(RESOLVED, label)(rule)


def _answer(*what: Condition) -> Condition:
    """Return the condition that the answer to the present result says *what*."""
    said = exists().where(
        TicketEvent.ticket_id == Ticket.id,
        TicketEvent.cycle == Ticket.cycle,
        TicketEvent.action.in_(SCORES),
        *what,
    )
    return and_(is_settled(), Ticket.survey_outcome.in_(ANSWERED), said)


@fact(RESOLVED, N_("职工拒绝回访"))
def survey_refused() -> Condition:
    """Settled tickets whose worker refused to be asked."""
    reason = TicketEvent.detail["reason"].as_string()
    said = exists().where(
        TicketEvent.ticket_id == Ticket.id,
        TicketEvent.cycle == Ticket.cycle,
        TicketEvent.action == Action.SURVEY_NOT_POSSIBLE,
        reason == "refused",
    )
    refused = Ticket.survey_outcome == SurveyOutcome.NOT_POSSIBLE
    return and_(is_settled(), refused, said)


def _ended(outcome: Outcome) -> Condition:
    return and_(is_settled(), Ticket.outcome == outcome)


def _of_levels() -> None:
    labels = N_("非常满意"), N_("满意"), N_("基本满意"), N_("不满意"), N_("非常不满意")
    given = TicketEvent.detail["score"].as_integer()
    for score, label in enumerate(labels, 1):
        meaning = f"Settled tickets whose result the worker scored {score}."
        _enter(f"scored_{score}", label, meaning, _answer, given == score)


def _of_outcomes() -> None:
    labels = {
        Outcome.ANSWERED_DIRECT: N_("直接答复办结"),
        Outcome.SOLVED: N_("已解决"),
        Outcome.PARTLY_SOLVED: N_("部分解决"),
        Outcome.EXPLAINED: N_("解释说明、未解决"),
        Outcome.CHANNELLED: N_("导入法定程序"),
        Outcome.TRANSFERRED: N_("转出其他单位"),
        Outcome.REJECTED: N_("不予受理并告知"),
        Outcome.WITHDRAWN: N_("职工撤回"),
    }
    for outcome, label in labels.items():
        meaning = f"Settled tickets whose outcome is `{outcome}`."
        _enter(f"ended_{outcome}", label, meaning, _ended, outcome)


def _of_questions() -> None:
    contacted = TicketEvent.detail["contacted"].as_string()
    solved = TicketEvent.detail["solved"].as_string()
    said = "Settled tickets whose worker said"
    for name, label, meaning, what in (
        ("told_contact", N_("答复了是否联系"), "whether the unit called", contacted.is_not(None)),
        ("told_contacted", N_("确认单位联系过"), "that the unit called", contacted == "yes"),
        ("told_solution", N_("答复了是否解决"), "whether it is solved", solved.is_not(None)),
        ("told_solved", N_("认定已解决"), "that it is solved", solved == Solved.YES),
        ("told_partly", N_("认定部分解决"), "that part is solved", solved == Solved.PARTLY),
    ):
        _enter(name, label, f"{said} {meaning}.", _answer, what)


def _of_parties() -> None:
    for party, rated, pleased in (
        ("hotline", N_("评价了热线服务"), N_("对热线满意")),
        ("unit", N_("评价了承办单位"), N_("对承办单位满意")),
    ):
        score = TicketEvent.detail[f"{party}_score"].as_integer()
        meaning = f"Settled tickets whose worker scored the {party}"
        _enter(f"{party}_rated", rated, f"{meaning}.", _answer, score.is_not(None))
        good = score.in_(SATISFIED)
        _enter(f"{party}_satisfied", pleased, f"{meaning} 1, 2 or 3.", _answer, good)


def _rechecked(*outcomes: str) -> Condition:
    heard = TicketEvent.detail["recheck"].as_string().in_(outcomes)
    said = exists().where(
        TicketEvent.ticket_id == Ticket.id, TicketEvent.cycle == Ticket.cycle, heard
    )
    return and_(is_settled(), said)


@fact(RESOLVED, N_("复核到的评价"))
def rechecked() -> Condition:
    """Settled tickets whose worker another person asked again, and heard."""
    return _rechecked("agreed", "differs")


@fact(RESOLVED, N_("复核一致"))
def recheck_agreed() -> Condition:
    """Settled tickets whose worker told another person the same: satisfied, or not."""
    return _rechecked("agreed")


@fact(RESOLVED, N_("复核过的“未联系上”"))
def rechecked_vain() -> Condition:
    """Settled tickets whose worker was given up as unreachable and rung again by another person."""
    return _rechecked("reached", "confirmed")


@fact(RESOLVED, N_("复核时联系上"))
def recheck_reached() -> Condition:
    """Settled tickets whose worker was given up as unreachable, and another person reached."""
    return _rechecked("reached")


@fact(RESOLVED, N_("此前不满意、再次作出评价"))
def answered_anew() -> Condition:
    """Settled tickets scored now, of which an earlier result was scored 4 or 5."""
    scored = Ticket.survey_outcome.in_((SurveyOutcome.SATISFIED, SurveyOutcome.DISSATISFIED))
    return and_(is_settled(), scored, was_dissatisfied())


@fact(RESOLVED, N_("单位来电后改为满意"))
def turned_after_call() -> Condition:
    """Settled tickets scored 1, 2 or 3 after an earlier 4 or 5 and a call of the unit's."""
    return and_(is_settled(), turned())


_of_levels()
_of_outcomes()
_of_questions()
_of_parties()
