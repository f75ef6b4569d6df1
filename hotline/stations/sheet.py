"""Stations from a table: each row read and judged by itself, then all taken in or none."""

import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core.errors import Invalid
from hotline.core.roles import Actor
from hotline.core.words import N_
from hotline.stations import service
from hotline.stations.models import Kind, Station
from hotline.stations.service import Facts

COLUMNS: Final = {
    "种类": "kind",
    "名称": "name",
    "地区": "region_code",
    "地址": "address",
    "电话": "phone",
    "开放时间": "hours",
    "从": "valid_from",
    "到": "valid_to",
}
KINDS: Final = {"工会驿站": Kind.STATION, "办事窗口": Kind.OFFICE, "热线电话": Kind.HELPLINE}
MOST: Final = 1000
UNREADABLE: Final = N_("内容不合要求")


class Row(NamedTuple):
    """A row as it was read: its line in the table, and its facts or what is wrong with it."""

    line: int
    name: str
    facts: Facts | None
    faults: Mapping[str, str]


class Taken(NamedTuple):
    """What a table brought."""

    added: int
    corrected: int


def read(text: str, regions: Mapping[str, str]) -> Sequence[Row]:
    """Return the rows of a table with a line of heads; *regions* gives codes by name and by code.

    Raises:
        Invalid: The heads are others, there is no row, or there are too many.
    """
    table = csv.reader(io.StringIO(text.lstrip("\ufeff").strip()))
    heads = [head.strip() for head in next(table, [])]
    if set(heads) != set(COLUMNS) or len(heads) != len(COLUMNS):
        raise Invalid({"sheet": N_("第一行须是表头：种类,名称,地区,地址,电话,开放时间,从,到")})
    names = [COLUMNS[head] for head in heads]
    rows = [
        _row(table.line_num, dict(zip(names, cells, strict=False)), regions)
        for cells in table
        if any(cell.strip() for cell in cells)
    ]
    if not 0 < len(rows) <= MOST:
        raise Invalid({"sheet": N_("表里没有行，或者超过 1000 行")})
    return rows


def _row(line: int, cells: Mapping[str, str], regions: Mapping[str, str]) -> Row:
    given = {name: cells.get(name, "").strip() for name in COLUMNS.values()}
    faults: dict[str, str] = {}
    kind, region = KINDS.get(given["kind"]), regions.get(given["region_code"])
    first, last = (_day(name, given, faults) for name in ("valid_from", "valid_to"))
    needed = {"kind": kind, "region_code": region, "valid_from": first}
    faults |= {name: UNREADABLE for name, value in needed.items() if value is None}
    if faults or kind is None or region is None or first is None:
        return Row(line, given["name"], None, faults)
    facts = Facts(
        kind=kind,
        name=given["name"],
        region_code=region,
        hours=given["hours"],
        valid_from=first,
        address=given["address"] or None,
        phone=given["phone"] or None,
        valid_to=last,
    )
    try:
        service.check(facts)
    except Invalid as error:
        return Row(line, given["name"], None, error.errors)
    return Row(line, given["name"], facts, {})


def _day(name: str, given: Mapping[str, str], faults: dict[str, str]) -> dt.date | None:
    try:
        return dt.date.fromisoformat(given[name]) if given[name] else None
    except ValueError:
        faults[name] = UNREADABLE
        return None


def take_in(session: Session, rows: Sequence[Row], *, actor: Actor, now: dt.datetime) -> Taken:
    """Add every row; one of a kind, region and name that is there corrects it.

    Raises:
        Invalid: A row cannot be read: nothing is taken in.
    """
    if any(row.facts is None for row in rows):
        raise Invalid({"sheet": N_("有读不懂的行，一行也没有导入")})
    wanted = [row.facts for row in rows if row.facts is not None]
    codes = {facts.region_code for facts in wanted}
    there = session.scalars(select(Station).where(Station.region_code.in_(codes)))
    known = {(each.kind, each.region_code, each.name): each.id for each in there}
    corrected = 0
    for facts in wanted:
        station_id = known.get((facts.kind, facts.region_code, facts.name))
        if station_id is None:
            made = service.add(session, facts, actor=actor, now=now)
            known[facts.kind, facts.region_code, facts.name] = made.id
        else:
            service.correct(session, station_id, facts, actor=actor, now=now)
            corrected += 1
    return Taken(len(wanted) - corrected, corrected)
