"""What may be true of a survey: by the day its ticket was last settled.

One function a fact; its docstring is the definition, its result the condition in SQL.
Silence is never an answer: who was not reached, not asked or anonymous is a class of
their own, and never among the satisfied. Scores and reasons are read where the ticket
moved, in its timeline, so that they change with it in one transaction.
"""

from typing import Final

from sqlalchemy import and_, exists, func, not_, or_

from hotline.core.words import N_
from hotline.rates.cohorts import RESOLVED
from hotline.rates.fact import Condition, fact
from hotline.rates.ticket_facts import is_settled
from hotline.tickets.models import SurveyOutcome, Ticket
from hotline.tickets.records import TicketEvent
from hotline.tickets.states import Action

HIGHEST: Final = 3  # level of confidentiality at which nobody calls
PLEASED: Final = 2  # 1 非常满意, 2 满意
DANGERS: Final = ("level_3", "crisis", "unsafe")  # of the reasons why nobody was asked


@fact(RESOLVED, N_("应回访"))
def survey_base() -> Condition:
    """Settled tickets whose worker can be asked (V1): neither anonymous nor exempt for risk."""
    return _askable()


@fact(RESOLVED, N_("匿名"))
def survey_anonymous() -> Condition:
    """Settled tickets of workers who did not say who they are."""
    return and_(is_settled(), Ticket.anonymous)


@fact(RESOLVED, N_("涉险免访"))
def survey_exempt() -> Condition:
    """Settled tickets, not anonymous, whose worker a question could harm."""
    return and_(is_settled(), not_(Ticket.anonymous), _at_risk())


@fact(RESOLVED, N_("应回访且作出评价"))
def base_answered() -> Condition:
    """Tickets of the survey's base that were answered."""
    return and_(_askable(), _answered())


@fact(RESOLVED, N_("应回访且满意"))
def base_satisfied() -> Condition:
    """Tickets of the survey's base answered with 1, 2 or 3."""
    return and_(_askable(), _outcome(SurveyOutcome.SATISFIED))


@fact(RESOLVED, N_("作出评价"))
def survey_answered() -> Condition:
    """Settled tickets whose worker gave a score for this result, whenever it came."""
    return and_(is_settled(), _answered())


@fact(RESOLVED, N_("非常满意、满意、基本满意"))
def survey_satisfied() -> Condition:
    """Settled tickets scored 1, 2 or 3."""
    return and_(is_settled(), _outcome(SurveyOutcome.SATISFIED))


@fact(RESOLVED, N_("非常满意、满意"))
def survey_pleased() -> Condition:
    """Settled tickets scored 1 or 2."""
    pleased = TicketEvent.detail["score"].as_integer() <= PLEASED
    answer = _told(Action.SURVEY_SATISFIED, pleased)
    return and_(is_settled(), _outcome(SurveyOutcome.SATISFIED), answer)


@fact(RESOLVED, N_("不满意、非常不满意"))
def survey_dissatisfied() -> Condition:
    """Settled tickets scored 4 or 5, also where the result was upheld."""
    return and_(is_settled(), _outcome(SurveyOutcome.DISSATISFIED))


@fact(RESOLVED, N_("未联系上"))
def survey_unreachable() -> Condition:
    """Settled tickets whose worker every try failed to reach."""
    return and_(is_settled(), _outcome(SurveyOutcome.UNREACHABLE))


@fact(RESOLVED, N_("无法回访"))
def survey_not_possible() -> Condition:
    """Settled tickets whose worker could not be asked or refused."""
    return and_(is_settled(), _outcome(SurveyOutcome.NOT_POSSIBLE))


@fact(RESOLVED, N_("尚未回访"))
def survey_waiting() -> Condition:
    """Settled tickets whose survey has come to nothing yet."""
    return and_(is_settled(), Ticket.survey_outcome.is_(None))


def _outcome(outcome: SurveyOutcome) -> Condition:
    return Ticket.survey_outcome == outcome


def _answered() -> Condition:
    return Ticket.survey_outcome.in_((SurveyOutcome.SATISFIED, SurveyOutcome.DISSATISFIED))


def _askable() -> Condition:
    return and_(is_settled(), not_(Ticket.anonymous), not_(_at_risk()))


def _at_risk() -> Condition:
    """Return the condition for level 3, crises and danger; it is never unknown, only false."""
    highest = func.coalesce(Ticket.confidential_level, 0) == HIGHEST
    reason = TicketEvent.detail["reason"].as_string()
    return or_(highest, _told(Action.SURVEY_NOT_POSSIBLE, reason.in_(DANGERS)))


def _told(action: Action, what: Condition) -> Condition:
    """Return the condition that the timeline of the present cycle tells *what* of *action*."""
    return exists().where(
        TicketEvent.ticket_id == Ticket.id,
        TicketEvent.cycle == Ticket.cycle,
        TicketEvent.action == action,
        what,
    )
