"""What a workbook's cells say to whoever opens it: the number as its format writes it."""

from typing import Any

from openpyxl.worksheet.worksheet import Worksheet


def said(sheet: Worksheet) -> list[list[str]]:
    """Return every row of *sheet* as it is read, its empty cells as empty texts."""
    return [[_said(cell) for cell in row] for row in sheet.iter_rows()]


def _said(cell: Any) -> str:
    value, written = cell.value, str(cell.number_format).partition(";")[0]
    if value is None:
        return ""
    if isinstance(value, str) or written == "General":
        return str(value)
    share = written.endswith("%")
    places = len(written.rstrip("%").partition(".")[2])
    shape = f"{'+' if written.startswith('+') else ''}{',' if ',' in written else ''}.{places}f"
    return format(100 * value if share else value, shape) + "%" * share
