"""Taking in a matter from a form: a call, a callback, a letter or a visit becomes a ticket."""

import dataclasses
import datetime as dt

from sqlalchemy.orm import Session

from hotline.callbacks import service as callback_service
from hotline.calls import queries as calls
from hotline.calls import service as call_service
from hotline.core.db import new_id
from hotline.core.errors import Invalid, NotFound
from hotline.core.roles import Actor, Permission, require
from hotline.core.words import N_
from hotline.intake import rescue
from hotline.intake.form import IntakeForm
from hotline.intake.sms import receive_sms
from hotline.messages import service as messages
from hotline.messages.states import MessageKind
from hotline.telephony.numbers import may_text
from hotline.tickets import catalogue
from hotline.tickets import queries as tickets
from hotline.tickets.intake import Intake, receive
from hotline.tickets.models import Ticket, Urgency
from hotline.tickets.replies import UNSAFE
from hotline.units import queries as units
from hotline.workers import service as workers
from hotline.workers.models import Worker

__all__ = ["receive_sms", "register"]


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
    _check_codes(session, form)
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
    session.flush()
    given = _intake(form, worker)
    if form.call is not None and rescue.raised(session, form.call):
        given = dataclasses.replace(given, urgency=Urgency.CRITICAL)
    receive(session, given, actor=actor, now=now, ticket_id=ticket_id)
    if form.call is not None:
        call_service.register(session, actor, form.call, ticket_id, now=now)
    if form.callback is not None:
        callback_service.register(session, actor, form.callback, ticket_id, now=now)
    return tickets.by_id(session, ticket_id)


def _check_codes(session: Session, form: IntakeForm) -> None:
    wrong = {}
    if form.category and catalogue.category(session, form.category) is None:
        wrong["category"] = N_("请从列表中选择")
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


def _may_tell(form: IntakeForm, worker: Worker) -> bool:
    safe = not form.anonymous and (form.confidential_level or 0) < UNSAFE
    return safe and worker.opted_out_at is None and may_text(worker.phone)


def _intake(form: IntakeForm, worker: Worker) -> Intake:
    return Intake(
        channel=form.channel,
        narrative=form.narrative,
        subject=form.subject or "",
        worker_id=worker.id,
        anonymous=form.anonymous,
        category_code=form.category,
        demand_type=form.demand_type,
        region_code=form.region,
        confidential_level=form.confidential_level,
        employer=form.employer,
        head_count=form.head_count,
        foreign_number=form.foreign_number,
        urgency=form.urgency,
        mass=form.mass,
    )
