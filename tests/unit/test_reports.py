"""Sheets and prints: the same cells, no formula from anybody's name, letters embedded."""

import io
import re
import zipfile
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from hotline.reports import printed, sheets, tables
from hotline.reports.document import Document, Table
from tests import workbooks

EVIL = '=HYPERLINK("http://example.test","点我")'
ROWS = [[EVIL, 3, "75.00%"], ["乙", 1, "25.00%"], ["合计", 4, "100%"]]
TABLE = Table(
    "来源/渠道", ["单位", "受理", "占比"], ROWS, note='#read("/etc/hostname")', total=True
)
REPORT = Document(
    "report-day-2026-11-23", "日报", ["2026-11-23", "数字截至 2026-11-23 09:00"], [TABLE]
)


def test_a_workbook_has_every_cell_and_no_formula() -> None:
    book = load_workbook(io.BytesIO(sheets.workbook(REPORT)))
    (sheet,) = book.worksheets
    assert workbooks.said(sheet)[-4:] == [
        ["单位", "受理", "占比"],
        [EVIL, "3", "75.00%"],
        ["乙", "1", "25.00%"],
        ["合计", "4", "100%"],
    ]
    assert [row[2].value for row in [*sheet.iter_rows()][-3:]] == [0.75, 0.25, 1]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


def test_what_is_printed_as_a_number_is_one_in_the_sheet() -> None:
    texts = ["99.99%", "+8500.0%", "-3.8%", "1,990,800.00", "2.5", "–", "7.5 h", "1.00% (1/100)"]
    table = Table("演示", ["项目", "数"], [["甲", text] for text in texts])
    book = load_workbook(io.BytesIO(sheets.workbook(Document("x", "x", [], [table]))))
    rows = [*book.worksheets[0].iter_rows()][-len(texts) :]
    assert [said for _, said in workbooks.said(book.worksheets[0])[-len(texts) :]] == texts
    assert [row[1].value for row in rows] == [0.9999, 85, -0.038, 1_990_800, 2.5, *texts[5:]]


def test_a_column_of_numbers_stands_to_the_right() -> None:
    assert [TABLE.numeric(at) for at in range(3)] == [False, True, True]
    mixed = Table(
        "",
        ["a", "b", "c", "d", "e"],
        [
            ["1", "低于", "+3.1%", "95.30% (3/4)", "89.9–100.0%"],
            ["2", "", "–", "– (0/0)", ""],
        ],
    )
    assert [mixed.numeric(at) for at in range(5)] == [False, False, True, True, True]


def test_a_print_embeds_its_letters_and_reads_no_markup() -> None:
    pytest.importorskip("typst", reason="requirements-extra.txt brings typst")
    made = printed.pdf(REPORT)
    assert made.startswith(b"%PDF-")
    assert b"FontFile" in made, "Chinese letters are in the file"


def test_growth_of_nothing_is_no_number() -> None:
    assert tables.growth(3, 2) == "+50.0%"
    assert tables.growth(1, 2) == "-50.0%"
    assert tables.growth(1, 0) == "–"


DRAWN = Table(
    "按日",
    ["日期", "受理", "已办结"],
    [["11-22", 5, 3], ["11-23", 7, 0], ["合计", 12, 3]],
    total=True,
    drawn=(1, 2),
    upright=True,
)


def test_what_stands_under_a_bar_is_no_wider_than_the_bar_has_room() -> None:
    assert DRAWN.under("2026-11-22") == "11-22"
    assert DRAWN.under("08:00–09:00") == "08:00"
    lying = replace(DRAWN, upright=False)
    assert lying.under("演示–包头市总工会") == "演示–包头市总工会", "beside it there is room"


def test_where_all_is_zero_nothing_is_drawn() -> None:
    assert replace(DRAWN, rows=[["11-22", 0, 0], ["合计", 0, 0]]).bars == []


def test_every_printed_page_of_a_sheet_says_what_it_is_of() -> None:
    document = replace(REPORT, title="专报：工资&补贴")
    (sheet,) = load_workbook(io.BytesIO(sheets.workbook(document))).worksheets
    assert sheet.oddFooter.left.text == "专报：工资&&补贴 · 2026-11-23"
    assert sheet.oddFooter.right.text == "&P / &N"
    assert sheet.print_title_rows == "$6:$6", "and repeats the head"


def test_a_chart_is_of_the_tables_own_cells_and_never_of_its_sum() -> None:
    assert DRAWN.bars == DRAWN.rows[:2]
    assert TABLE.bars == []
    document = Document("report-month-2026-11", "月报", ["2026-11"], [DRAWN])
    (told,) = document.plain()["tables"]
    assert told["bars"] == [["11-22", 5, 3], ["11-23", 7, 0]]
    assert told["legend"] == ["受理", "已办结"]
    with zipfile.ZipFile(io.BytesIO(sheets.workbook(document))) as book:
        chart = book.read("xl/charts/chart1.xml").decode()
    cells = re.findall(r"<c:f>(.*?)</c:f>", chart)
    assert cells == [
        f"'1 按日'!{place}"
        for place in (
            *("$B$5", "$A$6:$A$7", "$B$6:$B$7"),
            *("$C$5", "$A$6:$A$7", "$C$6:$C$7"),
        )
    ]
    pytest.importorskip("typst", reason="requirements-extra.txt brings typst")
    assert printed.pdf(document).startswith(b"%PDF-")
