"""The rows a new database begins with: true to their sources, and made again by their scripts."""

import csv
import datetime as dt
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import chinese_calendar
import holidays
import pytest

ROOT = Path(__file__).parents[2]
DATA = ROOT / "migrations/data"


def rows(name: str) -> list[dict[str, str]]:
    """Read one file of reference rows."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def script(name: str) -> ModuleType:
    """Load a script of `bin/`."""
    spec = importlib.util.spec_from_file_location(name, ROOT / f"bin/{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _working(row: dict[str, str]) -> bool:
    return row["kind"] in {"workday", "makeup"}


def test_the_calendar_knows_every_day_once() -> None:
    days = [dt.date.fromisoformat(row["day"]) for row in rows("calendar_day")]
    assert days == [days[0] + dt.timedelta(days=n) for n in range(len(days))]
    assert (days[0], days[-1]) == (dt.date(2025, 1, 1), dt.date(2028, 12, 31))


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_arranged_years_equal_two_libraries(year: int) -> None:
    china = holidays.country_holidays("CN", years=year)
    for row in rows("calendar_day"):
        day = dt.date.fromisoformat(row["day"])
        if day.year == year:
            assert _working(row) == chinese_calendar.is_workday(day) == china.is_working_day(day)
            assert row["provisional"] == "0"


def test_working_days_of_a_year_add_up() -> None:
    for year in ("2025", "2026"):
        assert sum(_working(row) for row in rows("calendar_day") if row["day"][:4] == year) == 248


@pytest.mark.parametrize("year", [2027, 2028])
def test_later_years_are_the_law_s_days_and_provisional(year: int) -> None:
    china = holidays.country_holidays("CN", years=year)
    for row in rows("calendar_day"):
        day = dt.date.fromisoformat(row["day"])
        if day.year == year:
            assert row["provisional"] == "1"
            assert (row["kind"] == "holiday") == (day in china), day


def test_kinds_agree_with_the_week() -> None:
    weekend = {"rest": True, "makeup": True, "workday": False}
    for row in rows("calendar_day"):
        if row["kind"] in weekend:
            is_weekend = dt.date.fromisoformat(row["day"]).weekday() >= 5
            assert is_weekend == weekend[row["kind"]], row


def test_there_are_20_groups_and_81_subjects_with_english_names() -> None:
    found = rows("category")
    assert len({row["code"] for row in found}) == 81
    assert len({row["group_code"] for row in found}) == 20
    assert all(row["code"].startswith(row["group_code"]) for row in found)


@pytest.mark.parametrize("name", ["region", "unit", "category", "reason", "service_class"])
def test_every_name_has_its_english(name: str) -> None:
    for row in rows(name):
        english = {key: text for key, text in row.items() if key.endswith("name_en")}
        assert all(text.isascii() and text.strip() for text in english.values()), row


def test_reasons_cover_every_list_without_doubles() -> None:
    keys = [(row["list"], row["code"]) for row in rows("reason")]
    assert len(keys) == len(set(keys))
    assert {name for name, _ in keys} == {
        "no_ticket", "reject", "return", "suspend", "dissatisfied", "bounce", "void",
        "withdraw", "rework", "uphold", "not_possible",
    }  # fmt: skip


def test_units_are_what_their_script_makes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    made = script("reference_units")
    regions = made.read_regions()
    units = made.make_units(regions)
    assert [list(row.values()) for row in rows("unit")] == units.rows
    assert [list(row.values()) for row in rows("routing_rule")] == list(
        made.make_rules(regions, units)
    )


def test_the_calendar_is_what_its_script_makes() -> None:
    made = script("reference_calendar")
    assert [list(row.values()) for row in rows("calendar_day")] == list(made.rows())
