"""Whether the carrier is worth asking: after five failures in a row, one probe each 30 s."""

import datetime as dt
from typing import Final

import structlog
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hotline.messages.models import CarrierHealth

log = structlog.get_logger()

SMS: Final = "sms"
OPENS_AFTER: Final = 5
PROBE_EACH: Final = dt.timedelta(seconds=30)


def allowed(session: Session, now: dt.datetime, *, wanted: int, service: str = SMS) -> int:
    """Return how many of *wanted* requests may be made now: all, none, or one probe.

    Of several clocks one gets the probe: it moves the moment of the next.
    """
    row = session.get(CarrierHealth, service, with_for_update=True, populate_existing=True)
    if row is None or row.failures < OPENS_AFTER:
        return wanted
    if now < row.retry_at:
        return 0
    row.retry_at = now + PROBE_EACH
    return min(1, wanted)


def is_down(session: Session, service: str = SMS) -> bool:
    """Return whether the carrier has failed so often that only probes are sent."""
    failures = session.scalar(
        select(CarrierHealth.failures).where(CarrierHealth.service == service)
    )
    return (failures or 0) >= OPENS_AFTER


def failed(session: Session, now: dt.datetime, service: str = SMS) -> None:
    """Count one more failure in a row."""
    row = session.get(CarrierHealth, service, with_for_update=True, populate_existing=True)
    if row is None:
        session.add(CarrierHealth(service=service, failures=1, retry_at=now))
        return
    row.failures += 1
    row.retry_at = now + PROBE_EACH
    if row.failures == OPENS_AFTER:
        log.error("carrier.down", service=service, failures=row.failures)


def answered(session: Session, service: str = SMS) -> None:
    """Forget the failures: the carrier has answered."""
    if is_down(session, service):
        log.info("carrier.up", service=service)
    session.execute(
        delete(CarrierHealth)
        .where(CarrierHealth.service == service)
        .execution_options(synchronize_session=False)
    )
