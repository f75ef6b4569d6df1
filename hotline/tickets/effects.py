"""What each action does besides moving the state: one small function an action."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core.errors import Invalid, NotFound
from hotline.core.roles import Actor
from hotline.core.words import N_
from hotline.tickets import (
    assisting,
    clocks,
    confidence,
    joining,
    reaching,
    replies,
    results,
    sealing,
    timeline,
    urging,
)
from hotline.tickets.cycle import Entry, Why
from hotline.tickets.guards import MOST_REFUSALS, Case
from hotline.tickets.intake import CENTRE_ID
from hotline.tickets.models import Outcome, SurveyOutcome, Ticket
from hotline.tickets.records import EventKind, Obligation, TicketResult
from hotline.tickets.states import Action, State
from hotline.units import queries as units
from hotline.units.models import Unit


@dataclass(frozen=True)
class Step:
    """One action being carried out."""

    session: Session
    ticket: Ticket
    fields: dict[str, Any]
    actor: Actor
    now: dt.datetime
    case: Case
    source: State  # where the ticket stood
    detail: dict[str, Any]  # codes for the timeline, filled by the effect


def take(step: Step) -> None:
    """The hotline's own unit handles it; who takes it is its handler."""
    step.ticket.handler_id = step.actor.id


def dispatch(step: Step) -> None:
    """Give the matter to the lead unit, by default the one the routing table proposes."""
    ticket = step.ticket
    if code := step.fields.get("unit"):
        unit = unit_named(step.session, code)
        reason = f"{step.actor.name} → {unit.name}"
    else:
        proposal = units.route(
            step.session,
            region=str(ticket.region_code),
            category=str(ticket.category_code),
            now=step.now,
        )
        unit, reason = units.by_id(step.session, proposal.unit_id), proposal.reason
    ticket.route_reason = reason
    _hand_to(step, unit)
    for code in step.fields.get("assisting", []):
        helper = unit_named(step.session, code, "assisting")
        confidence.forbid(step.session, ticket, helper)
        assisting.enlist(step.session, ticket, helper, now=step.now)


def sign(step: Step) -> None:
    """Whoever signs for the lead unit is the handler; what is in time stays on record."""
    limit = step.ticket.step_due_at
    step.detail["late"] = limit is not None and step.now > limit
    step.detail.update(reaching.promise(step.session, step.ticket, step.now))
    step.ticket.handler_id = step.actor.id


def back_to_centre(step: Step) -> None:
    """The hotline holds the matter again; the clock runs on."""
    step.ticket.unit_id = CENTRE_ID
    step.ticket.handler_id = None
    step.ticket.return_until = None
    step.ticket.step_due_at = None


def refuse_return(step: Step) -> None:
    """Count the refusal; the second one binds. The unit must sign, the clock runs on.

    Raises:
        Invalid: The ruling that binds has no reason.
    """
    step.ticket.returns_refused += 1
    step.detail["binding"] = step.ticket.returns_refused == MOST_REFUSALS
    if step.detail["binding"] and not step.fields.get("reason"):
        raise Invalid({"reason": N_("裁定须写明理由")})
    step.ticket.handler_id = None


def hand_down(step: Step) -> None:
    """Give the matter to a subordinate unit inside the same deadline."""
    _hand_to(step, unit_named(step.session, step.fields["unit"]))


def ask_caller(step: Step) -> None:
    """Stop the net clock and tell the caller what is missing."""
    step.ticket.paused_since = step.now
    step.ticket.caller_reminders = 0
    replies.ask(step.session, step.ticket, step.fields["missing"], now=step.now)


def pause(step: Step) -> None:
    """Stop the net clock until the review date."""
    step.ticket.paused_since = step.now
    step.ticket.review_on = step.fields["review_on"]


def resume(step: Step) -> None:
    """Let the net clock run on, the deadline moved by the pause."""
    step.detail["due_from"] = step.ticket.due_at.isoformat()
    clocks.resume(step.session, step.ticket, step.source, step.now)
    step.detail["due_to"] = step.ticket.due_at.isoformat()
    step.ticket.review_on = None


def submit(step: Step) -> None:
    """Keep the result of this cycle until a reviewer has seen it.

    Raises:
        Invalid: A demand has no outcome.
    """
    step.ticket.submitted_at = step.now
    results.settle_demands(step.session, step.ticket, step.fields.get("demands", {}), now=step.now)
    _keep_result(step, Outcome(step.fields["result_code"]), approved=False)
    urging.overtake(step.session, step.ticket, actor=step.actor, now=step.now)


def bounce(step: Step) -> None:
    """The result was not good enough; the old deadline runs on."""
    step.ticket.submitted_at = None


def approve(step: Step) -> None:
    """Settle the matter as of its submission and write the caller an answer."""
    ticket = step.ticket
    result = step.session.scalars(
        select(TicketResult)
        .where(TicketResult.ticket_id == ticket.id)
        .order_by(TicketResult.id.desc())
        .limit(1)
    ).one()
    result.approved_by, result.approved_at = step.actor.id, step.now
    ticket.reviewer_id = step.actor.id
    _settle(step, result.outcome, result.submitted_at)
    replies.result(step.session, ticket, result.reply, now=step.now)


def resolve(step: Step) -> None:
    """Settle a simple matter without review.

    Raises:
        Invalid: A demand has no outcome.
    """
    results.settle_demands(step.session, step.ticket, step.fields.get("demands", {}), now=step.now)
    _settle_now(step, Outcome(step.fields["result_code"]), step.fields["reply"])
    replies.result(step.session, step.ticket, step.fields["reply"], now=step.now)


def answer_directly(step: Step) -> None:
    """Settle an inquiry with the answer that was given."""
    step.ticket.handler_id = step.actor.id
    _settle_now(step, Outcome.ANSWERED_DIRECT, step.fields["reply"])
    replies.result(step.session, step.ticket, step.fields["reply"], now=step.now)


def reject(step: Step) -> None:
    """Settle a matter that is not the hotline's, the right route told."""
    reason, route = step.fields["reason"], step.fields["route"]
    _settle_now(step, Outcome.REJECTED, route)
    replies.rejected(step.session, step.ticket, reason, route, now=step.now)


def transfer_out(step: Step) -> None:
    """Settle it as transferred; its receipt stays owed."""
    receiver = step.fields["receiver"]
    step.session.add(
        Obligation(ticket_id=step.ticket.id, kind="receipt", what=receiver, opened_at=step.now)
    )
    _settle_now(step, Outcome.TRANSFERRED, receiver)
    replies.transferred(step.session, step.ticket, receiver, now=step.now)


def withdraw(step: Step) -> None:
    """Settle it by the caller's own wish."""
    _settle_now(step, Outcome.WITHDRAWN, step.fields["reason"])


def merge(step: Step) -> None:
    """Fold the matter into another; the earlier deadline moves along."""
    ticket = step.ticket
    target: Ticket = step.case.target
    ticket.merged_into_id = target.id
    step.detail["target"] = target.number
    target.touched_at = step.now
    replies.merged(step.session, ticket, now=step.now)
    if ticket.due_at < target.due_at:
        _move_due(step, target, Why.MERGE, than=ticket.due_at.isoformat(), number=ticket.number)


def unmerge(step: Step) -> None:
    """Take the merge back; the target's deadline is counted as if it had never been.

    What was asked for waits for an outcome of its own again.
    """
    ticket = step.ticket
    target = joining.holder(step.session, ticket)
    target.touched_at = step.now
    step.detail["target"] = target.number
    results.open_again(step.session, ticket)
    _move_due(step, target, Why.UNMERGE, number=ticket.number)
    ticket.merged_into_id = None


def _move_due(step: Step, ticket: Ticket, why: Why, **detail: str) -> None:
    """Count the deadline of another *ticket* anew for what happens to it, and write that down."""
    before = ticket.due_at.isoformat()
    said: dict[str, Any] = {"why": why.value, **detail}
    clocks.wind(step.session, ticket, Entry(step.now, ticket.cycle, detail=said))
    timeline.write(
        step.session, ticket, EventKind.DEADLINE, actor=step.actor, now=step.now,
        **said, due_from=before, due_to=ticket.due_at.isoformat(),
    )  # fmt: skip


def satisfied(step: Step) -> None:
    """The worker's own word: it helped."""
    _surveyed(step, SurveyOutcome.SATISFIED)


def dissatisfied(step: Step) -> None:
    """The worker's own word: it did not help."""
    _surveyed(step, SurveyOutcome.DISSATISFIED)


def unreachable(step: Step) -> None:
    """Nobody answered; never counted as satisfied."""
    _surveyed(step, SurveyOutcome.UNREACHABLE)


def not_possible(step: Step) -> None:
    """Nobody could be asked; never counted as satisfied."""
    _surveyed(step, SurveyOutcome.NOT_POSSIBLE)
    reason = str(step.fields["reason"])
    if reason.isascii() and reason.isidentifier():  # a code of the list; own words stay sealed
        step.detail["reason"] = reason


def order_rework(step: Step) -> None:
    """Open another cycle with the same or another unit and a new deadline."""
    ticket = step.ticket
    named = step.fields.get("due_at")
    if named is not None and named <= step.now:
        raise Invalid({"due_at": N_("新的期限须在现在之后")})
    ticket.reworks += 1
    _new_cycle(step)
    code = step.fields.get("unit")
    unit = unit_named(step.session, code) if code else None
    _hand_to(step, unit or units.by_id(step.session, ticket.unit_id))
    ticket.clock_from = step.now
    given = timeline.written(step.fields)
    ordered = Entry(step.now, ticket.cycle, action=Action.ORDER_REWORK, given=given)
    clocks.wind(step.session, ticket, ordered)
    replies.rework(step.session, ticket, now=step.now)


def uphold(step: Step) -> None:
    """The result stands; the caller is told why and stays dissatisfied in the rate."""
    replies.upheld(step.session, step.ticket, step.fields["reason"], now=step.now)


def reopen(step: Step) -> None:
    """Open the matter again from the start, with a new clock."""
    step.ticket.reopens += 1
    _new_cycle(step)
    back_to_centre(step)
    clocks.start(step.session, step.ticket, step.now)


def archive(step: Step) -> None:
    """Close the book on it, and seal what stands in it."""
    step.ticket.archived_at = step.now
    step.detail["seal"] = sealing.digest(step.session, step.ticket.id)


def unseal(step: Step) -> None:
    """Open the book again."""
    step.ticket.archived_at = None


def unit_named(session: Session, code: str, field: str = "unit") -> Unit:
    """Return the unit with *code*, or name the *field* that is wrong."""
    try:
        return units.unit(session, code)
    except NotFound:
        raise Invalid({field: N_("没有这个单位")}) from None


def _hand_to(step: Step, unit: Unit) -> None:
    confidence.forbid(step.session, step.ticket, unit)
    step.ticket.unit_id = unit.id
    step.ticket.handler_id = None
    step.ticket.return_until = clocks.limit(step.session, clocks.RETURN_WINDOW, step.now)
    step.detail["unit"] = unit.code


def _keep_result(step: Step, outcome: Outcome, *, approved: bool, reply: str = "") -> None:
    given = step.fields if not reply else {**step.fields, "reply": reply}
    step.detail.update(results.cited(step.session, given))
    row = results.row(step.session, step.ticket, outcome, given, actor=step.actor, now=step.now)
    row.approved_at = step.now if approved else None
    step.session.add(row)
    evidence = step.fields.get("contact")
    reaching.record_by_result(step.session, step.ticket, evidence, actor=step.actor, now=step.now)


def _settle_now(step: Step, outcome: Outcome, reply: str) -> None:
    results.settle_rest(step.session, step.ticket, outcome, now=step.now)
    _keep_result(step, outcome, approved=True, reply=reply)
    step.ticket.submitted_at = step.now
    urging.overtake(step.session, step.ticket, actor=step.actor, now=step.now)
    _settle(step, outcome, step.now)


def _settle(step: Step, outcome: Outcome, at: dt.datetime) -> None:
    step.ticket.outcome = outcome
    step.ticket.resolved_at = at
    step.ticket.survey_outcome = None
    step.detail["outcome"] = outcome
    for each in joining.joined(step.session, step.ticket):
        results.settle_rest(step.session, each, outcome, now=step.now)


def _surveyed(step: Step, outcome: SurveyOutcome) -> None:
    step.ticket.survey_outcome = outcome
    known = ("score", "channel", "contacted", "solved", "hotline_score", "unit_score")
    step.detail.update({key: step.fields[key] for key in known if key in step.fields})


def _new_cycle(step: Step) -> None:
    ticket = step.ticket
    step.detail["due_from"] = ticket.due_at.isoformat()
    if ticket.resolved_at is not None:
        step.detail["resolved_from"] = ticket.resolved_at.isoformat()
    ticket.cycle += 1
    ticket.outcome = ticket.resolved_at = ticket.submitted_at = ticket.survey_outcome = None
    ticket.handler_id = ticket.reviewer_id = None
    ticket.escalation_level = 0
    results.open_again(step.session, ticket)


A = Action
EFFECTS: Final[dict[Action, Callable[[Step], None]]] = {
    A.TAKE: take,
    A.DISPATCH: dispatch,
    A.ANSWER_DIRECTLY: answer_directly,
    A.REJECT_INTAKE: reject,
    A.TRANSFER_OUT: transfer_out,
    A.MERGE: merge,
    A.UNMERGE: unmerge,
    A.WITHDRAW: withdraw,
    A.SIGN: sign,
    A.RECALL: back_to_centre,
    A.ACCEPT_RETURN: back_to_centre,
    A.REFUSE_RETURN: refuse_return,
    A.HAND_DOWN: hand_down,
    A.ASK_CALLER: ask_caller,
    A.CALLER_REPLIED: resume,
    A.REPLY_TIMEOUT: resume,
    A.SUSPEND: pause,
    A.RESUME: resume,
    A.SUBMIT_RESULT: submit,
    A.RESOLVE: resolve,
    A.BOUNCE: bounce,
    A.APPROVE: approve,
    A.SURVEY_SATISFIED: satisfied,
    A.SURVEY_DISSATISFIED: dissatisfied,
    A.SURVEY_UNREACHABLE: unreachable,
    A.SURVEY_NOT_POSSIBLE: not_possible,
    A.ORDER_REWORK: order_rework,
    A.UPHOLD_RESULT: uphold,
    A.REOPEN: reopen,
    A.ARCHIVE: archive,
    A.UNSEAL: unseal,
}
