"""Articles, as pages and the rooms above ask for them."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, func, select, tuple_
from sqlalchemy.orm import Session

from hotline.core import chinese, lookup
from hotline.core.errors import NotFound
from hotline.core.paging import Page, cut, read_cursor
from hotline.core.rows import one
from hotline.knowledge import matching
from hotline.knowledge.basis import Basis
from hotline.knowledge.models import (
    IN_FORCE,
    WAITING,
    WITHDRAWN,
    Article,
    ArticleKey,
    ArticleLaw,
    ArticleVersion,
)

LOOKED_AT: Final = 60  # of those with most keys in common, before they are ranked
SHOWN: Final = 20
MEANT: Final = 3


class View(StrEnum):
    """Which articles a list shows."""

    IN_FORCE = "in_force"
    WAITING = "waiting"
    REVIEW = "review"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Entry:
    """An article with the words that count: those in force, else those that wait."""

    article: Article
    words: ArticleVersion
    laws: Sequence[Basis] = ()


def _with(number: ColumnElement[int | None]) -> Select[Article, ArticleVersion]:
    same = and_(ArticleVersion.article_id == Article.id, ArticleVersion.number == number)
    return select(Article, ArticleVersion).join(ArticleVersion, same)


#: Each article with the version in force, else the draft; and with the one that waits.
WHOLE: Final = _with(func.coalesce(Article.in_force, Article.draft))
SHOWS: Final = {
    View.IN_FORCE: WHOLE.where(IN_FORCE),
    View.WAITING: _with(Article.draft.expression).where(WAITING),
    View.WITHDRAWN: WHOLE.where(WITHDRAWN),
}


def by_id(session: Session, article_id: int) -> Article:
    """Return one article.

    Raises:
        NotFound: There is none.
    """
    return one(session, Article, article_id)


def version(session: Session, article_id: int, number: int) -> ArticleVersion:
    """Return one version of an article.

    Raises:
        NotFound: There is none.
    """
    found = session.scalar(
        select(ArticleVersion).where(
            ArticleVersion.article_id == article_id, ArticleVersion.number == number
        )
    )
    if found is None:
        raise NotFound
    return found


def versions(session: Session, article_id: int) -> Sequence[ArticleVersion]:
    """Return all versions of an article, the newest first."""
    return session.scalars(
        select(ArticleVersion)
        .where(ArticleVersion.article_id == article_id)
        .order_by(ArticleVersion.number.desc())
    ).all()


def usable(session: Session, version_id: int) -> ArticleVersion | None:
    """Return an approved version of an article that was not withdrawn; None if it is none."""
    return session.scalar(
        select(ArticleVersion)
        .join(Article, Article.id == ArticleVersion.article_id)
        .where(
            ArticleVersion.id == version_id,
            ArticleVersion.approved_at.is_not(None),
            Article.withdrawn_at.is_(None),
        )
    )


def cited(session: Session, version_ids: Collection[int]) -> dict[int, Entry]:
    """Return the versions that were answered with, each with its article and law, by id."""
    if not version_ids:
        return {}
    query = select(Article, ArticleVersion).join(
        ArticleVersion, ArticleVersion.article_id == Article.id
    )
    found = entries(session, query.where(ArticleVersion.id.in_(set(version_ids))))
    return {entry.words.id: entry for entry in found}


def laws(session: Session, version_ids: Collection[int]) -> dict[int, list[Basis]]:
    """Return the law that each of these versions rests on, in one query."""
    found: dict[int, list[Basis]] = {each: [] for each in version_ids}
    if found:
        rows = session.scalars(
            select(ArticleLaw)
            .where(ArticleLaw.version_id.in_(found))
            .order_by(ArticleLaw.version_id, ArticleLaw.place)
        )
        for row in rows:
            found[row.version_id].append(Basis(row.law, row.article))
    return found


def page(
    session: Session, view: View, today: dt.date, *, cursor: str | None, limit: int
) -> Page[Entry]:
    """Return a list of articles: those due for review by their day, all others newest first."""
    if view is View.REVIEW:
        return _due(session, today, cursor, limit)
    query = SHOWS[view].order_by(Article.id.desc()).limit(limit + 1)
    if key := read_cursor(cursor, int):
        query = query.where(Article.id < key[0])
    return cut(entries(session, query), limit, lambda entry: [entry.article.id])


def _due(session: Session, today: dt.date, cursor: str | None, limit: int) -> Page[Entry]:
    query = WHOLE.where(IN_FORCE, Article.review_on <= today)
    if key := read_cursor(cursor, dt.date, int):
        query = query.where(tuple_(Article.review_on, Article.id) > key)
    query = query.order_by(Article.review_on, Article.id).limit(limit + 1)
    shown = entries(session, query)
    return cut(shown, limit, lambda entry: [entry.article.review_on, entry.article.id])


def find(session: Session, asked: str, limit: int = SHOWN) -> list[Entry]:
    """Return the approved articles that hold what is *asked*, hits in titles and variants first.

    Characters, initials (`tqgz`) and whole pinyin (`gongzi`) are understood.
    """
    wanted, plain = chinese.wanted(asked), matching.body(asked[: chinese.LONGEST_QUERY])
    needed = (chinese.needed(asked), len(plain))
    head = lookup.best(session, ArticleKey.key, ArticleKey.article_id, wanted, limit=LOOKED_AT)
    answer = lookup.best(session, ArticleKey.key, ArticleKey.article_id, plain, limit=LOOKED_AT)
    ranks = {
        article_id: matching.rank(head.get(article_id, 0), answer.get(article_id, 0), needed)
        for article_id in head.keys() | answer.keys()
    }
    return _best(session, ranks, limit)


def suggest(
    session: Session, told: str, category: str | None, region: str | None, limit: int = MEANT
) -> list[Entry]:
    """Return the approved articles that answer what is *told*, the closest first."""
    words = chinese.bigrams(told[-matching.HEARD :])
    hits = lookup.best(session, ArticleKey.key, ArticleKey.article_id, words, limit=LOOKED_AT)
    if not hits:
        return []
    rows = session.execute(WHOLE.where(Article.id.in_(hits), IN_FORCE)).all()
    ranks = {
        article.id: matching.told(
            (version.title, *version.variants),
            words,
            same_category=bool(category) and category == version.category_code,
        )
        for article, version in rows
        if matching.holds_in(version.region_code, region)
    }
    return _best(session, ranks, limit)


def _best(session: Session, ranks: dict[int, float], limit: int) -> list[Entry]:
    ordered = sorted((each for each in ranks if ranks[each]), key=lambda each: (-ranks[each], each))
    chosen = ordered[:limit]
    if not chosen:
        return []
    found = {
        entry.article.id: entry
        for entry in entries(session, WHOLE.where(Article.id.in_(chosen), IN_FORCE))
    }
    return [found[article_id] for article_id in chosen if article_id in found]


def entries(session: Session, query: Select[Article, ArticleVersion]) -> list[Entry]:
    """Return what *query* (of `WHOLE`) gives, with the law of each, in two queries."""
    rows = session.execute(query).all()
    known = laws(session, [words.id for _, words in rows])
    return [Entry(article, words, known[words.id]) for article, words in rows]
