"""A report as a workbook: one sheet a table, every cell a text or a number, never a formula.

A rate is the number that was printed, written as it was printed: a sum of money can be added up,
and 99.99% stays what it is.
"""

import io
import re
from typing import Any, Final

import xlsxwriter

from hotline.reports.document import Cell, Document, Table

NOT_IN_NAMES: Final = re.compile(r"[\[\]:*?/\\']")
LONGEST_NAME: Final = 31  # letters of a sheet's name, as Excel has it
PAPER_A4: Final = 9
PRINTED: Final = re.compile(r"(?P<sign>[-+]?)(?P<whole>[\d,]+)(?P<part>\.\d+)?(?P<percent>%?)")
BROAD: Final = 2  # rows a column, at most, of a drawn table that lies on its page
ONE_PAGE: Final = 50  # rows that are still read on one page together with their chart
COLOURS: Final = ("#1F4E8C", "#9CC3E6")  # apart in print and to every eye


def workbook(document: Document) -> bytes:
    """Return *document* as an Excel file.

    What begins with `=` stays a text: nobody's name becomes a formula on a leader's desk.
    """
    target = io.BytesIO()
    made = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, made) as book:
        book.set_properties({"title": document.title, "comments": "\n".join(document.remarks)})
        styles = Styles(book)
        for number, table in enumerate(document.tables, 1):
            _sheet(book, styles, document, table, number)
    return target.getvalue()


class Styles:
    """The formats of a workbook, each made once."""

    LOOKS: Final[dict[str, dict[str, Any]]] = {
        "title": {"bold": True, "font_size": 14},
        "head": {"bold": True, "bottom": 1, "text_wrap": True},
        "cell": {"valign": "top"},
        "total": {"bold": True, "top": 1},
    }

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        """Begin without any."""
        self._book = book
        self._made: dict[tuple[str, bool, str], Any] = {}

    def get(self, look: str, *, right: bool = False, number: str = "") -> Any:
        """Return a format: words wrap and stand off the number before them."""
        key = look, right, number
        if key not in self._made:
            aligned = {"align": "right"} if right else {"text_wrap": True, "indent": 1}
            extra = {} if look == "title" else aligned
            written = {"num_format": number} if number else {}
            self._made[key] = self._book.add_format(self.LOOKS[look] | extra | written)
        return self._made[key]


def _sheet(
    book: xlsxwriter.Workbook,
    styles: Styles,
    document: Document,
    table: Table,
    number: int,
) -> None:
    name = NOT_IN_NAMES.sub(" ", f"{number} {table.title}")[:LONGEST_NAME]
    sheet = book.add_worksheet(name)
    sheet.set_paper(PAPER_A4)
    foot = " · ".join([document.title, *document.remarks[:1]]).replace("&", "&&")
    sheet.set_footer(f"&L{foot}&R&P / &N")
    if not table.bars or len(table.rows) <= BROAD * len(table.columns):
        sheet.set_landscape()
    sheet.fit_to_pages(1, 1 if table.bars and len(table.rows) <= ONE_PAGE else 0)
    lines = [f"{document.title} · {table.title}", *document.remarks, table.note]
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line, styles.get("title") if row == 0 else None)
    top = len(lines) + 1
    for column, label in enumerate(table.columns):
        sheet.write_string(top, column, label, styles.get("head", right=table.numeric(column)))
        sheet.set_column(column, column, table.width(column))
    sheet.repeat_rows(top)
    sheet.freeze_panes(top + 1, 1)
    for row, cells in enumerate(table.rows, top + 1):
        last = table.total and row == top + len(table.rows)
        for column, cell in enumerate(cells):
            look = "total" if last else "cell"
            value, written = _valued(cell) if table.numeric(column) else (cell, "")
            style = styles.get(look, right=table.numeric(column), number=written)
            write = sheet.write_string if isinstance(value, str) else sheet.write_number
            write(row, column, value, style)
    if table.bars:
        _draw(book, sheet, name, table, top)


def _valued(cell: Cell) -> tuple[str | float, str]:
    """Return what a cell of numbers holds, and how a number is written; else its text.

    `+8.5%` is 0.085, written `+0.0%`.
    """
    found = None if isinstance(cell, int) else PRINTED.fullmatch(cell)
    if isinstance(cell, int) or found is None:
        return cell, ""
    written = "#,##0" if "," in found["whole"] else "0"
    written += f".{'0' * (len(found['part']) - 1)}" if found["part"] else ""
    written += found["percent"]
    if found["sign"]:
        written = f"+{written};-{written}"
    value = float(cell.replace(",", "").rstrip("%"))
    return round(value / 100, 6) if found["percent"] else value, written


def _draw(book: xlsxwriter.Workbook, sheet: Any, name: str, table: Table, top: int) -> None:
    """Draw the rows as bars below the table, where print has room: a chart of its own cells."""
    first, last = top + 1, top + len(table.bars)
    chart = book.add_chart({"type": "column" if table.upright else "bar"})
    for at, column in enumerate(table.drawn):
        chart.add_series(
            {
                "name": [name, top, column],
                "categories": [name, first, 0, last, 0],
                "values": [name, first, column, last, column],
                "fill": {"color": COLOURS[at]},
                "border": {"color": COLOURS[0]},
            }
        )
    chart.set_title({"name": table.title, "overlay": False, "name_font": {"size": 11}})
    chart.set_legend({"position": "bottom"})
    if not table.upright:
        chart.set_y_axis({"reverse": True, "interval_unit": 1})  # as the table has it, from above
    chart.set_size({"width": 640, "height": max(300, 0 if table.upright else 22 * len(table.bars))})
    sheet.insert_chart(top + len(table.rows) + 2, 0, chart, {"description": table.title})
