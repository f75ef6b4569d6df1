"""An alarm about danger: on the desks of the hotline's supervisors, and on their telephones."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from hotline.messages import desk
from hotline.messages import service as messages
from hotline.messages.states import MessageKind
from hotline.sla.recipients import centre_leads
from hotline.staff import queries as staff


def alarm(
    session: Session,
    said: str,
    *,
    template: str,
    params: Mapping[str, Any] | None = None,
    purpose: str,
    ticket_id: int | None = None,
    now: dt.datetime,
) -> None:
    """Tell every lead once what is *said*, a key of the catalogue, and by SMS the *template*."""
    for lead in centre_leads(session):
        told = f"{purpose}:{lead.id}"
        desk.notify(
            session, lead.id, "crisis", said,
            params=params, ticket_id=ticket_id, purpose=told, now=now,
        )  # fmt: skip
        if lead.has_phone:
            person = staff.by_id(session, lead.id)
            messages.queue(
                session,
                to=person.phone,
                kind=MessageKind.ALERT,
                template=template,
                params=params,
                purpose=f"{told}:sms",
                staff_id=lead.id,
                language=person.locale,
                now=now,
            )
