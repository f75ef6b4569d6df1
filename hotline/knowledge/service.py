"""What is done with articles: written, approved by another, looked at again, taken down."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.core import audit, lookup
from hotline.core.errors import GuardFailed, Invalid, Stale
from hotline.core.language import local
from hotline.core.roles import Actor, Permission, require
from hotline.core.rows import require_unchanged
from hotline.core.words import N_
from hotline.knowledge import matching, queries
from hotline.knowledge.basis import Basis
from hotline.knowledge.models import Article, ArticleKey, ArticleLaw, ArticleVersion
from hotline.knowledge.states import latest_review

LONGEST_TITLE: Final = 120
LONGEST_ANSWER: Final = 240  # read out in a minute, and a gap of an SMS holds no more
MOST_VARIANTS: Final = 12
MOST_LAWS: Final = 20
TOO_LONG: Final = N_("太长了")
MISSING: Final = N_("请填写")


@dataclass(frozen=True)
class Words:
    """What a version of an article says."""

    title: str
    answer: str
    variants: tuple[str, ...] = ()
    laws: tuple[Basis, ...] = ()
    category_code: str | None = None
    region_code: str | None = None
    note: str | None = None


def add(
    session: Session, words: Words, owner_id: int, *, actor: Actor, now: dt.datetime
) -> Article:
    """Write a new article, which waits for approval by another person.

    Raises:
        Forbidden: *actor* may not.
        Invalid: The title or the answer is missing, or something is too long.
    """
    require(actor, Permission.KNOWLEDGE_WRITE)
    _check(words)
    article = Article(owner_id=owner_id, draft=1)
    session.add(article)
    session.flush()
    _write(session, article, 1, words, actor=actor, now=now)
    return article


def revise(
    session: Session,
    article_id: int,
    words: Words,
    owner_id: int,
    *,
    actor: Actor,
    now: dt.datetime,
    version: int | None = None,
) -> Article:
    """Write the next version of an article; the one in force stays so until it is approved.

    Raises:
        Stale: Somebody changed it since *version*.
        GuardFailed: It was withdrawn.
        Invalid: As for `add`.
    """
    article = _open(session, article_id, actor)
    require_unchanged(article.version, version)
    _check(words)
    newest = select(func.max(ArticleVersion.number)).where(ArticleVersion.article_id == article_id)
    article.owner_id = owner_id
    article.draft = (session.scalar(newest) or 0) + 1
    _write(session, article, article.draft, words, actor=actor, now=now)
    return article


def approve(
    session: Session,
    article_id: int,
    number: int,
    review_on: dt.date,
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Put the version that waits into force.

    Raises:
        Stale: Another version waits by now, or none.
        GuardFailed: Whoever wrote it asks, or the article was withdrawn.
        Invalid: The day of review is past, or more than half a year away.
    """
    article = _open(session, article_id, actor)
    if article.draft != number:
        raise Stale
    words = queries.version(session, article_id, number)
    if words.written_by is not None and words.written_by == actor.id:
        raise GuardFailed(N_("写的人不能自己批准，请另一人批准。"), guard="another_person")
    _check_review(review_on, now)
    words.approved_by, words.approved_at = actor.id, now
    article.in_force, article.draft, article.review_on = number, None, review_on
    asked = (words.title, *words.variants)
    basis = queries.laws(session, [words.id])[words.id]
    answer = " ".join((words.answer, *(each.law for each in basis)))
    keys = matching.keys(asked, answer)
    lookup.write(session, ArticleKey, ArticleKey.article_id, article_id, keys)
    _note(session, actor, "approve", article, now, number=number)


def reviewed(
    session: Session, article_id: int, review_on: dt.date, *, actor: Actor, now: dt.datetime
) -> None:
    """Say that what is in force was looked at and still holds.

    Raises:
        GuardFailed: Nothing is in force.
        Invalid: The day of the next review is past, or more than half a year away.
    """
    article = _open(session, article_id, actor)
    if article.in_force is None:
        raise GuardFailed(N_("还没有批准过，没有可以复核的内容。"), guard="in_force")
    _check_review(review_on, now)
    article.review_on = review_on
    _note(session, actor, "review", article, now, review_on=str(review_on))


def withdraw(
    session: Session, article_id: int, why: str, *, actor: Actor, now: dt.datetime
) -> None:
    """Take an article down for good: it is found no more, what was answered with it stays.

    Raises:
        GuardFailed: It was withdrawn already.
        Invalid: There is no reason.
    """
    article = _open(session, article_id, actor)
    if not why.strip():
        raise Invalid({"why": MISSING})
    article.withdrawn_at, article.withdrawn_why = now, why.strip()[:200]
    lookup.write(session, ArticleKey, ArticleKey.article_id, article_id, ())
    _note(session, actor, "withdraw", article, now)


def _open(session: Session, article_id: int, actor: Actor) -> Article:
    require(actor, Permission.KNOWLEDGE_WRITE)
    article = queries.by_id(session, article_id)
    if article.withdrawn_at is not None:
        raise GuardFailed(N_("条目已经撤下，请另写一条。"), guard="not_withdrawn")
    return article


def _write(
    session: Session, article: Article, number: int, words: Words, *, actor: Actor, now: dt.datetime
) -> None:
    row = ArticleVersion(
        article_id=article.id, number=number, title=words.title.strip(),
        variants=list(words.variants), answer=words.answer.strip(),
        category_code=words.category_code, region_code=words.region_code, note=words.note,
        written_by=actor.id, written_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    session.add_all(
        ArticleLaw(version_id=row.id, place=place, law=each.law, article=each.article)
        for place, each in enumerate(words.laws, 1)
    )
    session.flush()
    _note(session, actor, "write", article, now, number=number)


def _check(words: Words) -> None:
    lengths = {
        "title": (words.title.strip(), LONGEST_TITLE),
        "answer": (words.answer.strip(), LONGEST_ANSWER),
    }
    wrong = {name: TOO_LONG for name, (text, most) in lengths.items() if len(text) > most}
    wrong |= {name: MISSING for name, (text, _) in lengths.items() if not text}
    if any(len(each) > LONGEST_TITLE for each in words.variants):
        wrong["variants"] = TOO_LONG
    if len(words.variants) > MOST_VARIANTS:
        wrong["variants"] = N_("最多 12 种问法")
    if len(words.laws) > MOST_LAWS:
        wrong["laws"] = N_("最多 20 条")
    if wrong:
        raise Invalid(wrong)


def _check_review(review_on: dt.date, now: dt.datetime) -> None:
    today = local(now).date()
    if not today < review_on <= latest_review(today):
        raise Invalid({"review_on": N_("复核日期须在今天之后、半年之内")})


def _note(
    session: Session, actor: Actor, act: str, article: Article, now: dt.datetime, **detail: object
) -> None:
    audit.note(session, actor, f"article.{act}", f"article:{article.id}", now=now, **detail)
