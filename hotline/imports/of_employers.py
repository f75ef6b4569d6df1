"""A file of employers: known again by their unified code, else by their full name."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hotline.core.roles import Actor, Permission
from hotline.core.words import N_
from hotline.employers import codes, service
from hotline.employers.models import Employer, Ownership
from hotline.employers.service import Facts
from hotline.imports import columns
from hotline.imports.columns import Column, Faults, Unreadable
from hotline.imports.sorts import Sort, Values
from hotline.units import queries as units

OWNERSHIPS: Final = {
    "国有企业": Ownership.STATE,
    "私营企业": Ownership.PRIVATE,
    "外资企业": Ownership.FOREIGN,
    "个体经营": Ownership.INDIVIDUAL,
    "机关事业单位": Ownership.PUBLIC_BODY,
    "平台企业": Ownership.PLATFORM,
}
NO_REGION: Final = N_("没有这个地区代码")


def _code(text: str) -> str:
    code = codes.clean(text)
    if not codes.is_valid(code):
        raise Unreadable(N_("统一社会信用代码有误，请核对 18 位"))
    return code


COLUMNS: Final = (
    Column("name", N_("全称"), columns.words(120), "演示建筑有限公司", required=True),
    Column("code", N_("统一社会信用代码"), _code, "91350100M000100Y43"),
    Column("region_code", N_("地区代码"), columns.code(6), "150102"),
    Column("address", N_("地址"), columns.words(200), "示例路1号"),
    Column("ownership", N_("单位性质"), columns.one_of(OWNERSHIPS), "私营企业"),
    Column("has_union", N_("建了工会吗"), columns.one_of({"是": True, "否": False}), "是"),
    Column("names", N_("别的叫法"), columns.several, "演示建筑；演示一建"),
)


def known(session: Session, keys: Sequence[str]) -> set[str]:
    """Return those of these codes and names that an employer has."""
    found = select(Employer.code, Employer.name).where(
        or_(Employer.code.in_(keys), Employer.name.in_(keys))
    )
    return {text for row in session.execute(found) for text in row if text} & set(keys)


def faults(session: Session, rows: Sequence[Values], now: dt.datetime) -> Sequence[Faults]:
    """Return which of these rows name no region."""
    regions = {None, *(row.code for row in units.regions(session))}
    return [{} if row.get("region_code") in regions else {"region_code": NO_REGION} for row in rows]


def keep(session: Session, values: Values, import_id: int, actor: Actor, now: dt.datetime) -> int:
    """Put an employer into the register."""
    return service.add(session, Facts(**values), actor=actor, now=now).id


SORT: Final = Sort(Permission.EMPLOYER_WRITE, COLUMNS, ("code", "name"), known, faults, keep)
