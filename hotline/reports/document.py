"""A report as what it says: a title, remarks, tables. Screen, sheet and print show the same one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

Cell = str | int
CHINESE: Final = 0x2E80  # where the wide letters of Unicode begin
MOST_BARS: Final = 31  # a month of days
MOST_LYING: Final = 20  # as many as a page holds with two bars each
NARROWEST: Final = 8
WIDEST: Final = 60
NUMBER: Final = re.compile(
    r"[-+]?[\d.,]*(%| s| h)?|–|[\d.]+–[\d.]+%|[\d.%–]+ \(\d+/\d+\)|– \(0/0\)"
)
KNOWN: Final = re.compile(r"^\d{4}-|–.*")  # of a day its year, of an hour its end


@dataclass(frozen=True)
class Table:
    """One table; the cells of the first column name their rows.

    Attributes:
        total: Whether the last row is the sum of those above it.
        drawn: The columns that are drawn as bars beside the table, all of whole numbers.
        upright: Whether the bars stand, as those of hours and days do.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    total: bool = False
    drawn: Sequence[int] = ()
    upright: bool = False

    @property
    def bars(self) -> Sequence[Sequence[Cell]]:
        """Return the rows that are drawn: the first ones, never the sum, and not if all is zero."""
        most = MOST_BARS if self.upright else MOST_LYING
        rows = self.rows[: min(len(self.rows) - self.total, most)]
        return rows if any(row[at] for row in rows for at in self.drawn) else []

    def under(self, label: str) -> str:
        """Return what stands at a bar: the whole *label*, or under it what tells it apart."""
        return KNOWN.sub("", label) if self.upright else label

    def numeric(self, at: int) -> bool:
        """Return whether a column holds numbers alone, which stand to the right."""
        return at > 0 and all(NUMBER.fullmatch(str(row[at])) for row in self.rows)

    def width(self, at: int) -> int:
        """Return how many letters wide a column is; a Chinese letter is as wide as two."""
        texts = [self.columns[at], *(str(row[at]) for row in self.rows)]
        widest = max(sum(1 + (ord(letter) >= CHINESE) for letter in text) for text in texts)
        return min(max(widest + 2, NARROWEST), WIDEST)


@dataclass(frozen=True)
class Document:
    """A whole report, in one language.

    Attributes:
        name: For the file: letters, digits and dashes.
        remarks: What must be known of the figures: as of when, of what, which edition.
    """

    name: str
    title: str
    remarks: Sequence[str]
    tables: Sequence[Table] = field(default=())

    def plain(self) -> dict[str, Any]:
        """Return it as JSON has it, every cell a text."""
        return {
            "title": self.title,
            "remarks": list(self.remarks),
            "tables": [
                {
                    "title": table.title,
                    "note": table.note,
                    "total": table.total,
                    "columns": list(table.columns),
                    "numeric": [table.numeric(at) for at in range(len(table.columns))],
                    "widths": [table.width(at) for at in range(len(table.columns))],
                    "bars": [
                        [table.under(str(row[0])), *(int(row[at]) for at in table.drawn)]
                        for row in table.bars
                    ],
                    "legend": [table.columns[at] for at in table.drawn],
                    "upright": table.upright,
                    "rows": [[str(cell) for cell in row] for row in table.rows],
                }
                for table in self.tables
            ],
        }
