"""Load the reference rows that make a new database work: one CSV a table.

The files in `data/` belong to the revision that loads them and never change after a
release; later changes are rows that an administrator edits or a revision of their own.
"""

import csv
import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

DATA: Final = Path(__file__).parent / "data"
ORDER: Final = (
    "region",
    "unit",
    "category",
    "reason",
    "routing_rule",
    "calendar_day",
    "service_class",
    "ladder_rung",
    "opening_hours",
)
BATCH: Final = 500

READ: Final[dict[type[Any], Callable[[str], Any]]] = {
    int: int,
    bool: lambda text: text in {"1", "true", "True"},
    dt.date: dt.date.fromisoformat,
    dt.time: dt.time.fromisoformat,
    dict: json.loads,
    str: str,
}


def load(connection: sa.Connection) -> None:
    """Insert the rows of every file in `data/`, parents first."""
    metadata = sa.MetaData()
    metadata.reflect(connection, only=[name for name in ORDER if (DATA / f"{name}.csv").exists()])
    for name in ORDER:
        if name in metadata.tables:
            _fill(connection, metadata.tables[name])


def _fill(connection: sa.Connection, table: sa.Table) -> None:
    with (DATA / f"{table.name}.csv").open(newline="", encoding="utf-8") as file:
        rows = [
            {key: _read(table.c[key], text) for key, text in row.items()}
            for row in csv.DictReader(file)
        ]
    for start in range(0, len(rows), BATCH):
        connection.execute(table.insert(), rows[start : start + BATCH])


def _read(column: sa.Column[Any], text: str) -> Any:
    if text == "" and column.nullable:
        return None
    return READ[column.type.python_type](text)
