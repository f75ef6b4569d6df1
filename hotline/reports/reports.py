"""Which report has which tables, and where its numbers are from: as published, or live."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy.orm import Session

from hotline.bulletins import queries as bulletins
from hotline.bulletins.models import Bulletin
from hotline.bulletins.periods import KINDS, Period, PeriodKind
from hotline.bulletins.snapshot import Snapshot, snapshot
from hotline.core.language import gettext, local, written
from hotline.core.roles import Actor, Permission
from hotline.core.words import N_
from hotline.rates.questions import Question
from hotline.reports import cockpit, facets, tables
from hotline.reports.document import Document
from hotline.reports.tables import Numbers, Section

SECTIONS: Final[Mapping[PeriodKind, Sequence[Section]]] = {
    PeriodKind.DAY: (
        tables.volumes, tables.headlines, facets.hours, tables.channels, facets.crossed,
        tables.units,
        tables.stock, tables.definitions,
    ),
    PeriodKind.WEEK: (
        tables.volumes, tables.headlines, tables.days, tables.channels, tables.categories,
        tables.regions, facets.surveys, facets.classes, tables.units, tables.stock,
        tables.definitions,
    ),
    PeriodKind.MONTH: (
        tables.volumes, tables.headlines, facets.crossed, tables.channels, tables.categories,
        tables.regions, tables.units, facets.surveys, facets.classes, facets.recovered,
        tables.days, tables.stock, tables.definitions,
    ),
    PeriodKind.YEAR: (
        tables.volumes, tables.headlines, facets.crossed, tables.channels, tables.categories,
        tables.regions, tables.units, facets.surveys, facets.classes, facets.recovered,
        tables.stock, tables.definitions,
    ),
}  # fmt: skip
OPENING: Final[Sequence[Section]] = (tables.volumes, tables.headlines, tables.days)
SPECIAL: Final[Sequence[Section]] = (
    tables.regions, tables.channels, tables.units,
    facets.surveys, facets.recovered, tables.definitions,
)  # fmt: skip


def periodical(session: Session, actor: Actor, period: Period, *, now: dt.datetime) -> Document:
    """Return the report of *period*: what was published of it, or what is known now.

    Raises:
        NotFound: The unit is outside the actor's part of the tree.
    """
    found = bulletins.newest(session, period)
    last = cockpit.come_to(period, local(now).date())
    numbers = Numbers(
        *(
            _numbers(session, actor, one, cockpit.as_far(one, period, last), now=now)
            for one in (period, period.before, period.year_before)
        )
    )
    title = f"{gettext(N_('工会热线'))} 12351 {gettext(KINDS[period.kind])}"
    return Document(
        f"report-{period.kind}-{period.first}",
        title,
        _remarks(numbers.now, found, now),
        [section(numbers) for section in SECTIONS[period.kind]],
    )


def _remarks(numbers: Snapshot, found: Bulletin | None, now: dt.datetime) -> Sequence[str]:
    return [
        _days(numbers.question),
        *_standing(numbers, found),
        *_running(numbers.question, now),
    ]


def _running(question: Question, now: dt.datetime) -> Sequence[str]:
    """Warn of days that are not over: the last is less than what it is compared with."""
    if question.last < local(now).date():
        return []
    return [gettext(N_("本期尚未结束，今天还没过完；环比、同比是与同样多的天数相比。"))]


def special(
    session: Session, actor: Actor, question: Question, subject: str, *, now: dt.datetime
) -> Document:
    """Return the report of one subject, live: the category that *question* names.

    Whom it is about is told to those who may read tickets.

    Raises:
        NotFound: The unit is outside the actor's part of the tree.
    """
    question = replace(question, last=cockpit.come_to(question, local(now).date()))
    length = question.last - question.first + dt.timedelta(days=1)
    numbers = Numbers(
        *(
            snapshot(session, actor, _moved(question, back), now=now)
            for back in (dt.timedelta(), length, dt.timedelta(weeks=52))
        )
    )
    hot = cockpit.employers(session, actor, question) if actor.may(Permission.TICKET_READ) else ()
    named = [tables.employers(hot)] if hot else []
    return Document(
        f"report-{question.category}-{question.first}",
        gettext(N_("专报：%(subject)s"), subject=subject),
        _remarks(numbers.now, None, now),
        [section(numbers) for section in OPENING]
        + named
        + [section(numbers) for section in SPECIAL],
    )


def _moved(question: Question, back: dt.timedelta) -> Question:
    return replace(question, first=question.first - back, last=question.last - back)


def _numbers(
    session: Session, actor: Actor, period: Period, last: dt.date, *, now: dt.datetime
) -> Snapshot:
    found = bulletins.newest(session, period)
    if found is not None and last == period.last:
        return bulletins.opened(found)
    return snapshot(session, actor, Question(period.first, last), now=now)


def _days(question: Question) -> str:
    if question.first == question.last:
        return str(question.first)
    return f"{question.first} – {question.last}"


def _standing(numbers: Snapshot, found: Bulletin | None) -> Sequence[str]:
    """Say how far the figures can be trusted: signed edition or live, as of when, which tables."""
    of_tables = gettext(
        N_("日历版本 %(calendar)s，时限表版本 %(limits)s；按自然日统计。"),
        calendar=numbers.versions.calendar,
        limits=numbers.versions.limits,
    )
    as_of = f"{gettext(N_('数字截至'))} {written(numbers.as_of)}"
    if found is None:
        return [as_of, gettext(N_("尚未封账，数字还会变动")), of_tables]
    edition = gettext(
        N_("已封账并签名，第 %(n)s 版，摘要（SHA-256）%(hash)s"),
        n=found.edition,
        hash=found.hash.hex(),
    )
    return [as_of, edition, of_tables]
