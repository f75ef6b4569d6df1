"""A file of units: known again by their code; one above another stands before it."""

import datetime as dt
import re
from collections.abc import Sequence
from typing import Final

from sqlalchemy.orm import Session

from hotline.core.roles import Actor, Permission
from hotline.core.words import N_
from hotline.imports import columns
from hotline.imports.columns import Column, Faults, Unreadable
from hotline.imports.of_employers import NO_REGION
from hotline.imports.sorts import Sort, Values
from hotline.tickets.intake import employer_key
from hotline.units import queries, service
from hotline.units.models import UnitKind
from hotline.units.service import Facts

KINDS: Final = {
    "工会": UnitKind.UNION,
    "企业工会": UnitKind.BASIC,
    "园区工会": UnitKind.ZONE,
    "合作单位": UnitKind.PARTNER,
}
CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")


def _code(text: str) -> str:
    if not CODE.fullmatch(text):
        raise Unreadable(N_("代码只用字母、数字和连字符，最多 40 个"))
    return text


COLUMNS: Final = (
    Column("code", N_("单位代码"), _code, "150102-001", required=True),
    Column("name", N_("名称"), columns.words(80), "演示园区工会", required=True),
    Column("name_en", N_("英文名"), columns.words(120), "Demo Zone Union", required=True),
    Column("kind", N_("类型"), columns.one_of(KINDS), "园区工会", required=True),
    Column("parent", N_("上级单位代码"), _code, "150102", required=True),
    Column("region_code", N_("地区代码"), columns.code(6), "150102", required=True),
    Column("duty_phone", N_("值班电话"), columns.phone, "0471-1234567"),
    Column("valid_from", N_("生效日期"), columns.day, "2026-01-01", required=True),
    Column("valid_to", N_("失效日期"), columns.day),
    Column("employer", N_("用人单位"), columns.words(200)),
)


def known(session: Session, keys: Sequence[str]) -> set[str]:
    """Return those of these codes that a unit has."""
    return {row.code for row in queries.by_codes(session, keys)}


def faults(session: Session, rows: Sequence[Values], now: dt.datetime) -> Sequence[Faults]:
    """Return which of these rows name no region, or no unit above that exists or comes before."""
    regions = {row.code for row in queries.regions(session)}
    above = known(session, [row["parent"] for row in rows if row.get("parent")])
    found: list[Faults] = []
    for row in rows:
        wrong: Faults = {}
        if row.get("region_code", "") not in {*regions, ""}:
            wrong["region_code"] = NO_REGION
        if row.get("parent", "") not in {*above, ""}:
            wrong["parent"] = N_("没有这个上级单位；它若在本文件里，要排在前面")
        if not wrong and row.get("code"):
            above.add(row["code"])
        found.append(wrong)
    return found


def keep(session: Session, values: Values, import_id: int, actor: Actor, now: dt.datetime) -> int:
    """Write a unit down."""
    given = {name: value for name, value in values.items() if name != "employer"}
    facts = Facts(**given, employer_key=employer_key(values.get("employer")))
    return service.add(session, facts, actor=actor, now=now).id


SORT: Final = Sort(Permission.POLICY_WRITE, COLUMNS, ("code",), known, faults, keep)
