"""What a message left for us means: whoever speaks of danger is called within five minutes."""

import datetime as dt

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from hotline.callbacks import service as callbacks
from hotline.core import audit
from hotline.core.roles import system
from hotline.core.words import N_
from hotline.intake.crisis import dangers
from hotline.messages import desk
from hotline.messages import service as messages
from hotline.messages.states import MessageKind
from hotline.recordings import service as recordings
from hotline.recordings.models import Recording
from hotline.sla.recipients import centre_leads
from hotline.staff import queries as staff

READER = system("intake:voicemail")


def unread() -> Select[Recording]:
    """Select the messages whose words nobody has searched for danger."""
    return (
        select(Recording)
        .where(Recording.transcript.is_not(None), Recording.read_at.is_(None))
        .order_by(Recording.id)
    )


def read(session: Session, message: Recording, *, now: dt.datetime) -> None:
    """Search the words of a *message*; danger hastens the callback and alarms the leads."""
    message.read_at = now
    found = dangers(message.transcript or "")
    if not found:
        return
    callbacks.hasten(session, message.call_id, now=now)
    audit.note(
        session, READER, "recording.danger", recordings.subject(message), now=now, found=found
    )
    for lead in centre_leads(session):
        desk.notify(
            session,
            lead.id,
            "crisis",
            N_("语音留言里有危险的话，请马上安排回拨，最迟 5 分钟内。"),
            purpose=f"crisis:{message.id}:{lead.id}",
            now=now,
        )
        if lead.has_phone:
            _text(session, lead.id, message.id, now=now)


def _text(session: Session, staff_id: int, message_id: int, *, now: dt.datetime) -> None:
    person = staff.by_id(session, staff_id)
    messages.queue(
        session,
        to=person.phone,
        kind=MessageKind.ALERT,
        template="staff_crisis",
        purpose=f"crisis:{message_id}:{staff_id}:sms",
        staff_id=staff_id,
        language=person.locale,
        now=now,
    )
