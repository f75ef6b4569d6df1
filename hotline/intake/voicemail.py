"""What a message left for us means: whoever speaks of danger is called within five minutes."""

import datetime as dt

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from hotline.callbacks import service as callbacks
from hotline.core import audit
from hotline.core.roles import system
from hotline.core.words import N_
from hotline.intake.alarming import alarm
from hotline.intake.crisis import dangers
from hotline.recordings import service as recordings
from hotline.recordings.models import Recording

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
    alarm(
        session,
        N_("语音留言里有危险的话，请马上安排回拨，最迟 5 分钟内。"),
        template="staff_crisis",
        purpose=f"crisis:{message.id}",
        now=now,
    )
