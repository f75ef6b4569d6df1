"""Sums of the rollup, for the whole of a question or for each group of it."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.core.errors import Invalid
from hotline.core.roles import Actor
from hotline.core.words import N_
from hotline.deadlines.telling import WEEKDAYS
from hotline.rates.facts import FACTS
from hotline.rates.filling import fill, needed
from hotline.rates.formulas import Rate
from hotline.rates.metrics import METRICS
from hotline.rates.models import DailyCount, DailyCut
from hotline.rates.questions import CUTS, HOURS, Question, counted, path
from hotline.staff.models import Staff
from hotline.tickets.models import Category
from hotline.units import queries as units

Sums = Mapping[Any, Mapping[str, int]]
Names = tuple[str, str | None]  # in Chinese, and in English where a reference table has it
NEEDED: Final = needed(METRICS) | frozenset(FACTS)
WHOLE: Final = 2  # slashes of the region's own path: whoever sees all sees its branches apart
NOT_KNOWN: Final = N_("未定")
NO_CALL: Final = N_("无座席（未接通，或不是来电）")
NO_HOUR: Final = N_("只有日期")
LANGUAGES: Final = {
    "": N_("不是来电"),
    "zh": N_("汉语"),
    "mn": N_("蒙古语"),
}


@dataclass(frozen=True)
class Group:
    """One part of an answer: its key, its name, its rates, and the question that asks for it.

    *name* is a text of the catalogue, or one of the reference tables with its English
    beside it; the whole has none.

    Attributes:
        counts: How often each fact was true; one that is absent never was.
    """

    key: str
    name: str
    question: Question
    rates: Sequence[Rate]
    name_en: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict)


def sums(
    session: Session,
    actor: Actor,
    question: Question,
    facts: Collection[str],
    *by: str,
    way: str | None = None,
) -> Sums:
    """Return how often each of *facts* was true, by the values of columns of the rollup.

    It is by None without a column, by a tuple with several. *way* asks `DailyCut`, which has
    `day`, `unit_id` and `key`, as does a question that keeps to one of its ways.
    """
    way = way or (question.cut[0] if question.cut else None)
    table = DailyCut if way else DailyCount
    columns = [getattr(table, name) for name in by]
    rows = session.execute(
        select(table.fact, func.sum(table.n), *columns)
        .where(table.fact.in_(facts), *counted(session, actor, question, way))
        .group_by(table.fact, *columns)
    )
    found: dict[Any, dict[str, int]] = defaultdict(dict)
    for fact, n, *values in rows:
        key = None if not values else values[0] if len(values) == 1 else tuple(values)
        found[key][fact] = int(n)
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
        raise Invalid({"group_by": N_("没有这种分组")})
    return WAYS[group_by](session, actor, question)


def kept_to(session: Session, question: Question) -> Mapping[str, Names]:
    """Return what a question keeps to besides days and unit: each by its way, with its name."""
    given = {**question.chosen(), **dict([question.cut] if question.cut else [])}
    if question.weekday is not None:
        given["weekday"] = question.weekday
    return {
        way: NAMES[way](session).get(key, (key or NOT_KNOWN, None)) for way, key in given.items()
    }


def _group(key: str, names: Names, question: Question, counts: Mapping[str, int]) -> Group:
    name, english = names
    rates = [fill(metric, counts, question) for metric in METRICS]
    return Group(key, name, question, rates, english, counts)


def _by_unit(session: Session, actor: Actor, question: Question) -> Sequence[Group]:
    """Sum the branches below the unit asked about, and what is that unit's own."""
    top = path(session, actor, question)
    tree = {unit.id: unit for unit in units.below(session, top)}
    depth = max(top.count("/"), WHOLE)
    heads: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for unit_id, counts in sums(session, actor, question, NEEDED, "unit_id").items():
        steps = tree[unit_id].path.strip("/").split("/")
        head = int(steps[min(depth, len(steps)) - 1])
        for fact, n in counts.items():
            heads[head][fact] += n
    return [
        _group(
            tree[head].code,
            (tree[head].name, tree[head].name_en),
            replace(question, unit=tree[head].code, alone=tree[head].path.count("/") == depth),
            heads[head],
        )
        for head in tree
        if head in heads
    ]


def _by_day(session: Session, actor: Actor, question: Question) -> Sequence[Group]:
    found = sums(session, actor, question, NEEDED, "day")
    return [
        _group(str(day), (str(day), None), replace(question, first=day, last=day), found[day])
        for day in sorted(found)
    ]


def _by_dimension(name: str, column: str) -> Callable[[Session, Actor, Question], Sequence[Group]]:
    def by(session: Session, actor: Actor, question: Question) -> Sequence[Group]:
        way, known = name if name in CUTS else None, NAMES[name](session)
        found = sums(session, actor, question, NEEDED, column, way=way)
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


def _operators(session: Session) -> Mapping[str, Names]:
    rows = session.execute(select(Staff.id, Staff.name))
    return {str(row.id): (row.name, None) for row in rows} | {"": (NO_CALL, None)}


def _languages(_session: Session) -> Mapping[str, Names]:
    return {code: (name, None) for code, name in LANGUAGES.items()}


def _hours(_session: Session) -> Mapping[str, Names]:
    named = {hour: (f"{hour}:00–{int(hour) + 1:02d}:00", None) for hour in HOURS}
    return {**named, "": (NO_HOUR, None)}


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

NAMES: Final[Mapping[str, Callable[[Session], Mapping[str, Names]]]] = {
    "region": _regions,
    "category": _categories,
    "channel": _channels,
    "operator": _operators,
    "language": _languages,
    "hour": _hours,
    "weekday": lambda _session: {str(n): (name, None) for n, name in enumerate(WEEKDAYS)},
}

WAYS: Final[Mapping[str, Callable[[Session, Actor, Question], Sequence[Group]]]] = {
    "unit": _by_unit,
    "region": _by_dimension("region", "region_code"),
    "category": _by_dimension("category", "category_code"),
    "channel": _by_dimension("channel", "channel"),
    "operator": _by_dimension("operator", "key"),
    "language": _by_dimension("language", "key"),
    "hour": _by_dimension("hour", "key"),
    "day": _by_day,
}
