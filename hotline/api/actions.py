"""One transition of the state table by request, and the approvals some of them need."""

from http import HTTPStatus
from typing import Any

from hotline.api import shapes
from hotline.api.endpoint import Asked, Model, Operation, Reply, endpoint, id_of, read_object
from hotline.core.errors import Invalid, NotFound
from hotline.core.roles import Permission
from hotline.core.words import N_
from hotline.staff import queries as staff
from hotline.surveys import actions as desk
from hotline.tickets import queries, service
from hotline.tickets.models import Ticket
from hotline.tickets.records import Approval
from hotline.tickets.states import Action


class Decision(Model):
    """What a second person decides."""

    decision: str
    reason: str | None = None


@endpoint(
    Operation(
        "POST",
        "/tickets/<number>/actions/<action>",
        "take one transition of the state table",
        Permission.TICKET_ACT,
        shapes.TicketShape,
        raw=True,
    )
)
def act(asked: Asked, number: str, action: str) -> Model | Reply:
    """Do *action*, or ask for the second person it needs (202)."""
    given = read_object()
    version = _version(given)
    ticket = queries.by_number(asked.session, asked.actor, number, lock=True)
    done = desk.perform(
        asked.session,
        ticket,
        _action(action),
        given,
        actor=asked.actor,
        now=asked.now,
        version=version,
    )
    if isinstance(done, Approval):
        return Reply(HTTPStatus.ACCEPTED, approval(asked, done, ticket))
    return shapes.whole(asked.session, ticket, asked.actor, asked.now)


@endpoint(
    Operation(
        "POST",
        "/approvals/<approval_id>",
        "approve or deny what waits for a second person",
        Permission.TICKET_ACT,
        shapes.TicketShape,
        body=Decision,
    )
)
def decide(asked: Asked, approval_id: str) -> Model:
    """Decide as the second person; an approved step is carried out at once."""
    verdicts = {"approve": True, "approved": True, "deny": False, "denied": False}
    if asked.body.decision not in verdicts:
        raise Invalid({"decision": N_("approve 或 deny")})
    request, ticket = queries.approval(asked.session, asked.actor, id_of(approval_id))
    service.decide(
        asked.session,
        request,
        ticket,
        approve=verdicts[asked.body.decision],
        reason=asked.body.reason,
        actor=asked.actor,
        now=asked.now,
    )
    return shapes.whole(asked.session, ticket, asked.actor, asked.now)


def approval(asked: Asked, request: Approval, ticket: Ticket) -> shapes.ApprovalShape:
    """Return a request for approval as programs see it."""
    return shapes.ApprovalShape(
        approval=str(request.id),
        action=request.action,
        ticket=ticket.number,
        asked_by=staff.by_id(asked.session, request.asked_by).login,
        asked_at=request.asked_at,
        decision=request.decision,
    )


def _action(text: str) -> Action:
    try:
        return Action(text)
    except ValueError:
        raise NotFound from None


def _version(given: dict[str, Any]) -> int | None:
    version = given.pop("version", None)
    if version is not None and (not isinstance(version, int) or isinstance(version, bool)):
        raise Invalid({"version": N_("内容不合要求")})
    return version
