"""The review desk: results that wait for another person, the longest waiting first."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from hotline.core.db import Session, reading
from hotline.core.doors import current_actor, permits
from hotline.core.roles import Actor, Permission
from hotline.staff import queries as staff
from hotline.tickets import demands, findings, reviewing
from hotline.tickets.findings import Finding
from hotline.tickets.models import Ticket
from hotline.tickets.records import TicketResult
from hotline.tickets.review import Looked, Remark, remarks
from hotline.tickets.states import State
from hotline.workers.models import Worker

bp = Blueprint("reviews", __name__, url_prefix="/reviews")

SHOWN = 50


class Review(NamedTuple):
    """A result beside what was asked: facts not told, and what the program noticed."""

    result: TicketResult
    submitter: str
    missing: Sequence[Finding]
    remarks: Sequence[Remark]


def of_ticket(
    session: Session, ticket: Ticket, result: TicketResult | None, worker: Worker | None
) -> Review | None:
    """Return what a reviewer of *ticket* looks at, while its result waits."""
    if ticket.state is not State.RESULT_REVIEW or result is None:
        return None
    missing = findings.missing(result.fields, findings.of(ticket.category_code, ticket.demand_type))
    people = staff.staff_by_ids(session, [result.submitted_by or 0])
    return Review(
        result,
        next((person.name for person in people.values()), "–"),
        missing,
        remarks(_looked(session, ticket, result, worker, len(missing))),
    )


def _looked(
    session: Session, ticket: Ticket, result: TicketResult, worker: Worker | None, missing: int
) -> Looked:
    secrets = (worker.phone, worker.name) if worker else ()
    return Looked(
        reply=result.reply,
        outcome=result.outcome,
        way=result.contact_way,
        demands=[d.outcome for d in demands.of(session, ticket.id) if not d.withdrawn_at],
        twin=bool(reviewing.twins(session, [result])),
        missing=missing,
        secrets=[said.removeprefix("+86") for said in secrets if said],
    )


@bp.get("")
@permits(Permission.REVIEW)
def index() -> ResponseReturnValue:
    """Show the results that wait, and which of them are for the reader."""
    actor = current_actor()
    with reading() as session:
        lines = reviewing.queue(session, actor, limit=SHOWN)
        return render_template("reviews/index.html", lines=lines, mine=_mine(actor, lines))


def _mine(actor: Actor, lines: Sequence[Any]) -> Sequence[str]:
    return [line.number for line in lines if line.handler_id != actor.id]
