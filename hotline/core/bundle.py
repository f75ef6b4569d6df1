"""Rows of several tables that are written together if the first is new, and a number with them.

The statements are written out once, and each is given to the driver as it is: this is
for the busiest way in, where composing them anew each time would take longer than all the
rest. Tables, columns, types and defaults are those of the models.
"""

# ruff: noqa: S608 - every name is one of our models; what varies is a parameter

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from sqlalchemy import String, Table
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.schema import ScalarElementColumnDefault
from sqlalchemy.types import TypeEngine

DIGITS: Final = 4  # of a number within its day; more when a day has more
Mark = Callable[[str], str]


class Row:
    """One row: for each column the name of its value, or a constant as it is."""

    def __init__(self, table: Table, constants: Mapping[str, Any], **names: str) -> None:
        """Bind columns to *names* of values; what is left out is empty or at its default."""
        usual = {
            column.name: column.default.arg
            for column in table.columns
            if isinstance(column.default, ScalarElementColumnDefault)
        }
        self.table = table
        self.names = names
        self.constants = {n: v for n, v in {**usual, **constants}.items() if n not in names}

    def insert(self, source: str, mark: Mark = str) -> str:
        """Return the INSERT from *source*, or of values if there is none, each as *mark* has it."""
        marks = [mark(name) for name in self.names.values()]
        values = ", ".join([*marks, *map(_literal, self.constants.values())])
        into = f"INSERT INTO {self.table.name} ({', '.join([*self.names, *self.constants])})"
        if not source:
            return f"{into} VALUES ({values})"
        return f"{into} SELECT {values} FROM {source}"


@dataclass(frozen=True)
class Bundle:
    """What is written together.

    Attributes:
        new: The first row; if its *unique* column is known already, nothing is written.
        rows: Rows that need no number.
        last: The row that takes the number, as the value `number`.
        counter: The table (`day`, `n`) the number is counted in; `day` is a value, too.
    """

    new: Row
    unique: str
    rows: Sequence[Row]
    last: Row
    counter: Table

    @property
    def kinds(self) -> dict[str, TypeEngine[Any]]:
        """The type of each value: that of its column."""
        found = {"day": self.counter.c.day.type, "prefix": String()}
        for row in (self.new, *self.rows, self.last):
            found |= {name: row.table.c[column].type for column, name in row.names.items()}
        del found["number"]
        return found

    @property
    def key(self) -> str:
        """The value that is the first row's id."""
        return self.new.names["id"]

    def statement(self, dialect: Dialect) -> str:
        """Return the one statement for PostgreSQL: any number of bundles from one JSON list.

        It gives the keys of those that were new. The counter's row is locked last.
        """
        fields = ", ".join(f"{n} {kind.compile(dialect)}" for n, kind in self.kinds.items())
        written = " + ".join(f"(SELECT count(*) FROM row{at})" for at in range(len(self.rows)))
        days = f"SELECT day, count(*) FROM fresh WHERE {written} > 0 GROUP BY day"
        number = f"prefix || lpad(n, greatest(length(n), {DIGITS}), '0')"
        place = "(n + 1 - row_number() OVER (PARTITION BY day))"
        chain = [
            f"given AS (SELECT * FROM json_to_recordset(%s::json) AS g ({fields}))",
            f"new AS ({self.new.insert('given')} {self._unless_known} RETURNING id)",
            f"fresh AS (SELECT given.* FROM given JOIN new ON new.id = {self.key})",
            *(
                f"row{at} AS ({row.insert('fresh')} RETURNING 1)"
                for at, row in enumerate(self.rows)
            ),
            f"counted AS ({self._count(days)}, day)",
            f"numbered AS (SELECT fresh.*, {place}::text AS n FROM fresh JOIN counted USING (day))",
        ]
        last = self.last.insert("numbered", lambda name: number if name == "number" else name)
        return f"WITH {', '.join(chain)} {last} RETURNING {self.key}"

    @property
    def statements(self) -> tuple[str, ...]:
        """The statements for SQLite: the first, the rows, the counter's, the last."""
        mark = ":{}".format
        return (
            f"{self.new.insert('', mark)} {self._unless_known}",
            *(row.insert("", mark) for row in self.rows),
            self._count("VALUES (:day, 1)"),
            self.last.insert("", mark),
        )

    @property
    def _unless_known(self) -> str:
        return f"ON CONFLICT ({self.unique}) DO NOTHING"

    def _count(self, more: str) -> str:
        return (
            f"INSERT INTO {self.counter.name} AS c (day, n) {more}"
            " ON CONFLICT (day) DO UPDATE SET n = c.n + excluded.n RETURNING n"
        )


def prefix(day: dt.date) -> str:
    """Return what the numbers of a *day* begin with: `261122-`."""
    return f"{day:%y%m%d}-"


def written_number(day: dt.date, n: int) -> str:
    """Return the number as people say it: `261122-0007`."""
    return f"{prefix(day)}{n:0{DIGITS}d}"


def _literal(value: Any) -> str:
    if isinstance(value, Enum):
        return f"'{value.value}'"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return f"'{value}'" if isinstance(value, str) else str(value)
