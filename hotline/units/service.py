"""What is done with units: one more is written down under the one it belongs to."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.core import audit
from hotline.core.errors import Invalid, NotFound
from hotline.core.roles import Actor, Permission, require
from hotline.core.words import N_
from hotline.units import queries
from hotline.units.models import Unit, UnitKind


@dataclass(frozen=True)
class Facts:
    """What is known of a unit; *employer_key* is whose enterprise union it is."""

    code: str
    name: str
    name_en: str
    kind: UnitKind
    parent: str
    region_code: str
    valid_from: dt.date
    valid_to: dt.date | None = None
    duty_phone: str | None = None
    employer_key: bytes | None = None


def add(session: Session, facts: Facts, *, actor: Actor, now: dt.datetime) -> Unit:
    """Write a unit down; two at once that would take the same id run again.

    Raises:
        Forbidden: *actor* may not.
        Invalid: The code is taken, there is no such unit above, or what its kind needs is missing.
    """
    require(actor, Permission.POLICY_WRITE)
    _check(session, facts)
    try:
        above = queries.unit(session, facts.parent)
    except NotFound:
        raise Invalid({"parent": N_("没有这个上级单位")}) from None
    id_ = (session.scalar(select(func.max(Unit.id))) or 0) + 1
    row = Unit(
        id=id_, code=facts.code, name=facts.name, name_en=facts.name_en, kind=facts.kind,
        parent_id=above.id, path=f"{above.path}{id_}/", region_code=facts.region_code,
        duty_phone=facts.duty_phone, employer_key=facts.employer_key,
        valid_from=facts.valid_from, valid_to=facts.valid_to,
    )  # fmt: skip
    session.add(row)
    audit.note(session, actor, "unit.add", f"unit:{facts.code}", now=now)
    session.flush()
    return row


def _check(session: Session, facts: Facts) -> None:
    wrong = {}
    if session.scalar(select(Unit.id).where(Unit.code == facts.code)):
        wrong["code"] = N_("这个代码已经有单位了")
    if (facts.kind is UnitKind.BASIC) != bool(facts.employer_key):
        wrong["employer"] = N_("企业工会要写用人单位，别的单位不写")
    if facts.valid_to is not None and facts.valid_to < facts.valid_from:
        wrong["valid_to"] = N_("不能早于生效日期")
    if wrong:
        raise Invalid(wrong)
