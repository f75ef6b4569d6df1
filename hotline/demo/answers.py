"""What callers say when they are asked how it was: at once, late, unclear, or never."""

import datetime as dt
from typing import Final

from hotline.core.roles import Role
from hotline.demo import outbox, texts
from hotline.demo.case import Case
from hotline.demo.stage import Life
from hotline.demo.stories import ANSWERS, SPOKEN
from hotline.surveys import queries, service
from hotline.surveys.replies import Reading
from hotline.surveys.states import SurveyChannel, SurveyState
from hotline.tickets.states import State

LATE: Final = dt.timedelta(hours=97)  # after a reminder and three days the hotline gives up


def asked(case: Case) -> Life:
    """Ask the caller about the result of this cycle, as the clock does, and hear the answer."""
    cycle = case.ticket.cycle
    yield case.stage.soon(0.05, 0.15)
    if not case.is_in(State.RESOLVED) or case.ticket.cycle != cycle:
        return
    survey = queries.of_cycle(case.stage.session, case.ticket) or service.invite(
        case.stage.session, case.ticket, rules=case.stage.rules, now=case.stage.now
    )
    if survey.state is not SurveyState.ASKED or case.number is None:
        return
    answer = _answer(case)
    if answer is None:
        yield from _silent(case)
        return
    yield case.stage.awake(case.stage.soon(case.pace, 400 * case.pace))
    if _open(case):
        texts.send(case.stage, case.number, answer)
        yield from _cleared_up(case)


def _answer(case: Case) -> str | None:
    if forced := [turn for turn in case.turns if turn.startswith("says:")]:
        return forced[0].removeprefix("says:")
    if "silent" in case.turns:
        return None
    return case.stage.draw(ANSWERS)


def _silent(case: Case) -> Life:
    """No SMS comes back: a surveyor calls, or an answer comes late, or none ever."""
    fate = case.stage.chance.random()
    if fate < 0.3:  # noqa: PLR2004 - shares of a story
        yield case.stage.at_work(240, 1500)
        if _open(case):
            _told(case)
    elif fate < 0.4 and case.number is not None:  # noqa: PLR2004 - shares of a story
        yield case.stage.awake(case.stage.now + LATE + dt.timedelta(hours=1))
        if case.is_in(State.SURVEYED):
            texts.send(case.stage, case.number, "2")


def _cleared_up(case: Case) -> Life:
    """A surveyor calls whoever could not be understood."""
    survey = queries.of_cycle(case.stage.session, case.ticket)
    if survey is None or survey.state is not SurveyState.UNCLEAR:
        return
    yield case.stage.at_work(20, 300)
    if _open(case):
        _told(case)


def _told(case: Case) -> None:
    """Let a surveyor write down what the caller says on the telephone."""
    outbox.settle(case.stage.session, case.stage.chance, case.stage.now)
    score, solved, contacted, of_hotline, of_unit = case.stage.draw(SPOKEN)
    reading = Reading(
        score, ambiguous=False, contacted=contacted, solved=solved,
        hotline_score=of_hotline, unit_score=of_unit,
    )  # fmt: skip
    service.record_answer(
        case.stage.session, case.ticket, reading,
        channel=SurveyChannel.CALL, actor=case.stage.cast.one(Role.SURVEYOR), now=case.stage.now,
    )  # fmt: skip


def _open(case: Case) -> bool:
    return case.is_in(State.RESOLVED)
