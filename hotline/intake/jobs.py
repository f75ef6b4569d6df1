"""What the clock does for intake: fetch SMS whose webhook never came, read messages for danger."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Final

import structlog
from sqlalchemy.orm import Session

from hotline.core.db import Transact
from hotline.core.rounds import each_due
from hotline.intake import voicemail
from hotline.intake.sms import receive_sms
from hotline.messages import queries as messages
from hotline.recordings.models import Recording
from hotline.telephony.numbers import normalise
from hotline.telephony.port import Carrier, CarrierError, CarrierMessage, InboundSms

log = structlog.get_logger()

WITHIN: Final = dt.timedelta(hours=24)


def sweep_sms(
    transact: Transact,
    carrier: Carrier,
    number: str,
    *,
    clock: Callable[[], dt.datetime],
    since: dt.datetime | None = None,
) -> int:
    """Take in what the carrier lists as sent to *number* and we have never seen.

    Webhooks can be lost altogether; the carrier's list is the truth. Each SMS is taken
    in as its webhook would have been, so that one that comes after all is a duplicate.

    Returns:
        How many were found.
    """
    try:
        listed = carrier.list_sms(since or clock() - WITHIN, to=number)
    except CarrierError:
        return 0  # the next run asks for the same hours
    by_sid = {message.sid: message for message in reversed(listed) if message.from_ != number}
    missing = transact(lambda session: messages.unknown(session, by_sid.keys()))
    for sid, message in by_sid.items():
        if sid in missing:
            _take(transact, message, clock())
    return len(missing)


def _take(transact: Transact, message: CarrierMessage, now: dt.datetime) -> None:
    log.warning("sms.swept", sid=message.sid)
    sms = InboundSms(
        sid=message.sid,
        from_=normalise(message.from_),
        to=message.to,
        body=message.body,
        raw_from=message.from_,
    )

    def take(session: Session) -> None:
        receive_sms(session, sms, now)

    transact(take)


def read_voicemails(transact: Transact, *, now: dt.datetime) -> int:
    """Search what was spoken for us, once it is written down, for words of danger."""
    return each_due(transact, voicemail.unread(), Recording.id, partial(voicemail.read, now=now))
