"""What callers press: where a matter stands, and how satisfied they are with a settled one.

Each step is one document that asks and names the next. A step is taken once: whoever tells
it again is answered as before, and nothing counts twice.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from hotline.calls import outbound, selfservice
from hotline.calls.models import Call
from hotline.core import inbox, pin
from hotline.core.roles import Actor, system
from hotline.intake import guessing
from hotline.intake.standing import standing
from hotline.messages.wording import moment
from hotline.surveys import actions, calling
from hotline.surveys import queries as surveys
from hotline.surveys.queries import OpenSurvey
from hotline.surveys.states import SATISFIED, SurveyChannel
from hotline.telephony import asking
from hotline.telephony.numbers import normalise
from hotline.telephony.port import InboundCall
from hotline.tickets import queries as tickets
from hotline.tickets.joining import holder
from hotline.tickets.models import Ticket
from hotline.tickets.states import OPEN, Action

CALLER: Final[Actor] = system("keypad:survey_answer")
NUMBER: Final = re.compile(r"([0-9]{6})([0-9]{4,6})")  # as pressed: a keypad has no hyphen
SCORES: Final = frozenset("12345")
MOST_TRIES: Final = guessing.PER_CALLER


@dataclass(frozen=True)
class Pressed:
    """What a caller pressed at one step.

    Attributes:
        step: The step's name in `STEPS`.
        about: What the step is about: a ticket's digits, a survey's id; may be empty.
        go: The how-manieth time it is asked.
    """

    step: str
    form: Mapping[str, str]
    at: dt.datetime
    about: str = ""
    go: int = 1

    @property
    def heard(self) -> InboundCall:
        """The call as the form describes it."""
        return InboundCall.from_form(self.form)

    @property
    def digits(self) -> str:
        """What was pressed; empty for nothing."""
        return self.form.get("Digits", "")

    @property
    def key(self) -> str:
        """Under which name the step is entered."""
        told = f"{self.about}:{self.go}:{self.digits}"
        return f"keys:{self.heard.sid}:{self.step}:{hashlib.sha256(told.encode()).hexdigest()[:32]}"


def take(session: Session, pressed: Pressed) -> str:
    """Take one step and return what the caller hears next."""
    entered = inbox.seen(session, pressed.key, "")
    if entered is not None and entered.answer is not None:
        return entered.answer
    call = _at_hand(session, pressed)
    answer = STEPS[pressed.step](session, call, pressed)
    inbox.enter(session, pressed.key, "", answer=answer, now=pressed.at)
    return answer


def _at_hand(session: Session, pressed: Pressed) -> Call:
    """Return the call; one that we placed is first known by the order that placed it."""
    if pressed.step == "survey":
        sid = pressed.heard.sid
        return outbound.worker_answered(session, int(pressed.about), sid, now=pressed.at)
    return selfservice.still_there(session, pressed.heard, now=pressed.at)


def _matter(session: Session, call: Call, pressed: Pressed) -> str:
    if guessing.refused(session, _who(call), now=pressed.at):
        return asking.refused(call.language)
    return asking.for_number(1, call.language)


def _number(session: Session, call: Call, pressed: Pressed) -> str:
    found = NUMBER.fullmatch(pressed.digits)
    if found is not None:
        return asking.for_pin(pressed.go, pressed.digits, call.language)
    return _once_more(call, pressed)


def _pin(session: Session, call: Call, pressed: Pressed) -> str:
    """Tell how the matter stands, if number and PIN fit; a wrong one does not say which it is."""
    found = NUMBER.fullmatch(pressed.about)
    number = "-".join(found.groups()) if found else ""
    if guessing.refused(session, _who(call), number, now=pressed.at):
        return asking.refused(call.language)
    ticket = tickets.numbered(session, number)
    if ticket is not None and pin.fits(pressed.digits, ticket.id):
        return asking.told(*_standing(session, ticket, call.language), call.language)
    guessing.count(session, _who(call), number, now=pressed.at)
    if guessing.refused(session, _who(call), now=pressed.at):
        return asking.refused(call.language)
    return _once_more(call, pressed)


def _once_more(call: Call, pressed: Pressed) -> str:
    if pressed.go >= MOST_TRIES:
        return asking.wait_on()
    return asking.for_number(pressed.go + 1, call.language, wrong=True)


def _standing(session: Session, ticket: Ticket, language: str) -> tuple[str, str | None]:
    """Return how a matter stands, and the moment that was promised while it is open."""
    held = holder(session, ticket)
    due = moment(held.due_at, language) if held.state in OPEN else None
    return standing(held.state), due


def _heard(session: Session, call: Call, pressed: Pressed) -> str:
    selfservice.served(session, pressed.heard, now=pressed.at)
    return asking.wait_on()


def _farewell(session: Session, call: Call, pressed: Pressed) -> str:
    """Ask a caller who was spoken with and has a settled matter; part from any other."""
    asked = surveys.for_caller(session, call.worker_id, call.ticket_id)
    if asked is None or call.answered_at is None:
        return asking.goodbye(call.language)
    calling.ask_on_line(session, asked.survey, call, now=pressed.at)
    return asking.for_score(asked.survey.id, asked.ticket.number, call.language)


def _survey(session: Session, call: Call, pressed: Pressed) -> str:
    """Ask a worker whom we called for that."""
    asked = surveys.asked(session, calling.asked_in(session, call.id) or 0, call.worker_id)
    if asked is None:
        return asking.goodbye(call.language)
    number, first = asked.ticket.number, "score_call"
    return asking.for_score(asked.survey.id, number, call.language, first=first)


def _score(session: Session, call: Call, pressed: Pressed) -> str:
    """Keep the score of the caller's own survey; a wrong key is asked once more."""
    asked = surveys.asked(session, int(pressed.about), call.worker_id)
    if asked is None:
        return asking.goodbye(call.language)
    if pressed.digits in SCORES:
        _record(session, asked, int(pressed.digits), now=pressed.at)
        selfservice.served(session, pressed.heard, now=pressed.at)
        return asking.goodbye(call.language, scored=True)
    if pressed.go > 1:
        return asking.goodbye(call.language)
    return asking.for_score_again(asked.survey.id, call.language)


def _record(session: Session, asked: OpenSurvey, score: int, *, now: dt.datetime) -> None:
    action = Action.SURVEY_SATISFIED if score in SATISFIED else Action.SURVEY_DISSATISFIED
    given = {"score": score, "channel": SurveyChannel.KEYPRESS.value}
    actions.perform(session, asked.ticket, action, given, actor=CALLER, now=now)


def _who(call: Call) -> str:
    """Return under which name a caller's tries are counted: a hidden number's by call."""
    return normalise(call.raw_from) or f"call:{call.id}"


STEPS: Final[dict[str, Callable[[Session, Call, Pressed], str]]] = {
    "matter": _matter,
    "number": _number,
    "pin": _pin,
    "heard": _heard,
    "farewell": _farewell,
    "survey": _survey,
    "score": _score,
}
