"""What a cycle came to: its result as a row, and an outcome for each thing that was asked for."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from hotline.core.errors import Invalid
from hotline.core.privacy import blind_index
from hotline.core.roles import Actor
from hotline.core.words import N_
from hotline.knowledge import basis
from hotline.knowledge import queries as knowledge
from hotline.tickets import clocks, demands
from hotline.tickets.contact import Way
from hotline.tickets.joining import joined
from hotline.tickets.models import Outcome, Ticket
from hotline.tickets.records import TicketResult


def row(
    session: Session,
    ticket: Ticket,
    outcome: Outcome,
    given: Mapping[str, Any],
    *,
    actor: Actor,
    now: dt.datetime,
) -> TicketResult:
    """Return the result of the present cycle as it was *given*."""
    took = clocks.of_ticket(session, ticket)
    return TicketResult(
        ticket_id=ticket.id,
        cycle=ticket.cycle,
        outcome=outcome,
        reply=given["reply"],
        reply_key=reply_key(given["reply"]),
        internal=given.get("internal"),
        **_contact(given.get("contact")),
        fields=given.get("fields", {}),
        due_at=ticket.due_at,
        gross_seconds=round(took.gross(now).total_seconds()),
        net_seconds=round(took.net(now).total_seconds()),
        article_version_id=given.get("article"),
        submitted_by=actor.id,
        submitted_at=now,
    )


def cited(session: Session, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return for the timeline the law of the article that is answered with.

    Raises:
        Invalid: It was never approved, or is withdrawn.
    """
    if (version_id := given.get("article")) is None:
        return {}
    if knowledge.usable(session, version_id) is None:
        raise Invalid({"article": N_("这一版没有批准或已经撤下，请另选")})
    return {"basis": basis.written(knowledge.laws(session, [version_id])[version_id])}


def reply_key(reply: str) -> bytes:
    """Return the look-up form of a reply, blind to spaces, width and case."""
    return blind_index("reply:" + "".join(reply.split()).casefold())


def settle_demands(
    session: Session, ticket: Ticket, outcomes: Mapping[str, str], *, now: dt.datetime
) -> None:
    """Give each demand the outcome named for its place; those bounced keep theirs if unnamed.

    Raises:
        Invalid: A demand that was not taken back is left without one, or there is no such place.
    """
    lines = demands.of(session, ticket.id)
    places = {str(place): each for place, each in enumerate(lines, 1) if not each.withdrawn_at}
    faults = {f"demands.{place}": N_("没有这一项") for place in outcomes if place not in places}
    for place, demand in places.items():
        if named := outcomes.get(place):
            demands.settle(demand, Outcome(named), None, now=now)
        elif demand.open:
            faults[f"demands.{place}"] = N_("每项诉求都要有结果")
    if faults:
        raise Invalid(faults)


def settle_rest(session: Session, ticket: Ticket, outcome: Outcome, *, now: dt.datetime) -> None:
    """Let every demand that is still open share the *outcome* of the whole."""
    for demand in demands.of(session, ticket.id):
        if demand.open:
            demands.settle(demand, outcome, None, now=now)


def open_again(session: Session, ticket: Ticket) -> None:
    """Let the demands wait for the outcome of a new cycle; the old ones stand in the timeline.

    Those of the tickets merged into it wait with them.
    """
    for each in (ticket, *joined(session, ticket)):
        for demand in demands.of(session, each.id):
            demand.outcome = demand.outcome_note = demand.settled_at = None


def _contact(given: str | Mapping[str, str] | None) -> dict[str, Any]:
    if given is None or isinstance(given, str):
        return {"contact": given}
    at = given.get("at")
    return {
        "contact": given.get("note"),
        "contact_way": Way(given["way"]),
        "contact_at": dt.datetime.fromisoformat(at).astimezone(dt.UTC) if at else None,
        "contact_reason": given.get("reason"),
    }
