"""Which service class a matter runs under. No framework here."""

import datetime as dt
from typing import Final

TRIAGE: Final = "triage"
BY_DEMAND: Final = {
    "inquiry": "inquiry",
    "complaint": "complaint",
    "legal": "help",
    "suggestion": "suggestion",
    "help": "help",
    "praise": "suggestion",
    "other": "inquiry",
}
BY_URGENCY: Final = {"critical": "critical", "urgent": "urgent"}
HARD: Final = {"C3": "complaint_hard", "C5": "complaint_hard"}  # lay-offs, closures and removals
WAGES: Final = ("A1", "A2", "A8")  # 欠薪, and what is owed when somebody leaves

SEASON_OPENS: Final = (11, 1)
SPRING_FESTIVAL: Final = {
    2024: (2, 10),
    2025: (1, 29),
    2026: (2, 17),
    2027: (2, 6),
    2028: (1, 26),
    2029: (2, 13),
    2030: (2, 3),
    2031: (1, 23),
    2032: (2, 11),
}
LATEST: Final = (2, 21)  # no Spring Festival falls later


def service_class(
    *,
    classified: bool,
    demand_type: str | None,
    category: str | None,
    urgency: str,
    mass: bool,
    received_on: dt.date,
) -> str:
    """Return the code of the class: danger first, then the winter season, then the demand.

    Until a matter is classified it runs under `triage`, urgent ones excepted. A mass
    matter is at least urgent.
    """
    if urgency in BY_URGENCY:
        return BY_URGENCY[urgency]
    if mass:
        return BY_URGENCY["urgent"]
    if not classified or demand_type is None or category is None:
        return TRIAGE
    if demand_type != "complaint":
        return BY_DEMAND[demand_type]
    if category in WAGES and in_wage_season(received_on):
        return "wages"
    return HARD.get(category, BY_DEMAND["complaint"])


def in_wage_season(day: dt.date) -> bool:
    """Return whether *day* lies between 1 November and the Spring Festival, both included."""
    month_day = (day.month, day.day)
    return month_day >= SEASON_OPENS or month_day <= SPRING_FESTIVAL.get(day.year, LATEST)
