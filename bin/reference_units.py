#!/usr/bin/env python3
"""Write unit.csv and routing_rule.csv from region.csv: the union's tree and its partners'.

Run from the repository root. The union's tree differs from the region's in two ways:
Manzhouli and Erenhot hang directly below the region's union, and five development zones
have unions without being divisions.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

DATA = Path("migrations/data")
SINCE = "2020-01-01"
REGION, LEAGUE, BANNER = 1, 2, 3
DIRECT = {"150781", "152501"}
ZONES = (
    (
        "150172",
        "1501",
        "呼和浩特经济技术开发区",
        "Hohhot Economic and Technological Development Zone",
    ),
    ("150271", "1502", "包头稀土高新技术产业开发区", "Baotou Rare Earth High-Tech Zone"),
    (
        "150571",
        "1505",
        "通辽经济技术开发区",
        "Tongliao Economic and Technological Development Zone",
    ),
    ("152571", "1525", "乌拉盖管理区", "Ulagai Administrative Zone"),
    ("152971", "1529", "阿拉善高新技术产业开发区", "Alxa High-Tech Zone"),
)
PARTIES = ("court", "procuratorate", "labour", "justice")
FIRST_PARTNER = {"court": 201, "procuratorate": 401, "labour": 601, "justice": 801}
HOTLINE_SUBJECTS = {  # what the centre takes itself, wherever it comes from
    "N2": "心理危机由热线中心直接处置",
    "R3": "投诉热线服务；按上提一级规则由自治区总工会办理",
    "S1": "法规政策建议由热线中心汇总",
    "T1": "非工会职责，由热线中心转出",
}


@dataclass
class Region:
    """One row of region.csv."""

    code: str
    name: str
    name_en: str
    parent_code: str
    level: int

    @property
    def unit(self) -> str:
        """The code of its union: `15`, `1501`, `150102`."""
        return self.code[: {REGION: 2, LEAGUE: 4, BANNER: 6}[self.level]]

    @property
    def parent(self) -> str:
        """The code of the union above."""
        if self.level == REGION:
            return ""
        return "15" if self.level == LEAGUE else self.code[:4]


@dataclass
class Units:
    """The rows of unit.csv in the order of their writing, parents first."""

    rows: list[list[str]] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)
    paths: dict[str, str] = field(default_factory=dict)

    def add(
        self, number: int, code: str, names: tuple[str, str], kind: str, parent: str, region: str
    ) -> None:
        """Add one unit below *parent*, or a root."""
        self.ids[code] = number
        self.paths[code] = f"{self.paths.get(parent, '/')}{number}/"
        above = str(self.ids[parent]) if parent else ""
        self.rows.append(
            [str(number), code, *names, kind, above, self.paths[code], region, "", SINCE, ""]
        )


def union_names(region: Region) -> tuple[str, str]:
    """Return the names of a region's union."""
    return f"{region.name}总工会", f"{region.name_en} Federation of Trade Unions"


def court_names(region: Region) -> tuple[str, str]:
    """Return the names of a region's court."""
    rank, english = {
        REGION: ("高级人民法院", "High People's Court"),
        LEAGUE: ("中级人民法院", "Intermediate People's Court"),
        BANNER: ("人民法院", "People's Court"),
    }[region.level]
    return region.name + rank, f"{region.name_en} {english}"


def procuratorate_names(region: Region) -> tuple[str, str]:
    """Return the names of a region's procuratorate; a league has a branch of the region's."""
    if region.name.endswith("盟"):
        short, english = region.name[:-1], region.name_en.removesuffix(" League")
        return (
            f"内蒙古自治区人民检察院{short}分院",
            f"{english} Branch of the Inner Mongolia People's Procuratorate",
        )
    return f"{region.name}人民检察院", f"{region.name_en} People's Procuratorate"


def labour_names(region: Region) -> tuple[str, str]:
    """Return the names of a region's labour bureau."""
    rank, english = ("厅", "Department") if region.level == REGION else ("局", "Bureau")
    return (
        f"{region.name}人力资源和社会保障{rank}",
        f"{region.name_en} Human Resources and Social Security {english}",
    )


def justice_names(region: Region) -> tuple[str, str]:
    """Return the names of a region's justice bureau."""
    rank, english = ("厅", "Department") if region.level == REGION else ("局", "Bureau")
    return f"{region.name}司法{rank}", f"{region.name_en} Justice {english}"


NAMES = {
    "court": court_names,
    "procuratorate": procuratorate_names,
    "labour": labour_names,
    "justice": justice_names,
}


def read_regions() -> list[Region]:
    """Return the regions, each level before the next."""
    with (DATA / "region.csv").open(encoding="utf-8", newline="") as file:
        rows = [Region(**row | {"level": int(row["level"])}) for row in csv.DictReader(file)]
    return sorted(rows, key=lambda row: (row.level, row.code))


def make_units(regions: list[Region]) -> Units:
    """Return the whole tree: unions, the centre, zones, then the partners' four trees."""
    units = Units()
    units.add(1, "15", union_names(regions[0]), "union", "", regions[0].code)
    centre = ("12351职工服务热线中心", "12351 Workers' Hotline Centre")
    units.add(2, "hotline", centre, "centre", "15", regions[0].code)
    for number, region in enumerate(regions[1:], 3):
        parent = "15" if region.code in DIRECT else region.parent
        units.add(number, region.unit, union_names(region), "union", parent, region.code)
    for number, (code, parent, name, english) in enumerate(ZONES, len(units.rows) + 1):
        names = (f"{name}总工会", f"{english} Federation of Trade Unions")
        units.add(number, code, names, "zone", parent, f"{parent}00")
    for party in PARTIES:
        for number, region in enumerate(regions, FIRST_PARTNER[party]):
            parent = f"{party}-{region.parent}" if region.parent else ""
            code = f"{party}-{region.unit}"
            units.add(number, code, NAMES[party](region), "partner", parent, region.code)
    return units


def make_rules(regions: list[Region], units: Units) -> Iterator[list[str]]:
    """Give one rule for every party and region, then what the centre takes itself."""
    number = 0
    for party in ("union", *PARTIES):
        for region in regions:
            number += 1
            code = region.unit if party == "union" else f"{party}-{region.unit}"
            yield [str(number), party, region.code, "", str(units.ids[code]), "", SINCE, ""]
    for category, note in HOTLINE_SUBJECTS.items():
        number += 1
        yield [str(number), "union", "", category, str(units.ids["hotline"]), note, SINCE, ""]


def write(name: str, head: str, rows: list[list[str]]) -> None:
    """Write one file of `migrations/data`."""
    with (DATA / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(head.split(","))
        out.writerows(rows)


if __name__ == "__main__":
    known = read_regions()
    made = make_units(known)
    write(
        "unit",
        "id,code,name,name_en,kind,parent_id,path,region_code,duty_phone,valid_from,valid_to",
        made.rows,
    )
    write(
        "routing_rule",
        "id,party,region_code,category_code,unit_id,note,valid_from,valid_to",
        list(make_rules(known, made)),
    )
