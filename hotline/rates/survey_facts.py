"""What may be true of a survey: by the day its ticket was last settled.

One function a fact; its docstring is the definition, its result the condition in SQL.
Silence is never an answer: who was not reached, not asked or anonymous is a class of
their own, and never among the satisfied. Scores and reasons are read where the ticket
moved, in its timeline, so that they change with it in one transaction.
"""

from typing import Final

from sqlalchemy import and_, exists, func, not_, or_
from sqlalchemy.orm import aliased

from hotline.core.words import N_
from hotline.rates.cohorts import RESOLVED
from hotline.rates.fact import Condition, fact
from hotline.rates.ticket_facts import is_settled
from hotline.surveys.models import Survey
from hotline.surveys.states import SurveyChannel
from hotline.tickets.models import SurveyOutcome, Ticket
from hotline.tickets.records import TicketEvent
from hotline.tickets.states import Action

HIGHEST: Final = 3  # level of confidentiality at which nobody calls
PLEASED: Final = 2  # 1 非常满意, 2 满意
ANSWERS: Final = (SurveyOutcome.SATISFIED, SurveyOutcome.DISSATISFIED)
SCORES: Final = (Action.SURVEY_SATISFIED, Action.SURVEY_DISSATISFIED)
DANGERS: Final = (
    "level_3",
    "crisis",
    "unsafe",
    "deceased",
    "protected",
)  # of the reasons why nobody was asked


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


@fact(RESOLVED, N_("应回访且已回访"))
def base_attempted() -> Condition:
    """Tickets of the survey's base whose worker was asked at least once, or answered unasked."""
    sent = exists().where(
        Survey.ticket_id == Ticket.id, Survey.cycle == Ticket.cycle, Survey.tries > 0
    )
    came = Ticket.survey_outcome.in_((*ANSWERS, SurveyOutcome.UNREACHABLE))
    told = and_(Ticket.survey_outcome.is_not(None), came)
    return and_(_askable(), or_(sent, told))


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


@fact(RESOLVED, N_("首次作出评价"))
def first_answered() -> Condition:
    """Settled tickets whose first cycle was scored by the worker."""
    return and_(is_settled(), _scored(first=True))


@fact(RESOLVED, N_("首次评价满意"))
def first_satisfied() -> Condition:
    """Settled tickets whose first answer, to the first result, was 1, 2 or 3."""
    return and_(is_settled(), _scored(TicketEvent.action == Action.SURVEY_SATISFIED, first=True))


@fact(RESOLVED, N_("作出过评价"))
def ever_answered() -> Condition:
    """Settled tickets that the worker scored in any cycle."""
    return and_(is_settled(), _scored(first=False))


@fact(RESOLVED, N_("末次评价满意"))
def last_satisfied() -> Condition:
    """Settled tickets whose last answer, in whichever cycle, was 1, 2 or 3."""
    return and_(is_settled(), _scored(TicketEvent.action == Action.SURVEY_SATISFIED, first=False))


def _by(channel: SurveyChannel, scored: str, pleased: str) -> None:
    """Enter the two facts of answers that came by *channel*."""
    came = TicketEvent.detail["channel"].as_string() == channel

    def answered() -> Condition:
        either = (_told(action, came) for action in SCORES)
        return and_(is_settled(), _answered(), or_(*either))

    def satisfied() -> Condition:
        outcome = _outcome(SurveyOutcome.SATISFIED)
        return and_(is_settled(), outcome, _told(Action.SURVEY_SATISFIED, came))

    answered.__doc__ = f"Settled tickets scored by {channel}."
    satisfied.__doc__ = f"Settled tickets scored 1, 2 or 3 by {channel}."
    for rule, label in ((answered, scored), (satisfied, pleased)):
        rule.__name__ = f"{rule.__name__}_by_{channel}"
        fact(RESOLVED, label)(rule)


_by(SurveyChannel.SMS, N_("短信作出评价"), N_("短信评价满意"))
_by(SurveyChannel.KEYPRESS, N_("按键作出评价"), N_("按键评价满意"))
_by(SurveyChannel.CALL, N_("电话回访作出评价"), N_("电话回访满意"))
_by(SurveyChannel.PERSON, N_("人工判读的评价"), N_("人工判读为满意"))


def _scored(*what: Condition, first: bool) -> Condition:
    """Return the condition that the first answer to the first result, or the last of all, is so."""
    other = aliased(TicketEvent)
    beyond = (other.id < TicketEvent.id) if first else (other.id > TicketEvent.id)
    cycle = (TicketEvent.cycle == 1,) if first else ()
    another = exists().where(
        other.ticket_id == TicketEvent.ticket_id, other.action.in_(SCORES), beyond
    )
    return exists().where(
        TicketEvent.ticket_id == Ticket.id,
        TicketEvent.action.in_(SCORES),
        not_(another),
        *cycle,
        *what,
    )


def _outcome(outcome: SurveyOutcome) -> Condition:
    return Ticket.survey_outcome == outcome


def _answered() -> Condition:
    return Ticket.survey_outcome.in_(ANSWERS)


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
