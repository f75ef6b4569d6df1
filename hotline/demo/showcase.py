"""Matters that stand in each state at the present moment, whatever chance has brought."""

import datetime as dt
from typing import Final, NamedTuple

from hotline.demo import lives
from hotline.demo.callers import Crowd, registered
from hotline.demo.case import Case
from hotline.demo.stage import Life
from hotline.demo.stories import CRISIS, MASS_WAGES, STORIES, Story
from hotline.demo.writers import write
from hotline.tickets.models import Channel
from hotline.tickets.states import State


class Scene(NamedTuple):
    """A matter that comes so many hours before the present, and what must happen to it.

    Attributes:
        rests_in: The state it stays in, once there.
    """

    hours: float
    category: str
    turns: frozenset[str]
    rests_in: State | None = None
    banner: str = "150105"


S = State
PLAIN: Final = frozenset({"plain"})


def _with(*turns: str) -> frozenset[str]:
    return frozenset({"plain", *turns})


# fmt: off
SCENES: Final = (
    Scene(0.6, "A1", _with("unclassified"), S.RECEIVED),
    Scene(1.1, "A8", PLAIN, S.RECEIVED, "150203"),
    Scene(3.0, "B1", PLAIN, S.DISPATCHED),
    Scene(4.0, "A2", PLAIN, S.DISPATCHED, "150203"),
    Scene(5.0, "E1", _with("return"), S.RETURN_REVIEW),
    Scene(6.0, "A1", PLAIN, S.IN_PROGRESS),
    Scene(6.5, "J2", _with("take"), S.IN_PROGRESS),
    Scene(5.5, "E4", _with("take"), S.IN_PROGRESS, "150602"),
    Scene(7.0, "C1", PLAIN, S.IN_PROGRESS, "150202"),
    Scene(8.0, "F1", _with("ask"), S.AWAITING_CALLER),
    Scene(9.0, "L2", _with("suspend"), S.SUSPENDED),
    Scene(10.0, "A3", PLAIN, S.RESULT_REVIEW),
    Scene(11.0, "A2", PLAIN, S.RESULT_REVIEW, "150402"),
    Scene(12.0, "D2", _with("answer", "silent"), S.RESOLVED),
    Scene(13.0, "A1", _with("silent"), S.RESOLVED, "150602"),
    Scene(16.0, "A1", _with("says:不满意，钱还没给"), S.APPRAISAL_REVIEW),
    Scene(18.0, "I2", _with("says:4"), S.APPRAISAL_REVIEW, "150702"),
    Scene(20.0, "A2", _with("says:1"), S.SURVEYED),
    Scene(26.0, "S2", _with("void"), S.VOIDED, "150102"),
    Scene(30.0, "A1", _with("says:5", "rework"), None, "150502"),
    Scene(40.0, "A1", _with("late"), S.IN_PROGRESS, "150902"),
    Scene(22.0, "N2", PLAIN, S.IN_PROGRESS, "150105"),
    Scene(24.0, "H3", PLAIN, S.IN_PROGRESS, "150602"),
    Scene(210.0, "A8", PLAIN, S.DISPATCHED, "152501"),
    Scene(190.0, "A1", PLAIN, S.IN_PROGRESS, "150802"),
    Scene(200.0, "E1", PLAIN, S.IN_PROGRESS),
)
OLDER: Final = tuple(range(31, 37))  # days before the present; these are archived by now
# fmt: on
PACE: Final = 0.1
CHANNELS: Final = (Channel.APP, Channel.WEB, Channel.VISIT, Channel.LETTER, Channel.CALL)
JOINED: Final = (50.0, 49.2, 48.7, 47.9)  # hours before the present: callers of one building site


def stage_all(crowd: Crowd, opens: dt.datetime) -> None:
    """Let every scene begin that lies after *opens*, and the older ones before it."""
    stage = crowd.stage
    for scene in SCENES:
        begins = stage.closes - dt.timedelta(hours=scene.hours)
        if begins >= opens:
            stage.begin(begins, _played(crowd, scene))
    for days in OLDER:
        scene = Scene(24 * days, "A2", _with("says:2"), S.SURVEYED, "150105")
        stage.begin(stage.closes - dt.timedelta(days=days), _played(crowd, scene))
    begins = stage.closes - dt.timedelta(hours=JOINED[0])
    if begins >= opens:
        stage.begin(begins, _together(crowd))


def _played(crowd: Crowd, scene: Scene) -> Life:
    """Play a matter until it rests."""
    case = Case(
        crowd.stage, story_of(scene.category), scene.banner, crowd.stranger(),
        crowd.stage.cast.operators[0], scene.turns, PACE,
    )  # fmt: skip
    if "unclassified" in scene.turns:
        yield from write(crowd, case)
        return
    registered(crowd, case, case.operator, crowd.stage.chance.choice(CHANNELS))
    for moment in lives.of_matter(case):
        if case.is_in(scene.rests_in):
            return
        yield moment


def _together(crowd: Crowd) -> Life:
    """Several workers of one building site: the later matters are merged into the first."""
    stage, first = crowd.stage, None
    for hours in JOINED:
        yield stage.closes - dt.timedelta(hours=hours)
        operator = stage.chance.choice(stage.cast.operators)
        case = Case(stage, MASS_WAGES, "150105", crowd.stranger(), operator, PLAIN)
        if first is not None:
            case.filled, case.joins = first.filled, first
        registered(crowd, case, operator)
        first = first or case
        stage.begin(stage.now, lives.of_matter(case))


def story_of(category: str) -> Story:
    """Return the story of a category."""
    return next(story for story in (*STORIES, CRISIS) if story.category == category)
