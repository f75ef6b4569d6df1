"""Telling members of staff: a notice on the desk at once, an SMS that gathers what waits."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.core.db import Transact, reading
from hotline.messages import desk
from hotline.messages import service as messages
from hotline.messages.states import MessageKind
from hotline.sla.models import Alert
from hotline.sla.recipients import Hearer
from hotline.staff import queries as staff
from hotline.tickets.models import Ticket, Urgency

PAUSE: Final = dt.timedelta(minutes=5)  # between two SMS to one person


def tell(
    session: Session,
    people: Iterable[Hearer],
    ticket: Ticket,
    kind: str,
    text: str,
    *,
    params: Mapping[str, Any],
    purpose: str,
    sms: str | None,
    now: dt.datetime,
) -> None:
    """Put a notice on the desks of *people*; with a template *sms* send it to their phones too.

    *text* is a key of the catalogue; it and the template are filled with *params*, which
    hold the ticket's number and moments, nothing about the caller.
    """
    for person in people:
        desk.notify(
            session,
            person.id,
            kind,
            text,
            params=params,
            ticket_id=ticket.id,
            purpose=f"{purpose}:{person.id}",
            now=now,
        )
        if sms and person.has_phone:
            session.add(
                Alert(
                    staff_id=person.id,
                    ticket_id=ticket.id,
                    template=sms,
                    params=dict(params),
                    at_once=ticket.urgency is Urgency.CRITICAL,
                    at=now,
                )
            )


def text_staff(transact: Transact, *, now: dt.datetime) -> int:
    """Order the SMS for alerts that wait: one a person for all of them, 5 minutes apart.

    Critical ones do not wait for the 5 minutes.
    """
    with reading() as session:
        waiting = session.scalars(
            select(Alert.staff_id).where(Alert.texted_at.is_(None)).distinct()
        ).all()
    return sum(transact(partial(_text, staff_id=staff_id, now=now)) for staff_id in waiting)


def _text(session: Session, *, staff_id: int, now: dt.datetime) -> bool:
    alerts = session.scalars(
        select(Alert)
        .where(Alert.staff_id == staff_id, Alert.texted_at.is_(None))
        .order_by(Alert.id)
        .with_for_update(skip_locked=True)
    ).all()
    if not alerts or not (_rested(session, staff_id, now) or any(each.at_once for each in alerts)):
        return False
    person = staff.by_id(session, staff_id)
    for alert in alerts:
        alert.texted_at = now
    if not person.phone or not person.active:
        return False
    template, params = _words(alerts)
    return messages.queue(
        session,
        to=person.phone,
        kind=MessageKind.ALERT,
        purpose=f"alert:{alerts[-1].id}",
        template=template,
        params=params,
        language=person.locale,
        staff_id=staff_id,
        ticket_id=alerts[-1].ticket_id,
        now=now,
    )


def _rested(session: Session, staff_id: int, now: dt.datetime) -> bool:
    last = session.scalar(select(func.max(Alert.texted_at)).where(Alert.staff_id == staff_id))
    return last is None or last <= now - PAUSE


def _words(alerts: Sequence[Alert]) -> tuple[str, dict[str, Any]]:
    """Return template and params: the last word on one ticket, or how many there are."""
    tickets = {alert.ticket_id for alert in alerts}
    if len(tickets) == 1:
        return alerts[-1].template, alerts[-1].params
    return "staff_bundle", {"count": len(tickets), "number": alerts[0].params["number"]}
