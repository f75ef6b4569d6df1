"""A report as a workbook: one sheet a table, every cell a text or a number, never a formula."""

import io
import re
from typing import Any, Final

import xlsxwriter

from hotline.reports.document import Cell, Document, Table

NOT_IN_NAMES: Final = re.compile(r"[\[\]:*?/\\']")
LONGEST_NAME: Final = 31  # letters of a sheet's name, as Excel has it
PAPER_A4: Final = 9
COLOURS: Final = ("#1F4E8C", "#9CC3E6")  # apart in print and to every eye


def workbook(document: Document) -> bytes:
    """Return *document* as an Excel file.

    What begins with `=` stays a text: nobody's name becomes a formula on a leader's desk.
    """
    target = io.BytesIO()
    made = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, made) as book:
        book.set_properties({"title": document.title, "comments": "\n".join(document.remarks)})
        formats = {
            "title": book.add_format({"bold": True, "font_size": 14}),
            "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True}),
            "cell": book.add_format({"text_wrap": True, "valign": "top"}),
            "right": book.add_format({"align": "right", "valign": "top"}),
            "total": book.add_format({"bold": True, "top": 1}),
        }
        for number, table in enumerate(document.tables, 1):
            _sheet(book, formats, document, table, number)
    return target.getvalue()


def _sheet(
    book: xlsxwriter.Workbook,
    formats: dict[str, object],
    document: Document,
    table: Table,
    number: int,
) -> None:
    name = NOT_IN_NAMES.sub(" ", f"{number} {table.title}")[:LONGEST_NAME]
    sheet = book.add_worksheet(name)
    sheet.set_paper(PAPER_A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    lines = [f"{document.title} · {table.title}", *document.remarks, table.note]
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line, formats["title"] if row == 0 else None)
    top = len(lines) + 1
    for column, label in enumerate(table.columns):
        sheet.write_string(top, column, label, formats["head"])
        sheet.set_column(column, column, table.width(column))
    sheet.repeat_rows(top)
    sheet.freeze_panes(top + 1, 1)
    for row, cells in enumerate(table.rows, top + 1):
        last = table.total and row == top + len(table.rows)
        for column, cell in enumerate(cells):
            style = "total" if last else "right" if table.numeric(column) else "cell"
            _write(sheet, row, column, cell, formats[style])
    if table.bars:
        _draw(book, sheet, name, table, top)


def _draw(book: xlsxwriter.Workbook, sheet: Any, name: str, table: Table, top: int) -> None:
    """Draw the rows as bars beside the table: the workbook's own chart, of its own cells."""
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
        chart.set_y_axis({"reverse": True})  # as the table has it, from above
    chart.set_size({"width": 640, "height": max(300, 0 if table.upright else 22 * len(table.bars))})
    sheet.insert_chart(top, len(table.columns) + 1, chart, {"description": table.title})


def _write(sheet: object, row: int, column: int, cell: Cell, style: object) -> None:
    write = sheet.write_number if isinstance(cell, int) else sheet.write_string  # type: ignore[attr-defined]  # the library says no types
    write(row, column, cell, style)
