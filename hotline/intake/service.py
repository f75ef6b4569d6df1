"""Taking in a matter from a form: a call, a callback, a letter or a visit becomes a ticket."""

import dataclasses
import datetime as dt

from sqlalchemy.orm import Session

from hotline.callbacks import service as callback_service
from hotline.calls import queries as calls
from hotline.calls import service as call_service
from hotline.calls.states import Disposition
from hotline.core.db import new_id
from hotline.core.errors import GuardFailed, Invalid, NotFound
from hotline.core.language import local
from hotline.core.roles import Actor, Permission, require
from hotline.core.words import N_
from hotline.employers import queries as employers
from hotline.intake import rescue, typing
from hotline.intake.form import IntakeForm
from hotline.intake.sms import receive_sms
from hotline.messages import service as messages
from hotline.messages.states import MessageKind
from hotline.telephony.numbers import may_text
from hotline.tickets import casework, catalogue, confidence, demands, facts
from hotline.tickets import queries as tickets
from hotline.tickets.intake import Intake, receive
from hotline.tickets.joining import joined
from hotline.tickets.models import Ticket, Urgency
from hotline.tickets.replies import UNSAFE
from hotline.units import queries as units
from hotline.workers import service as workers
from hotline.workers.models import Worker

__all__ = ["attach", "receive_sms", "register"]


def register(session: Session, actor: Actor, form: IntakeForm, *, now: dt.datetime) -> Ticket:
    """Write a matter down as a ticket and tell the caller its number.

    The call or callback it came from is finished with it. Whoever is anonymous, has no
    mobile or is in danger gets no SMS. Call it last in a transaction.

    Raises:
        Forbidden: *actor* does not take matters in.
        Invalid: A code is not in its list.
        GuardFailed: The call led to something else already.
        NotFound: There is no such call or callback.
    """
    require(actor, Permission.TICKET_WRITE)
    _check_codes(session, form, now)
    worker = _worker(session, form, now)
    ticket_id = new_id()
    if _may_tell(form, worker):
        messages.queue(
            session,
            to=worker.phone,
            kind=MessageKind.ACK,
            template="ack",
            purpose=f"ack:{ticket_id}",
            ticket_id=ticket_id,
            worker_id=worker.id,
            language=worker.language,
            now=now,
        )
    _keep_words(session, ticket_id, form, actor, now)
    session.flush()
    given = _intake(session, form, worker)
    if form.call is not None and rescue.raised(session, form.call):
        given = dataclasses.replace(given, urgency=Urgency.CRITICAL)
    given = dataclasses.replace(given, about_unit_id=confidence.complained_of(session, given, now))
    receive(session, given, actor=actor, now=now, ticket_id=ticket_id)
    if form.call is not None:
        call_service.register(session, actor, form.call, ticket_id, now=now)
    if form.callback is not None:
        callback_service.register(session, actor, form.callback, ticket_id, now=now)
    ticket = tickets.by_id(session, ticket_id)
    confidence.chosen(session, ticket, actor=actor, now=now)
    return ticket


def attach(
    session: Session, actor: Actor, form: IntakeForm, number: str, *, now: dt.datetime
) -> Ticket:
    """Add what was typed to an open ticket of the same caller, instead of writing a new one.

    The call it came from is finished as a supplement to that ticket.

    Raises:
        Forbidden: *actor* does not take matters in.
        GuardFailed: The ticket is another worker's and none of theirs was merged into it.
        NotFound: There is no such ticket in the actor's part of the tree.
    """
    require(actor, Permission.TICKET_WRITE)
    found = tickets.by_number(session, actor, number, lock=True)
    ticket = _own(session, found, typing.worker_of(session, form))
    casework.caller_said(
        session, ticket, form.narrative, channel=form.channel, actor=actor, now=now
    )
    for line in form.demands:
        demands.add(session, ticket, line, actor=actor, now=now)
    if form.promise and form.promise_at:
        demands.promise(session, ticket, form.promise, form.promise_at, actor=actor, now=now)
    if form.call is not None:
        reason = Disposition.SUPPLEMENT
        call_service.dispose(session, actor, form.call, reason, now=now, ticket_id=ticket.id)
    return ticket


def _own(session: Session, ticket: Ticket, worker_id: int | None) -> Ticket:
    """Return *ticket*, or the one of the worker's that was merged into it."""
    for each in (ticket, *joined(session, ticket)):
        if worker_id is not None and each.worker_id == worker_id:
            return each
    raise GuardFailed(N_("这件工单是另一位职工的，请单独登记。"), guard="same-caller")


def _keep_words(
    session: Session, ticket_id: int, form: IntakeForm, actor: Actor, now: dt.datetime
) -> None:
    facts.keep(session, ticket_id, facts.form_of(session, form.category), form.facts)
    demands.write(session, ticket_id, form.demands, actor=actor, now=now)
    if form.promise and form.promise_at:
        demands.write_promise(
            session, ticket_id, form.promise, form.promise_at, actor=actor, now=now
        )


def _check_codes(session: Session, form: IntakeForm, now: dt.datetime) -> None:
    wrong = {}
    if fault := catalogue.fault(session, form.category, local(now).date()):
        wrong["category"] = fault
    if form.region:
        try:
            units.region(session, form.region)
        except NotFound:
            wrong["region"] = N_("请从列表中选择")
    if wrong:
        raise Invalid(wrong)


def _worker(session: Session, form: IntakeForm, now: dt.datetime) -> Worker:
    """Return whose matter it is: the number given, else the caller of the call."""
    if form.caller is None and form.call is not None:
        call = calls.call(session, form.call)
        if call.worker_id is not None:
            return _with_name(session.get_one(Worker, call.worker_id), form)
    return _with_name(workers.identify(session, form.caller, now), form)


def _with_name(worker: Worker, form: IntakeForm) -> Worker:
    worker.name = worker.name or form.name
    worker.language = form.language or worker.language
    return worker


def _level(form: IntakeForm, employer: str | None) -> int | None:
    if form.confidential_level is not None:
        return form.confidential_level
    return confidence.default_level(form.demand_type, employer)


def _may_tell(form: IntakeForm, worker: Worker) -> bool:
    safe = not form.anonymous and (form.confidential_level or 0) < UNSAFE
    return safe and worker.opted_out_at is None and may_text(worker.phone)


def _intake(session: Session, form: IntakeForm, worker: Worker) -> Intake:
    employer = employers.meant(session, form.employer_id, form.employer)
    named = form.employer or (employer.name if employer else None)
    return Intake(
        channel=form.channel,
        narrative=form.narrative,
        subject=form.subject or "",
        worker_id=worker.id,
        anonymous=form.anonymous,
        category_code=form.category,
        demand_type=form.demand_type,
        region_code=form.region,
        confidential_level=_level(form, named),
        employer=named,
        employer_id=employer.id if employer else None,
        project=form.project,
        head_count=form.head_count,
        foreign_number=form.foreign_number,
        urgency=form.urgency,
        mass=form.mass,
        unknown=sorted(form.unknown) or None,
    )
