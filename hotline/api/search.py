"""Tickets by the words in them, by request: each as the asker may read it."""

from collections.abc import Sequence

from hotline.api import shapes
from hotline.api.endpoint import Asked, Model, Operation, endpoint
from hotline.api.tickets import Limit
from hotline.core.roles import Permission
from hotline.search import queries
from hotline.tickets import queries as tickets


class WordsQuery(Model):
    """The words that a ticket must hold, all of them."""

    q: str
    limit: Limit = 50
    cursor: str | None = None


class HitShape(shapes.TicketLine):
    """A ticket that holds the words; `excerpt` is what stands before, the hit, what follows."""

    excerpt: Sequence[str] | None


@endpoint(
    Operation(
        "GET", "/search", "tickets that hold some words, newest first", Permission.TICKET_READ,
        shapes.Listed[HitShape], query=WordsQuery,
    )
)  # fmt: skip
def find(asked: Asked) -> Model:
    """List the tickets whose words, notes or results hold what is asked.

    A page may be short or empty and still have another after it.
    """
    query = asked.query
    page = queries.find(asked.session, asked.actor, query.q, cursor=query.cursor, limit=query.limit)
    rows = tickets.shown(asked.session, asked.actor, [hit.line.id for hit in page.items])
    known = shapes.names(asked.session, list(rows.values()))
    items = [
        HitShape(
            **shapes.line(rows[hit.line.id], known, asked.now).model_dump(), excerpt=hit.excerpt
        )
        for hit in page.items
    ]
    return shapes.Listed[HitShape](items=items, next=page.next)
