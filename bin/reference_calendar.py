#!/usr/bin/env python3
"""Write calendar_day.csv: 2025 and 2026 as the State Council arranged them, then provisional years.

Run from the repository root. A year that is not arranged yet has its weekends and its
statutory days off (全国年节及纪念日放假办法, as revised in 2024), those that fall on a weekend
made good on the next working days (article 6), and no weekend days that are worked.
"""

import csv
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

DAY = dt.timedelta(days=1)
SATURDAY = 5
NOTICE = {
    2025: "国办发明电〔2024〕12号",
    2026: "国务院办公厅关于2026年部分节假日安排的通知",
}
STATUTORY = "全国年节及纪念日放假办法（2024年修订）；待国务院办公厅通知"

# Each festival: its name, first and last day off, and the weekend days worked for it.
ARRANGED = (
    ("元旦", "2025-01-01", "2025-01-01", ()),
    ("春节", "2025-01-28", "2025-02-04", ("2025-01-26", "2025-02-08")),
    ("清明节", "2025-04-04", "2025-04-06", ()),
    ("劳动节", "2025-05-01", "2025-05-05", ("2025-04-27",)),
    ("端午节", "2025-05-31", "2025-06-02", ()),
    ("国庆节、中秋节", "2025-10-01", "2025-10-08", ("2025-09-28", "2025-10-11")),
    ("元旦", "2026-01-01", "2026-01-03", ("2026-01-04",)),
    ("春节", "2026-02-15", "2026-02-23", ("2026-02-14", "2026-02-28")),
    ("清明节", "2026-04-04", "2026-04-06", ()),
    ("劳动节", "2026-05-01", "2026-05-05", ("2026-05-09",)),
    ("端午节", "2026-06-19", "2026-06-21", ()),
    ("中秋节", "2026-09-25", "2026-09-27", ()),
    ("国庆节", "2026-10-01", "2026-10-07", ("2026-09-20", "2026-10-10")),
)
EXPECTED = (
    ("元旦", "2027-01-01", "2027-01-01", ()),
    ("春节", "2027-02-05", "2027-02-10", ()),
    ("清明节", "2027-04-05", "2027-04-05", ()),
    ("劳动节", "2027-05-01", "2027-05-04", ()),
    ("端午节", "2027-06-09", "2027-06-09", ()),
    ("中秋节", "2027-09-15", "2027-09-15", ()),
    ("国庆节", "2027-10-01", "2027-10-05", ()),
    ("元旦", "2028-01-01", "2028-01-01", ()),
    ("元旦补假", "2028-01-03", "2028-01-03", ()),
    ("春节", "2028-01-25", "2028-01-28", ()),
    ("清明节", "2028-04-04", "2028-04-04", ()),
    ("劳动节", "2028-05-01", "2028-05-02", ()),
    ("端午节", "2028-05-28", "2028-05-29", ()),
    ("国庆节", "2028-10-01", "2028-10-04", ()),
    ("中秋节", "2028-10-03", "2028-10-03", ()),
)


def rows() -> Iterator[list[str]]:
    """Give one row a day, in order."""
    off, made_up = festivals()
    day, end = dt.date(2025, 1, 1), dt.date(2028, 12, 31)
    while day <= end:
        if day in off:
            kind, name = "holiday", off[day]
        elif day in made_up:
            kind, name = "makeup", f"{made_up[day]}调休上班"
        else:
            kind, name = ("rest" if day.weekday() >= SATURDAY else "workday"), ""
        source = NOTICE.get(day.year, STATUTORY)
        yield [day.isoformat(), "", kind, name, source, str(int(day.year not in NOTICE))]
        day += DAY


def festivals() -> tuple[dict[dt.date, str], dict[dt.date, str]]:
    """Return the days off and the days worked for them, each with its festival."""
    off: dict[dt.date, str] = {}
    made_up: dict[dt.date, str] = {}
    for name, first, last, worked in (*ARRANGED, *EXPECTED):
        day = dt.date.fromisoformat(first)
        while day <= dt.date.fromisoformat(last):
            off[day] = f"{off[day]}、{name}" if day in off else name
            day += DAY
        made_up |= {dt.date.fromisoformat(text): name for text in worked}
    return off, made_up


if __name__ == "__main__":
    with Path("migrations/data/calendar_day.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["day", "scope", "kind", "name", "source", "provisional"])
        out.writerows(rows())
