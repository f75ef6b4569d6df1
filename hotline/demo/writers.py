"""The people who write in the history: new matters, words on open ones, questions, thanks."""

from typing import Any, Final

from hotline.demo import lives, stories, texts
from hotline.demo.callers import Crowd
from hotline.demo.case import Case
from hotline.demo.places import banner
from hotline.demo.stage import Life
from hotline.tickets import casework, queries
from hotline.tickets.states import State

NEW: Final = 0.62  # the share of new matters among what is written
WORD: Final = 0.85  # up to here it is a word on an open one


def write(crowd: Crowd, case: Case | None = None) -> Life:
    """Let one SMS come in, with *case* about that, and let its matter take its way."""
    stage, fate = crowd.stage, crowd.stage.chance.random()
    known = crowd.acquaintance()
    if case is None and fate >= NEW and known is not None:
        words = stories.WORDS if fate < WORD else stories.ASIDES[:2]
        texts.send(stage, known, stage.chance.choice(words))
        return
    if case is None and fate >= WORD:
        texts.send(stage, crowd.stranger(), stage.chance.choice(stories.ASIDES))
        return
    if case is None:
        story, place = stories.pick(stage.chance), banner(stage.chance)
        case = Case(
            stage, story, place, crowd.stranger(), stage.chance.choice(stage.cast.operators)
        )
    yield from _matter(crowd, case)


def _matter(crowd: Crowd, case: Case) -> Life:
    """The words make a ticket that nobody has classified; an operator does it."""
    stage, number = crowd.stage, case.number or 0
    texts.send(stage, number, case.says(case.story.words))
    found = queries.open_of_worker(stage.session, crowd.worker(number), limit=1)
    if not found or found[0].received_at != stage.now:
        return  # it was a word on a matter we knew
    case.ticket_id = found[0].id
    crowd.cases[number] = case
    yield case.at_centre(3, 70)
    if not case.is_in(State.RECEIVED):
        return
    if not case.takes("unclassified", 0.0):
        _classify(case)
        yield from lives.of_matter(case)


def _classify(case: Case) -> None:
    given: dict[str, Any] = case.intake()
    changes = {
        "subject": given["subject"],
        "category_code": given["category"],
        "demand_type": given["demand_type"],
        "region_code": given["region"],
        "employer": given["employer"],
        "confidential_level": given["confidential_level"],
        "anonymous": given["anonymous"],
        "head_count": given["head_count"],
        "mass": given["mass"],
    }
    casework.edit(case.stage.session, case.ticket, changes, actor=case.operator, now=case.stage.now)
    casework.set_urgency(
        case.stage.session, case.ticket, case.story.urgency, "涉及人身安全或多人",
        actor=case.operator, now=case.stage.now,
    )  # fmt: skip
