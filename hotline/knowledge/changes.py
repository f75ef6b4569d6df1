"""Laws that were amended: which articles rest on them, and which versions were answered with."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from hotline.core import audit
from hotline.core.errors import Invalid
from hotline.core.paging import Page, cut, read_cursor
from hotline.core.roles import Actor, Permission, require
from hotline.core.rows import one
from hotline.core.words import N_
from hotline.knowledge import basis, queries
from hotline.knowledge.models import IN_FORCE, Article, ArticleLaw, ArticleVersion, LawChange
from hotline.knowledge.queries import WHOLE, Entry


def note(
    session: Session, law: str, article: str | None, why: str, *, actor: Actor, now: dt.datetime
) -> LawChange:
    """Write down that a law was amended, or one article of it.

    Raises:
        Forbidden: *actor* may not.
        Invalid: It is not said what changed, or no article rests on it.
    """
    require(actor, Permission.KNOWLEDGE_WRITE)
    if not why.strip():
        raise Invalid({"note": N_("请填写")})
    row = LawChange(
        law=basis.name_of(law), article=article or None, note=why.strip()[:200],
        noted_by=actor.id, noted_at=now,
    )  # fmt: skip
    if session.scalar(versions_under(row).limit(1)) is None:
        raise Invalid({"law": N_("没有条目引用这部法")})
    session.add(row)
    session.flush()
    audit.note(session, actor, "law.changed", f"law_change:{row.id}", now=now)
    return row


def versions_under(change: LawChange) -> Select[int]:
    """Return the query of the ids of all versions that rest on what was changed.

    A paragraph (`27.4`) falls under its article (`27`).
    """
    query = select(ArticleLaw.version_id).where(ArticleLaw.law == change.law)
    if change.article is None:
        return query
    inside = ArticleLaw.article.startswith(f"{change.article}.", autoescape=True)
    return query.where((ArticleLaw.article == change.article) | inside)


def by_id(session: Session, change_id: int) -> LawChange:
    """Return one change.

    Raises:
        NotFound: There is none.
    """
    return one(session, LawChange, change_id)


def page(session: Session, *, cursor: str | None, limit: int) -> Page[LawChange]:
    """Return the changes, the newest first."""
    query = select(LawChange).order_by(LawChange.id.desc()).limit(limit + 1)
    if key := read_cursor(cursor, int):
        query = query.where(LawChange.id < key[0])
    return cut(session.scalars(query).all(), limit, lambda row: [row.id])


def resting(session: Session, change: LawChange, limit: int = 50) -> Sequence[Entry]:
    """Return the articles whose words in force rest on what was changed."""
    query = WHOLE.where(IN_FORCE, ArticleVersion.id.in_(versions_under(change)))
    return queries.entries(session, query.order_by(Article.id).limit(limit))
