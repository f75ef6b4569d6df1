"""Answers given under an article, and those to look at again because its law was amended."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Select, and_, exists, select
from sqlalchemy.orm import Session

from hotline.core import audit
from hotline.core.errors import NotFound
from hotline.core.paging import Page, cut, read_cursor
from hotline.core.roles import Actor, Permission, require
from hotline.knowledge import changes
from hotline.knowledge.models import ArticleVersion, LawChange
from hotline.staff.models import Staff
from hotline.tickets.models import Ticket
from hotline.tickets.records import Recheck, TicketResult
from hotline.tickets.sight import found_by_employer, visible

#: A line names the ticket and says nothing of its words.
ANSWER: Final = (
    select(
        TicketResult.id,
        TicketResult.submitted_at,
        Ticket.number,
        Ticket.state,
        ArticleVersion.article_id,
        ArticleVersion.number.label("version"),
        ArticleVersion.title,
        Staff.name.label("by"),
    )
    .join(Ticket, Ticket.id == TicketResult.ticket_id)
    .join(ArticleVersion, ArticleVersion.id == TicketResult.article_version_id)
    .outerjoin(Staff, Staff.id == TicketResult.submitted_by)
)


def under_article(
    session: Session, actor: Actor, article_id: int, *, cursor: str | None, limit: int
) -> Page[Any]:
    """Return what was answered with any version of an article, the newest first."""
    versions = select(ArticleVersion.id).where(ArticleVersion.article_id == article_id)
    query = _seen(actor).where(TicketResult.article_version_id.in_(versions))
    return _page(session, query, cursor, limit)


def to_recheck(
    session: Session, actor: Actor, change: LawChange, *, cursor: str | None, limit: int
) -> Page[Any]:
    """Return what was answered, before it was noted, with the law that changed, unchecked yet."""
    query = _seen(actor).where(
        TicketResult.article_version_id.in_(changes.versions_under(change)),
        TicketResult.submitted_at <= change.noted_at,
        ~_checked(change.id),
    )
    return _page(session, query, cursor, limit)


def recheck(
    session: Session, change: LawChange, result_id: int, *, actor: Actor, now: dt.datetime
) -> None:
    """Say that an answer was looked at again after a change of law.

    Raises:
        Forbidden: *actor* may not.
        NotFound: There is no such answer to look at, or it was looked at already.
    """
    require(actor, Permission.KNOWLEDGE_WRITE)
    query = _seen(actor).where(
        TicketResult.id == result_id,
        TicketResult.article_version_id.in_(changes.versions_under(change)),
        ~_checked(change.id),
    )
    found = session.execute(query).first()
    if found is None:
        raise NotFound
    session.add(Recheck(change_id=change.id, result_id=result_id, checked_by=actor.id, at=now))
    audit.note(
        session, actor, "answer.recheck", f"ticket:{found.number}", now=now, change=change.id
    )


def checked(session: Session, actor: Actor, change_id: int, limit: int = 50) -> Sequence[Any]:
    """Return the answers that were looked at again after a change, the latest first."""
    query = (
        select(Ticket.number, Recheck.at, Staff.name.label("by"))
        .select_from(Recheck)
        .join(TicketResult, TicketResult.id == Recheck.result_id)
        .join(Ticket, Ticket.id == TicketResult.ticket_id)
        .outerjoin(Staff, Staff.id == Recheck.checked_by)
        .where(Recheck.change_id == change_id, visible(actor), found_by_employer(actor))
        .order_by(Recheck.result_id.desc())
        .limit(limit)
    )
    return session.execute(query).all()


def _checked(change_id: int) -> Any:
    return exists().where(Recheck.change_id == change_id, Recheck.result_id == TicketResult.id)


def _seen(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Narrow to what *actor* may see; a matter kept for two people is theirs alone."""
    require(actor, Permission.TICKET_READ)
    return ANSWER.where(and_(visible(actor), found_by_employer(actor)))


def _page(
    session: Session, query: Select[*tuple[Any, ...]], cursor: str | None, limit: int
) -> Page[Any]:
    if key := read_cursor(cursor, int):
        query = query.where(TicketResult.id < key[0])
    rows = session.execute(query.order_by(TicketResult.id.desc()).limit(limit + 1)).all()
    return cut(rows, limit, lambda row: [row.id])
