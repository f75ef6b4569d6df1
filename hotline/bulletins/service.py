"""Publishing: a closed period is frozen once, and restated with a reason as often as it must be."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from sqlalchemy.orm import Session

from hotline.bulletins import changes, content, queries
from hotline.bulletins.changes import Change
from hotline.bulletins.models import Bulletin
from hotline.bulletins.periods import Period, is_over
from hotline.bulletins.snapshot import Snapshot, snapshot
from hotline.core import audit, signing
from hotline.core.errors import Forbidden, GuardFailed, Invalid
from hotline.core.language import local
from hotline.core.roles import Actor, Permission, require, system
from hotline.core.words import N_
from hotline.rates.cohorts import midnight
from hotline.rates.formulas import Rate
from hotline.rates.questions import Question
from hotline.units import queries as units

CLOCK: Final = system("clock:freeze")  # sees every unit: what is published is of the whole
START: Final = bytes(32)
LONGEST: Final = 500  # of a reason
WHOLE: Final = "15"  # the region's union, above all others


def freeze(session: Session, period: Period, *, actor: Actor, now: dt.datetime) -> Bulletin:
    """Publish the numbers of *period* for the first time; if that was done, return what was.

    Raises:
        Forbidden: *actor* may not publish, or does not see the whole.
        GuardFailed: The period is not over, or its last day is not counted yet.
    """
    _may_publish(session, actor)
    found = queries.newest(session, period)
    if found is not None:
        return found
    return _publish(session, period, _numbers(session, period, now), None, actor=actor, now=now)


def restate(
    session: Session, period: Period, reason: str, *, actor: Actor, now: dt.datetime
) -> Bulletin:
    """Publish another edition of *period*: what changed, what caused it, and why in words.

    Raises:
        Forbidden: *actor* may not publish, or does not see the whole.
        Invalid: There is no reason, or it is too long.
        GuardFailed: Nothing was published, or nothing has changed since.
    """
    _may_publish(session, actor)
    reason = reason.strip()
    if not reason:
        raise Invalid({"reason": N_("请写明更正的理由")})
    if len(reason) > LONGEST:
        raise Invalid({"reason": N_("最多 500 字")})
    before = queries.newest(session, period)
    if before is None:
        raise GuardFailed(N_("这一期还没有发布。"), guard="published")
    present = _numbers(session, period, now)
    found = changes.changes(queries.opened(before), present)
    if not found:
        raise GuardFailed(N_("发布以来数字没有变化。"), guard="changed")
    told = _told(session, period, before, found, reason)
    return _publish(session, period, present, told, before=before, actor=actor, now=now)


def _may_publish(session: Session, actor: Actor) -> None:
    if actor == CLOCK:
        return
    require(actor, Permission.PUBLISH)
    if not actor.sees(units.unit(session, WHOLE).path):
        raise Forbidden


def _numbers(session: Session, period: Period, now: dt.datetime) -> Snapshot:
    if not is_over(period, local(now).date()):
        raise GuardFailed(N_("这一期还没有结束。"), guard="over")
    found = snapshot(session, CLOCK, Question(period.first, period.last), now=now)
    if found.as_of is None or found.as_of < midnight(period.last + dt.timedelta(days=1)):
        raise GuardFailed(N_("这一期的数字还没有数完，请稍后再试。"), guard="counted")
    return found


def _told(
    session: Session, period: Period, before: Bulletin, found: Sequence[Change], reason: str
) -> dict[str, Any]:
    """Return what a restatement says of itself."""
    return {
        "edition": before.edition,
        "hash": before.hash.hex(),
        "reason": reason,
        "changes": [
            {"code": one.code, "before": _three(one.before), "after": _three(one.after)}
            for one in found
        ],
        "causes": [asdict(one) for one in changes.all_causes(session, period, before.as_of, found)],
    }


def _three(rate: Rate | None) -> list[Any] | None:
    return [rate.numerator, rate.denominator, rate.printed] if rate else None


def _publish(
    session: Session,
    period: Period,
    numbers: Snapshot,
    restates: dict[str, Any] | None,
    *,
    before: Bulletin | None = None,
    actor: Actor,
    now: dt.datetime,
) -> Bulletin:
    edition = before.edition + 1 if before else 1
    previous = before.hash if before else START
    said = {
        "period": {"kind": period.kind, "first": str(period.first), "last": str(period.last)},
        "edition": edition,
        "published_at": now.astimezone(dt.UTC).isoformat(),
        "by": actor.name,
        "restates": restates,
    }
    text = content.text(content.written(numbers) | said)
    hash_ = hashlib.sha256(previous + text.encode()).digest()
    made = Bulletin(
        kind=period.kind,
        first=period.first,
        last=period.last,
        edition=edition,
        as_of=numbers.as_of,
        published_at=now,
        by=actor.name,
        reason=restates["reason"] if restates else None,
        content=text,
        previous=previous,
        hash=hash_,
        signature=signing.sign(hash_),
    )
    session.add(made)
    session.flush()
    subject, act = f"bulletin:{made.id}", "bulletin.restate" if before else "bulletin.freeze"
    audit.note(session, actor, act, subject, now=now, edition=edition, hash=hash_.hex())
    return made
