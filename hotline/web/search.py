"""One box for everything: a ticket's number opens it, other words are looked up everywhere."""

import datetime as dt
from typing import Any, Final

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.core.db import Session, reading
from hotline.core.doors import current_actor, permits
from hotline.core.errors import NotFound
from hotline.core.paging import Page
from hotline.core.roles import Actor, Permission
from hotline.core.time import utcnow
from hotline.employers import queries as employers
from hotline.knowledge import queries as knowledge
from hotline.search import queries as in_words
from hotline.search.queries import Hit
from hotline.telephony.numbers import normalise
from hotline.tickets import queries
from hotline.tickets.narrowing import Filter
from hotline.web import forms

bp = Blueprint("search", __name__, url_prefix="/search")

SHOWN: Final = 8  # of each sort; the rest stands behind a link
PAGE: Final = 50
NOTHING: Final[Page[Hit]] = Page((), None)
LATE: Final = dt.timedelta(seconds=10)  # after which it is said that newer words are not found yet


@bp.get("")
@permits(Permission.TICKET_READ)
def show() -> ResponseReturnValue:
    """Open the ticket of that number, or show what is called so, each sort by itself."""
    actor, asked = current_actor(), request.args.get("q", "").strip()
    with reading() as session:
        try:
            queries.by_number(session, actor, asked)
        except NotFound:
            found = _found(session, actor, asked) if asked else {}
            return render_template("search/show.html", asked=asked, **found)
    return forms.done(url_for("web.tickets.show", number=asked))


@bp.get("/words")
@permits(Permission.TICKET_READ)
def words() -> ResponseReturnValue:
    """List the tickets whose words hold what is asked, page by page."""
    actor, asked = current_actor(), request.args.get("q", "").strip()
    cursor = request.args.get("cursor")
    with reading() as session:
        page = in_words.find(session, actor, asked, cursor=cursor, limit=PAGE)
        behind = in_words.behind(session, LATE, now=utcnow())
        known = {"asked": asked, "findable": in_words.can_find(asked), "behind": behind}
        return render_template("search/words.html", page=page, **known)


def _found(session: Session, actor: Actor, asked: str) -> dict[str, Any]:
    """Return the tickets of that caller or employer or with those words, and what registers hold.

    Whoever may not use a register is not shown what it holds.
    """
    number = normalise(asked)
    wanted = Filter(caller=number) if number else Filter(q=asked)
    page = queries.lines(session, actor, wanted, cursor=None, limit=SHOWN, now=utcnow())
    if number:
        return {"tickets": page, "rest": {"caller": number}, "told": NOTHING}
    writes, reads = (
        actor.may(each) for each in (Permission.TICKET_WRITE, Permission.KNOWLEDGE_READ)
    )
    return {
        "tickets": page,
        "rest": {"q": asked},
        "told": _told(session, actor, asked, {line.id for line in page.items}),
        "behind": in_words.behind(session, LATE, now=utcnow()),
        "named": [each.employer for each in employers.find(session, asked, SHOWN)]
        if writes
        else [],
        "articles": knowledge.find(session, asked, SHOWN) if reads else [],
    }


def _told(session: Session, actor: Actor, asked: str, shown: set[int]) -> Page[Hit]:
    page = in_words.find(session, actor, asked, cursor=None, limit=SHOWN)
    return Page([hit for hit in page.items if hit.line.id not in shown], page.next)
