"""Tickets that belong together: merging with both sides in view, links, splitting in two."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.core.db import Session, reading, transaction
from hotline.core.doors import current_actor, permits
from hotline.core.errors import Invalid, NotFound
from hotline.core.language import _
from hotline.core.roles import Actor, Permission
from hotline.core.rows import id_in
from hotline.core.time import utcnow
from hotline.core.words import N_
from hotline.masses import queries as masses
from hotline.masses.models import MassGroup
from hotline.tickets import demands, duplicates, joining, links, queries, splitting
from hotline.tickets.duplicates import Duplicate
from hotline.tickets.likeness import Matter
from hotline.tickets.links import BY_HAND, Linked, LinkKind
from hotline.tickets.models import Ticket
from hotline.tickets.queries import Story
from hotline.tickets.records import EventKind
from hotline.tickets.sight import central
from hotline.tickets.states import Action
from hotline.tickets.veils import all_seen, seen
from hotline.web import forms
from hotline.web.work import back, ticket_of, write
from hotline.workers import queries as workers

bp = Blueprint("joins", __name__, url_prefix="/tickets/<number>")


class Joins(NamedTuple):
    """What the card shows: what was merged in, where it went, links, the mass matter it is of."""

    into: Any
    merged: Sequence[tuple[Any, Sequence[Any]]]
    linked: Sequence[Linked]
    splits: bool
    group: MassGroup | None


class Half(NamedTuple):
    """One of two tickets that may become one, as the preview shows it."""

    ticket: Any
    caller: Any
    demands: Sequence[Any]
    counts: Mapping[EventKind, int]
    files: int


def of_ticket(session: Session, actor: Actor, ticket: Ticket, story: Story) -> Joins:
    """Return what belongs to *ticket* as *actor* may see it."""
    asked = _demands(session, [row.id for row in story.merged], story)
    held = joining.holder(session, ticket)
    into = queries.shown(session, actor, [held.id])[held.id] if held is not ticket else None
    return Joins(
        into=into,
        merged=[(row, asked[row.id]) for row in story.merged],
        linked=[_as_seen(session, actor, each) for each in links.of(session, actor, ticket)],
        splits=ticket.state in splitting.SPLITS and story.sight.clear,
        group=masses.of_ticket(session, ticket.id) if central(actor) else None,
    )


def _as_seen(session: Session, actor: Actor, each: Linked) -> Linked:
    if each.ticket is None:
        return each
    return Linked(each.link, queries.as_seen(session, actor, [each.ticket])[0])


def _demands(session: Session, ids: Iterable[int], story: Story) -> dict[int, Sequence[Any]]:
    return {id_: all_seen(demands.of(session, id_), story.sights) for id_ in ids}


@bp.get("/merge")
@permits(Permission.TICKET_ACT)
def preview(number: str) -> ResponseReturnValue:
    """Show both tickets side by side, what moves and what stays; or those it may be merged into."""
    actor, target = current_actor(), request.args.get("target", "").strip()
    with reading() as session:
        ticket = queries.by_number(session, actor, number)
        other = _wanted(session, actor, target) if target else None
        if "HX-Request" in request.headers:  # the form only asks whether there is such a ticket
            return forms.done(request.full_path)
        return render_template(
            "joins/merge.html",
            half=_half(session, actor, ticket),
            other=_half(session, actor, other) if other else None,
            offered=Action.MERGE in queries.allowed(session, ticket, actor, utcnow()),
            found=() if target else _alike(session, actor, ticket),
        )


@bp.post("/links")
@permits(Permission.TICKET_WRITE)
def link(number: str) -> ResponseReturnValue:
    """Link it with another ticket."""
    actor, now = current_actor(), utcnow()
    kind = forms.member(LinkKind, request.form.get("kind"))
    if kind not in BY_HAND:
        raise Invalid({"kind": N_("请填写")})

    def work(session: Session) -> None:
        other = _wanted(session, actor, request.form.get("other", "").strip())
        links.link(session, ticket_of(session, number), other, kind, actor=actor, now=now)

    transaction(work)
    return back(number, _("已关联"))


@bp.post("/links/<int:link_id>/end")
@permits(Permission.TICKET_WRITE)
def unlink(number: str, link_id: int) -> ResponseReturnValue:
    """End a link; both timelines keep that it was there."""
    return write(number, _("已解除关联"), links.unlink, link_id)


@bp.post("/split")
@permits(Permission.TICKET_WRITE)
def split(number: str) -> ResponseReturnValue:
    """Let the demands that were ticked go on as a ticket of their own."""
    actor, now = current_actor(), utcnow()
    chosen = [each for text in request.form.getlist("demand") if (each := id_in(text))]

    def work(session: Session) -> str:
        ticket = ticket_of(session, number)
        return splitting.split(session, ticket, chosen, actor=actor, now=now).number

    new = transaction(work)
    return forms.done(url_for("web.tickets.show", number=new), _("已拆出工单 %(n)s", n=new))


def _wanted(session: Session, actor: Actor, number: str) -> Ticket:
    try:
        return queries.by_number(session, actor, number)
    except NotFound:
        raise Invalid({"target": N_("没有这个工单号")}) from None


def _half(session: Session, actor: Actor, ticket: Ticket) -> Half:
    story = queries.story(session, actor, ticket)
    own = [event.kind for event in story.events if event.ticket_id == ticket.id]
    worker = workers.by_id(session, ticket.worker_id) if ticket.worker_id else None
    return Half(
        ticket=story.ticket,
        caller=seen(worker, story.sight) if worker else None,
        demands=_demands(session, [ticket.id], story)[ticket.id],
        counts={kind: own.count(kind) for kind in (EventKind.CALLER, EventKind.NOTE)},
        files=sum(file.ticket_id == ticket.id for file in story.attachments),
    )


def _alike(session: Session, actor: Actor, ticket: Ticket) -> list[Duplicate]:
    named = (ticket.employer_id, ticket.employer_key)
    matter = Matter(
        worker_id=ticket.worker_id,
        employers=frozenset(each for each in named if each is not None),
        project_key=ticket.project_key,
        region=ticket.region_code,
        category=ticket.category_code,
    )
    found = duplicates.similar(session, actor, matter)
    return [each for each in found if each.line.id != ticket.id]
