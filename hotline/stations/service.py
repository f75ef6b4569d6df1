"""What is done with stations: added, corrected, and told to a caller by SMS."""

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Final

from sqlalchemy.orm import Session

from hotline.calls import queries as calls
from hotline.core import audit
from hotline.core.errors import Forbidden, GuardFailed, Invalid
from hotline.core.roles import Actor, Permission, require
from hotline.core.rows import require_unchanged
from hotline.core.words import N_
from hotline.messages import service as messages
from hotline.messages import wording
from hotline.messages.states import MessageKind
from hotline.stations import hours, queries
from hotline.stations.models import Kind, Station
from hotline.telephony.numbers import may_text
from hotline.workers import queries as workers

LENGTHS: Final = {"name": 60, "address": 80, "phone": 20, "hours": 70}  # one gap of an SMS
TEMPLATE: Final = "station"


@dataclass(frozen=True)
class Facts:
    """What is told of a station."""

    kind: Kind
    name: str
    region_code: str
    hours: str
    valid_from: dt.date
    address: str | None = None
    phone: str | None = None
    valid_to: dt.date | None = None


def add(session: Session, facts: Facts, *, actor: Actor, now: dt.datetime) -> Station:
    """Write a station down.

    Raises:
        Forbidden: *actor* may not.
        Invalid: It cannot be reached, its hours cannot be read, or something is missing.
    """
    require(actor, Permission.KNOWLEDGE_WRITE)
    check(facts)
    station = Station(**asdict(facts))
    session.add(station)
    session.flush()
    audit.note(session, actor, "station.add", f"station:{station.id}", now=now)
    return station


def correct(
    session: Session,
    station_id: int,
    facts: Facts,
    *,
    actor: Actor,
    now: dt.datetime,
    version: int | None = None,
) -> None:
    """Write a station down as it really is; a last day ends it.

    Raises:
        Stale: Somebody changed it since *version*.
        Invalid: As for `add`.
    """
    require(actor, Permission.KNOWLEDGE_WRITE)
    station = queries.by_id(session, station_id)
    require_unchanged(station.version, version)
    check(facts)
    for name, value in asdict(facts).items():
        setattr(station, name, value)
    session.flush()
    audit.note(session, actor, "station.correct", f"station:{station_id}", now=now)


def check(facts: Facts) -> None:
    """Raise `Invalid` with every fault of *facts*."""
    texts = {name: getattr(facts, name) or "" for name in LENGTHS}
    wrong = {name: N_("太长了") for name, most in LENGTHS.items() if len(texts[name]) > most}
    wrong |= {
        name: N_("短信里不能有网址") for name, text in texts.items() if wording.LINK.search(text)
    }
    wrong |= {name: N_("请填写") for name in ("name", "hours") if not texts[name].strip()}
    if not texts["address"] and not texts["phone"]:
        wrong["address"] = N_("地址和电话至少填一个")
    if facts.valid_to is not None and facts.valid_to < facts.valid_from:
        wrong["valid_to"] = N_("不能早于开始日期")
    if "hours" not in wrong:
        try:
            hours.read(facts.hours)
        except ValueError:
            wrong["hours"] = N_("时间看不懂，请写成：周一至周五 9:00-12:00 14:00-17:30；周六 全天")
    if wrong:
        raise Invalid(wrong)


def text_to_caller(
    session: Session, station_id: int, call_id: int, *, actor: Actor, now: dt.datetime
) -> bool:
    """Send what is told of a station to the caller of a call, once a call; no address to click on.

    Returns:
        False if it was sent in this call before.

    Raises:
        Forbidden: The call is another operator's.
        GuardFailed: The caller cannot be texted, or wants no messages.
    """
    require(actor, Permission.CALL_WORK)
    call = calls.call(session, call_id)
    if call.staff_id != actor.id:
        raise Forbidden
    worker = workers.by_id(session, call.worker_id) if call.worker_id else None
    if worker is None or worker.phone is None or not may_text(worker.phone):
        raise GuardFailed(N_("来电没有可以发短信的号码，请口头告知。"), guard="may-text")
    if worker.opted_out_at is not None:
        raise GuardFailed(N_("职工不收短信，请口头告知。"), guard="opted-in")
    station = queries.by_id(session, station_id)
    sent = messages.queue(
        session,
        to=worker.phone,
        kind=MessageKind.ANSWER,
        purpose=f"station:{station_id}:call:{call_id}",
        template=TEMPLATE,
        params={"what": told(station)},
        worker_id=worker.id,
        language=worker.language,
        now=now,
    )
    detail = {"call": call_id}
    audit.note(session, actor, "station.text", f"station:{station_id}", now=now, **detail)
    return sent


def told(station: Station) -> str:
    """Return a station as an SMS says it: name, address, telephone, hours."""
    parts = (station.name, station.address, station.phone, station.hours)
    return "，".join(part for part in parts if part)
