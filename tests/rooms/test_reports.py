"""Reports of periods: screen, sheet and bulletin say the same, and no part is left out."""

import io
import re
from collections.abc import Sequence
from html import unescape

import pytest
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from hotline.bulletins import periods, service
from hotline.bulletins.periods import PeriodKind
from hotline.core.db import transaction
from hotline.money import service as money
from hotline.money.models import Proof
from hotline.reports import printed
from hotline.reports.document import Document
from hotline.tickets.models import DemandType
from tests import workbooks
from tests.harness import Hotline
from tests.matters import received
from tests.people import Staff
from tests.rooms.browsing import AT, Browser, Browsers, forget

WORKER = "+8613800000001"


def file(page: Browser, path: str) -> TestResponse:
    """Get what is no text."""
    forget()
    return page._client.get(path, base_url=AT)


def test_a_report_is_the_bulletin_on_screen_and_in_the_sheet(
    hotline: Hotline, staff: Staff, browser: Browsers
) -> None:
    hotline.phone(WORKER).texts("演示工地拖欠三个月工资")
    hotline.phone("+8613800000002").texts("演示餐饮店没有签合同")
    hotline.forward(hours=40)
    day = periods.of(PeriodKind.DAY, hotline.now.date()).before
    transaction(
        lambda session: service.freeze(session, day, actor=staff.supervisor, now=hotline.now).id
    )
    page = browser()
    page.signs_in("supervisor")
    address = f"kind=day&on={day.first}"
    shown = page.get(f"/reports?{address}").get_data(as_text=True)
    assert "已封账并签名，第 1 版" in shown
    sheet = file(page, f"/reports/file.xlsx?{address}")
    assert sheet.headers["Content-Disposition"].endswith(f'"report-day-{day.first}.xlsx"')
    book = load_workbook(io.BytesIO(sheet.get_data()))
    names = [name.partition(" ")[2] for name in book.sheetnames]
    for title in ("总体情况", "主要指标", "来源渠道", "公开口径说明"):
        assert title in names
        assert f">{title}</h2>" in shown
    channels = list(book.worksheets[names.index("来源渠道")].iter_rows(values_only=True))
    assert channels[-1][:2] == ("合计", sum(row[1] for row in channels[-2:-1]))
    printed = file(page, f"/reports/file.pdf?{address}")
    assert printed.status_code in (200, 503), "503 says what is not installed"
    assert page.get(f"/reports/file.doc?{address}").status_code == 404


def test_a_special_report_is_of_one_category(hotline: Hotline, browser: Browsers) -> None:
    page = browser()
    page.signs_in("supervisor")
    days = "from=2026-11-01&to=2026-11-23"
    assert "专报：" in page.get(f"/reports/special?category=A1&{days}").get_data(as_text=True)
    assert file(page, f"/reports/special.xlsx?category=A1&{days}").status_code == 200
    assert page.get(f"/reports/special?{days}").status_code == 422
    assert page.get(f"/reports/special?category=Z9&{days}").status_code == 404
    page.signs_in("surveyor")
    assert page.get("/reports").status_code == 403


def tables_of(browser: Browser, address: str) -> dict[str, list[tuple[object, ...]]]:
    """Return the tables of a sheet by their titles, each with its rows."""
    sheet = file(browser, f"/reports/file.xlsx?{address}")
    book = load_workbook(io.BytesIO(sheet.get_data()))
    return {
        one.title.partition(" ")[2]: list(one.iter_rows(values_only=True))
        for one in book.worksheets
    }


def test_the_day_is_told_by_hour_and_the_month_by_what_came_back(
    hotline: Hotline, staff: Staff, browser: Browsers
) -> None:
    hotline.phone(WORKER).calls(patience=20)
    hotline.phone(WORKER).texts("演示工地拖欠三个月工资")
    hotline.forward(minutes=2)
    ticket, session = hotline.newest(), hotline.session
    given = {"actor": staff.supervisor, "now": hotline.now}
    claim = money.claim(session, ticket, "演示职工甲", 1_800_000, **given)
    money.pay(session, ticket, claim.id, 500_000, hotline.now.date(), Proof.BANK, **given)
    session.commit()
    hotline.forward(minutes=2)
    page = browser()
    page.signs_in("supervisor")
    day = tables_of(page, f"kind=day&on={hotline.now.date()}")
    *hours, total = (row for row in day["分时段接听"] if isinstance(row[1], int))
    assert [row[1] for row in hours] == [total[1]] == [1]
    *_rows, sums = day["来源渠道 × 诉求类型"]
    assert sums[0] == "合计"
    assert sums[-4] == 1 == next(r[1] for r in day["总体情况"] if r[0] == "受理工单")
    month = tables_of(page, f"kind=month&on={hotline.now.date()}")
    paid = {row[0]: row[1:3] for row in month["追回欠薪"]}
    assert paid["主张"] == (1, 18_000)
    assert paid["本期到账"] == paid["其中：银行凭证"] == (1, 5_000)
    assert paid["其中：单位陈述"] == (0, 0)
    assert "评价分布" in month
    shown = page.get(f"/reports?kind=month&on={hotline.now.date()}").get_data(as_text=True)
    assert "5,000.00" in shown, "the screen says what the sheet says"


CELLS = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)
SECTION = re.compile(r'<h2 id="table-\d+">(.*?)</h2>.*?<tbody>(.*?)</tbody>', re.DOTALL)


def on_screen(page: str) -> dict[str, list[list[str]]]:
    """Return the tables of a report's page by their titles, every cell a text."""
    return {
        unescape(title): [[unescape(cell) for cell in CELLS.findall(row)] for row in rows]
        for title, body in SECTION.findall(page)
        for rows in [body.split("</tr>")[:-1]]
    }


EACH = ("/file{}?kind=day", "/file{}?kind=week", "/file{}?kind=month", "/special{}?category=A1")


def test_every_cell_and_every_total_is_the_same_on_screen_in_the_sheet_and_in_print(
    hotline: Hotline, browser: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R93: what typst sets is what it is given; the rest is read back from page and sheet."""
    hotline.phone(WORKER).calls(patience=20)
    for n in range(3):
        hotline.phone(f"+861380000001{n}").texts("演示工地拖欠三个月工资")
    hotline.forward(minutes=2)
    given: list[Document] = []
    monkeypatch.setattr(printed, "pdf", lambda one, **_: given.append(one) or b"%PDF-")
    page = browser()
    page.signs_in("supervisor")
    for path in EACH:
        address = f"/reports{path}&from=2026-11-01&to=2026-11-30"
        shown = page.get(address.replace("/file", "").format("")).get_data(as_text=True)
        sheet = file(page, address.format(".xlsx"))
        assert file(page, address.format(".pdf")).status_code == 200
        screen, tables = on_screen(shown), given.pop().tables
        assert screen == {one.title: texts_of(one.rows) for one in tables}
        book = load_workbook(io.BytesIO(sheet.get_data()))
        for one, table in zip(book.worksheets, tables, strict=True):
            cells = workbooks.said(one)[-len(table.rows) :]
            width = len(table.columns)
            assert [row[:width] for row in cells] == screen[table.title] or not table.rows
        assert "各单位办理" in [one.title for one in tables if one.total]
        for *parts, total in (one.rows for one in tables if one.total):
            assert sum(int(row[1]) for row in parts) == total[1]


def test_days_that_are_not_over_say_so_and_their_mean_is_of_those_that_have_come(
    hotline: Hotline, browser: Browsers
) -> None:
    for n in range(3):
        hotline.phone(f"+861380000001{n}").texts("演示工地拖欠三个月工资")
    hotline.forward(minutes=2)
    page = browser()
    page.signs_in("supervisor")
    today = hotline.now.date()
    month = tables_of(page, f"kind=month&on={today}")["总体情况"]
    assert next(row[2] for row in month if row[0] == "受理工单") == round(3 / today.day, 1)
    day = tables_of(page, f"kind=day&on={today}")["总体情况"]
    assert not any("日均" in row for row in day), "of one day there is no mean"
    running = "本期尚未结束"
    for path in ("?kind=month&", "/special?category=A1&"):
        shown = page.get(f"/reports{path}from=2026-11-01&to=2026-11-30").get_data(as_text=True)
        assert running in shown
        assert f">2026-11-01 – {today}<" in shown, "what is not yet due is not yet late"
    over = page.get("/reports/special?category=A1&from=2026-10-01&to=2026-10-31")
    assert running not in over.get_data(as_text=True)


NUMBERS = re.compile(r">(\d+)<")
EIGHT = re.compile(
    r'<div class="tile" id="(\w+)">.*?class="figure">(.*?)<.*?<small>(.*?)</small>', re.DOTALL
)


def test_the_leaders_page_and_the_report_of_the_same_days_say_the_same(
    hotline: Hotline, browser: Browsers
) -> None:
    hotline.phone(WORKER).calls(patience=20)
    hotline.phone(WORKER).texts("演示工地拖欠三个月工资")
    hotline.forward(minutes=2)
    received(now=hotline.now, demand_type=DemandType.INQUIRY)  # due this month, and not yet
    hotline.forward(minutes=2)
    page = browser()
    page.signs_in("supervisor")
    shown = page.get("/cockpit?kind=month").get_data(as_text=True)
    report = on_screen(page.get("/reports?kind=month").get_data(as_text=True))
    rates = {row[0].split()[0]: row[1:4] for row in report["主要指标"]}
    eight = {
        code: [rate, *NUMBERS.findall(small)[:2]] for code, rate, small in EIGHT.findall(shown)
    }
    assert len(eight) == 8
    assert eight == {code: rates[code] for code in eight}


def texts_of(rows: Sequence[Sequence[object]]) -> list[list[str]]:
    return [["" if cell is None else str(cell) for cell in row] for row in rows]
