"""Files that go out: examples to fill in, and rows to mend with what is wrong with them."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from hotline.imports.reading import FORMULA

REASON: Final = "错误原因"  # the head before the others; no kind has a column of that name


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a CSV that every spreadsheet opens as UTF-8; nothing in it is a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([safe(head) for head in heads])
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def safe(cell: str) -> str:
    """Return a cell with an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
