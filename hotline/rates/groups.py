"""Sums of the rollup, for the whole of a question or for each group of it."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.core.errors import Invalid
from hotline.core.roles import Actor
from hotline.core.words import N_
from hotline.rates.filling import fill, needed
from hotline.rates.formulas import Rate
from hotline.rates.metrics import METRICS
from hotline.rates.models import DailyCount
from hotline.rates.questions import Question, counted, path
from hotline.tickets.models import Category
from hotline.units import queries as units

Sums = Mapping[Any, Mapping[str, int]]
Names = tuple[str, str | None]  # in Chinese, and in English where a reference table has it
NEEDED: Final = needed(METRICS)
NOT_KNOWN: Final = N_("未定")


@dataclass(frozen=True)
class Group:
    """One part of an answer: its key, its name, its rates, and the question that asks for it.

    *name* is a text of the catalogue, or one of the reference tables with its English
    beside it; the whole has none.
    """

    key: str
    name: str
    question: Question
    rates: Sequence[Rate]
    name_en: str | None = None


def sums(
    session: Session,
    actor: Actor,
    question: Question,
    facts: Collection[str],
    column: Any = None,
) -> Sums:
    """Return how often each of *facts* was true, by the values of *column* of the rollup."""
    by = [] if column is None else [column]
    rows = session.execute(
        select(DailyCount.fact, func.sum(DailyCount.n), *by)
        .where(DailyCount.fact.in_(facts), *counted(session, actor, question))
        .group_by(DailyCount.fact, *by)
    )
    found: dict[Any, dict[str, int]] = defaultdict(dict)
    for row in rows:
        found[row[2] if by else None][row[0]] = int(row[1])
    return found


def total(
    session: Session, actor: Actor, question: Question, facts: Collection[str]
) -> Mapping[str, int]:
    """Return how often each of *facts* was true in all."""
    return sums(session, actor, question, facts).get(None, {})


def grouped(
    session: Session, actor: Actor, question: Question, group_by: str | None
) -> Sequence[Group]:
    """Return the rates of the whole, or of each group that has anything to count.

    Raises:
        Invalid: There is no such grouping.
        NotFound: The unit is outside the actor's part of the tree.
    """
    if group_by is None:
        counts = total(session, actor, question, NEEDED)
        return [_group("", ("", None), question, counts)]
    if group_by not in WAYS:
        raise Invalid({"group_by": N_("只能是 unit、region、category、channel 或 day")})
    return WAYS[group_by](session, actor, question)


def _group(key: str, names: Names, question: Question, counts: Mapping[str, int]) -> Group:
    name, english = names
    rates = [fill(metric, counts, question) for metric in METRICS]
    return Group(key, name, question, rates, english)


def _by_unit(session: Session, actor: Actor, question: Question) -> Sequence[Group]:
    """Sum the branches below the unit asked about, and what is that unit's own."""
    top = path(session, actor, question)
    tree = {unit.id: unit for unit in units.below(session, top)}
    depth = top.count("/")
    heads: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for unit_id, counts in sums(session, actor, question, NEEDED, DailyCount.unit_id).items():
        steps = tree[unit_id].path.strip("/").split("/")
        head = int(steps[min(depth, len(steps)) - 1])
        for fact, n in counts.items():
            heads[head][fact] += n
    return [
        _group(
            tree[head].code,
            (tree[head].name, tree[head].name_en),
            replace(question, unit=tree[head].code, alone=tree[head].path == top),
            heads[head],
        )
        for head in tree
        if head in heads
    ]


def _by_day(session: Session, actor: Actor, question: Question) -> Sequence[Group]:
    found = sums(session, actor, question, NEEDED, DailyCount.day)
    return [
        _group(str(day), (str(day), None), replace(question, first=day, last=day), found[day])
        for day in sorted(found)
    ]


def _by_dimension(
    name: str, column: Any, names: Callable[[Session], Mapping[str, Names]]
) -> Callable[[Session, Actor, Question], Sequence[Group]]:
    def by(session: Session, actor: Actor, question: Question) -> Sequence[Group]:
        found, known = sums(session, actor, question, NEEDED, column), names(session)
        return [
            _group(
                key,
                known.get(key, (key or NOT_KNOWN, None)),
                replace(question, **{name: key}),
                found[key],
            )
            for key in sorted(found)
        ]

    return by


def _regions(session: Session) -> Mapping[str, Names]:
    return {region.code: (region.name, region.name_en) for region in units.regions(session)}


def _categories(session: Session) -> Mapping[str, Names]:
    rows = session.execute(select(Category.code, Category.name, Category.name_en))
    return {row.code: (row.name, row.name_en) for row in rows}


def _channels(_session: Session) -> Mapping[str, Names]:
    return {code: (name, None) for code, name in CHANNELS.items()}


CHANNELS: Final = {
    "": N_("来电（尚无工单）"),
    "call": N_("电话"),
    "sms": N_("短信"),
    "web": N_("网站"),
    "app": N_("客户端"),
    "letter": N_("来信"),
    "visit": N_("来访"),
    "transfer": N_("转办"),
}

WAYS: Final[Mapping[str, Callable[[Session, Actor, Question], Sequence[Group]]]] = {
    "unit": _by_unit,
    "region": _by_dimension("region", DailyCount.region_code, _regions),
    "category": _by_dimension("category", DailyCount.category_code, _categories),
    "channel": _by_dimension("channel", DailyCount.channel, _channels),
    "day": _by_day,
}
