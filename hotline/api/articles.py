"""Articles by request: what is approved, each with the id that a reply names."""

import datetime as dt
from collections.abc import Sequence

from hotline.api import shapes
from hotline.api.endpoint import Asked, Model, Operation, endpoint
from hotline.api.tickets import Limit
from hotline.core.language import local
from hotline.core.roles import Permission
from hotline.knowledge import basis, queries
from hotline.knowledge.queries import Entry, View


class ArticleQuery(Model):
    """What a list of articles is narrowed to; words give the best hits on one page."""

    q: str | None = None
    limit: Limit = 50
    cursor: str | None = None


class ArticleShape(Model):
    """An article as it is answered with; `id` is that of the version, for `article` of a reply."""

    id: str
    number: int
    title: str
    variants: Sequence[str]
    answer: str
    laws: Sequence[str]
    category: str | None
    region: str | None
    review_on: dt.date | None


@endpoint(
    Operation(
        "GET", "/articles", "approved articles", Permission.KNOWLEDGE_READ,
        shapes.Listed[ArticleShape], query=ArticleQuery,
    )
)  # fmt: skip
def listed(asked: Asked) -> Model:
    """List articles, the newest first, or those that hold the words asked for."""
    query, today = asked.query, local(asked.now).date()
    if query.q:
        found = queries.find(asked.session, query.q, limit=query.limit)
        return shapes.Listed[ArticleShape](items=[_shape(each) for each in found], next=None)
    page = queries.page(asked.session, View.IN_FORCE, today, cursor=query.cursor, limit=query.limit)
    return shapes.Listed[ArticleShape](items=[_shape(each) for each in page.items], next=page.next)


def _shape(entry: Entry) -> ArticleShape:
    words = entry.words
    return ArticleShape(
        id=str(words.id),
        number=words.number,
        title=words.title,
        variants=words.variants,
        answer=words.answer,
        laws=basis.written(entry.laws),
        category=words.category_code,
        region=words.region_code,
        review_on=entry.article.review_on,
    )
