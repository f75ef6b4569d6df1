"""What stands beside the state of a ticket, by request: tags, demands, links, receipts, undo."""

from http import HTTPStatus
from typing import Annotated, Final, Literal

from pydantic import Field

from hotline.api import shapes
from hotline.api.endpoint import Asked, Model, Operation, endpoint, id_of
from hotline.api.tickets import locked, whole
from hotline.core.errors import NotFound
from hotline.core.roles import Permission
from hotline.tickets import demands, links, queries, splitting, tags, undo, urging
from hotline.tickets.links import LinkKind
from hotline.tickets.records import Urging

ACT, WRITE = Permission.TICKET_ACT, Permission.TICKET_WRITE
Id = Annotated[str, Field(pattern=r"^\d{1,19}$")]
MADE: Final = HTTPStatus.CREATED


class TagName(Model):
    """A tag by its name."""

    tag: Annotated[str, Field(min_length=1, max_length=tags.LONGEST)]


class Line(Model):
    """One thing the caller asks for."""

    text: Annotated[str, Field(min_length=1, max_length=demands.LONGEST)]


class Link(Model):
    """Another ticket's number, and why the two belong together."""

    other: str
    kind: Literal[LinkKind.RELATED, LinkKind.EMPLOYER, LinkKind.FOLLOW_UP]


class Parting(Model):
    """The ids of the demands that go on as a ticket of their own."""

    demands: Annotated[list[Id], Field(min_length=1)]


class Receipt(Model):
    """What whoever holds the matter answers to an urging; supervision wants words."""

    text: Annotated[str, Field(max_length=1000)] = ""


class Nothing(Model):
    """A body without fields."""


def _post(
    path: str, summary: str, body: type[Model], *, by: Permission = WRITE, status: int = MADE
) -> Operation:
    address = f"/tickets/<number>{path}"
    return Operation("POST", address, summary, by, shapes.TicketShape, body=body, status=status)


@endpoint(_post("/tags", "put a tag on a ticket", TagName))
def add_tag(asked: Asked, number: str) -> Model:
    """Put a tag on the ticket."""
    ticket = locked(asked, number)
    tags.add(asked.session, ticket, asked.body.tag, actor=asked.actor, now=asked.now)
    return whole(asked, ticket)


@endpoint(_post("/tags/remove", "take a tag off a ticket", TagName, status=HTTPStatus.OK))
def remove_tag(asked: Asked, number: str) -> Model:
    """Take a tag off the ticket, a retired one too."""
    ticket = locked(asked, number)
    tags.remove(asked.session, ticket, asked.body.tag, actor=asked.actor, now=asked.now)
    return whole(asked, ticket)


@endpoint(_post("/demands", "write down what the caller asks for", Line))
def add_demand(asked: Asked, number: str) -> Model:
    """Write down one more thing the caller asks for."""
    ticket = locked(asked, number)
    demands.add(asked.session, ticket, asked.body.text, actor=asked.actor, now=asked.now)
    return whole(asked, ticket)


@endpoint(_post("/demands/<demand>/withdraw", "strike a demand out", Nothing, status=HTTPStatus.OK))
def withdraw_demand(asked: Asked, number: str, demand: str) -> Model:
    """Note that the caller no longer asks for it."""
    ticket = locked(asked, number)
    demands.withdraw(asked.session, ticket, id_of(demand), actor=asked.actor, now=asked.now)
    return whole(asked, ticket)


@endpoint(_post("/links", "link two tickets", Link))
def link(asked: Asked, number: str) -> Model:
    """Note on both tickets that they belong together."""
    ticket = locked(asked, number)
    other = queries.by_number(asked.session, asked.actor, asked.body.other)
    kind = LinkKind(asked.body.kind)
    links.link(asked.session, ticket, other, kind, actor=asked.actor, now=asked.now)
    return whole(asked, ticket)


@endpoint(_post("/links/<link_id>/end", "end a link", Nothing, status=HTTPStatus.OK))
def unlink(asked: Asked, number: str, link_id: str) -> Model:
    """Note on both that they do not belong together after all."""
    ticket = locked(asked, number)
    links.unlink(asked.session, ticket, id_of(link_id), actor=asked.actor, now=asked.now)
    return whole(asked, ticket)


@endpoint(_post("/split", "let demands go on as a ticket of their own", Parting))
def split(asked: Asked, number: str) -> Model:
    """Split a ticket; the new one is given."""
    chosen = [int(each) for each in asked.body.demands]
    ticket = locked(asked, number)
    new = splitting.split(asked.session, ticket, chosen, actor=asked.actor, now=asked.now)
    return whole(asked, new)


@endpoint(_post("/urges/<urge>/receipt", "answer an urging", Receipt, status=HTTPStatus.OK))
def receipt(asked: Asked, number: str, urge: str) -> Model:
    """Answer an urging as whoever holds the matter."""
    ticket = locked(asked, number)
    row = asked.session.get(Urging, id_of(urge), with_for_update=True)
    if row is None or row.ticket_id != ticket.id:
        raise NotFound
    urging.answer(asked.session, ticket, row, asked.body.text, actor=asked.actor, now=asked.now)
    return whole(asked, ticket)


@endpoint(_post("/undo", "take one's last action back", Nothing, by=ACT, status=HTTPStatus.OK))
def take_back(asked: Asked, number: str) -> Model:
    """Take one's last action back within ten seconds."""
    ticket = locked(asked, number)
    undo.undo(asked.session, ticket, actor=asked.actor, now=asked.now)
    return whole(asked, ticket)
