"""What the clock does for intake: compare with the carrier's lists, read messages for danger."""

import datetime as dt
from collections.abc import Callable
from functools import partial

import structlog

from hotline.core.db import Transact
from hotline.core.rounds import each_due
from hotline.intake import quarters, queries, voicemail
from hotline.intake.reconcile import compare
from hotline.recordings.models import Recording
from hotline.telephony.port import Carrier, CarrierError

log = structlog.get_logger()


def reconcile_due(
    transact: Transact, carrier: Carrier, number: str, *, clock: Callable[[], dt.datetime]
) -> int:
    """Compare the present quarter of an hour, and those whose turn has come again.

    When the carrier fails, the rest is due at the next run.

    Returns:
        How many differences were found.
    """
    due = transact(lambda session: queries.quarters_due(session, clock()))
    found = 0
    for stretch in quarters.stretches(due):
        try:
            outcome = compare(transact, carrier, number, stretch, clock=clock)
        except CarrierError as error:
            log.warning("reconcile.put_off", since=stretch[0], error=str(error))
            break
        found += outcome.found.total()
    return found


def read_voicemails(transact: Transact, *, now: dt.datetime) -> int:
    """Search what was spoken for us, once it is written down, for words of danger."""
    return each_due(transact, voicemail.unread(), Recording.id, partial(voicemail.read, now=now))
