"""Articles, their versions and law, the keys they are found by, and what nobody found."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hotline.core.db import Base, BigInt

IN_FORCE = text("in_force IS NOT NULL AND withdrawn_at IS NULL")
WAITING = text("draft IS NOT NULL AND withdrawn_at IS NULL")
WITHDRAWN = text("withdrawn_at IS NOT NULL")


class Article(Base):
    """One question the hotline answers.

    Attributes:
        version: Of this row; the words have versions of their own.
        owner_id: The unit that keeps it true.
        in_force: The number of the version that is answered with; None before the first approval.
        draft: The number of the version that waits for approval.
        review_on: When somebody looks at it again; what is past it is marked.
    """

    __tablename__ = "article"
    __table_args__ = (
        CheckConstraint("in_force IS NOT NULL OR draft IS NOT NULL", name="has_words"),
        CheckConstraint("(in_force IS NULL) = (review_on IS NULL)", name="in_force_is_reviewed"),
        CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_why IS NULL)", name="withdrawn_with_reason"
        ),
        Index("ix_article_in_force", "id", postgresql_where=IN_FORCE, sqlite_where=IN_FORCE),
        Index(
            "ix_article_review", "review_on", "id",
            postgresql_where=IN_FORCE, sqlite_where=IN_FORCE,
        ),
        Index("ix_article_waiting", "id", postgresql_where=WAITING, sqlite_where=WAITING),
        Index("ix_article_withdrawn", "id", postgresql_where=WITHDRAWN, sqlite_where=WITHDRAWN),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    owner_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    in_force: Mapped[int | None]
    draft: Mapped[int | None]
    review_on: Mapped[dt.date | None]
    withdrawn_at: Mapped[dt.datetime | None]
    withdrawn_why: Mapped[str | None] = mapped_column(String(200))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's form; two cannot both win


class ArticleVersion(Base):
    """The words of an article as somebody wrote them; a trigger keeps them as they are.

    Attributes:
        variants: Other ways in which callers ask.
        answer: For speaking: what an operator reads out.
        category_code, region_code: What it is about, and where it holds; None for everywhere.
        note: What changed, in the writer's words.
        written_by: None for what came with the program: any one person may approve that.
    """

    __tablename__ = "article_version"
    __table_args__ = (
        UniqueConstraint("article_id", "number"),
        CheckConstraint("approved_by <> written_by", name="approved_by_another"),
        CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL)", name="approved_when"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    variants: Mapped[list[str]] = mapped_column(default=list)
    answer: Mapped[str] = mapped_column(String(400))
    category_code: Mapped[str | None] = mapped_column(ForeignKey("category.code"))
    region_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"))
    note: Mapped[str | None] = mapped_column(String(200))
    written_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    written_at: Mapped[dt.datetime]
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    approved_at: Mapped[dt.datetime | None]


class ArticleLaw(Base):
    """An article of a law that a version rests on."""

    __tablename__ = "article_law"
    __table_args__ = (Index(None, "law", "article"),)

    version_id: Mapped[int] = mapped_column(ForeignKey("article_version.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    law: Mapped[str] = mapped_column(String(60))
    article: Mapped[str] = mapped_column(String(20))


class ArticleKey(Base):
    """A key under which an approved article is found."""

    __tablename__ = "article_key"

    key: Mapped[str] = mapped_column(String(8), primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), primary_key=True, index=True)


class MissedSearch(Base):
    """Words that were searched for and found nothing, by day."""

    __tablename__ = "missed_search"

    day: Mapped[dt.date] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(String(40), primary_key=True)
    times: Mapped[int] = mapped_column(default=1)


class LawChange(Base):
    """A law, or one article of it, that was amended: what was answered with it is looked at again.

    Attributes:
        article: None for the whole law.
    """

    __tablename__ = "law_change"

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    law: Mapped[str] = mapped_column(String(60))
    article: Mapped[str | None] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(String(200))
    noted_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    noted_at: Mapped[dt.datetime]
