"""Files taken in: every bad row is told and none lost, every good one counts once."""

import csv
import datetime as dt
import io
from functools import partial
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.clock import schedule
from hotline.core.db import db, transaction
from hotline.core.errors import Forbidden, GuardFailed, Invalid
from hotline.employers.models import Employer
from hotline.imports import jobs, reading, service
from hotline.imports.judging import SORTS
from hotline.imports.models import ImportFile, ImportRow, Kind
from hotline.ledger import gaps, lives
from hotline.messages.models import Message
from hotline.rates import queries as rates
from hotline.rates.jobs import recount
from hotline.rates.questions import Question
from hotline.tickets.models import Ticket
from hotline.tickets.records import TicketEvent, TicketResult
from hotline.tickets.states import State
from hotline.units.models import Unit
from hotline.workers.models import Worker
from tests.harness import Hotline
from tests.matters import MONDAY
from tests.people import Staff
from tests.rooms.browsing import Browser, Browsers

EXAMPLE = {each.head: each.example for each in SORTS[Kind.TICKETS].columns}
OPEN = {"状态": "未办结", "办结时间": "", "办理结果": "", "答复内容": ""}


def ticket_row(number: str, **given: str) -> dict[str, str]:
    return {**EXAMPLE, "外部编号": number, **given}


def sheet(*rows: dict[str, str], encoding: str = "utf-8-sig") -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(dict.fromkeys(head for row in rows for head in row)))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def hand_in(staff: Staff, content: bytes, kind: Kind = Kind.TICKETS) -> int:
    table = reading.read(content)
    given = {"actor": staff.supervisor, "now": MONDAY}
    return transaction(lambda s: service.hand_in(s, kind, "旧系统.csv", table, **given).id)


def confirm(staff: Staff, file_id: int) -> None:
    given = {"actor": staff.supervisor, "now": MONDAY}
    transaction(lambda s: service.confirm(s, file_id, **given))


def take_in(staff: Staff, file_id: int) -> None:
    confirm(staff, file_id)
    while jobs.take_in(transaction, clock=lambda: MONDAY):
        pass


def stands(file_id: int) -> tuple[int, int, int, int]:
    file = db.session.get(ImportFile, file_id, populate_existing=True)
    assert file is not None
    return file.good, file.bad, file.there, file.done


def told(file_id: int) -> dict[int, list[list[str]]]:
    rows = select(ImportRow.line, ImportRow.faults).where(
        ImportRow.file_id == file_id, ImportRow.state == "bad"
    )
    return {row.line: row.faults for row in db.session.execute(rows)}


def test_every_wrong_row_is_told_by_line_and_column_and_nothing_is_written(
    session: Session, staff: Staff
) -> None:
    rows = (
        ticket_row("甲-1"),
        ticket_row("甲-2", 受理时间="去年", 来电号码="12", 涉及人数="两人"),
        ticket_row("甲-1"),
        ticket_row("", 类别代码="Z9", 地区代码="999999"),
        ticket_row("甲-5", 状态="办理中"),
        ticket_row("甲-6", 状态="未办结"),
        ticket_row("甲-7", 答复内容="", 办结时间="2025-11-01 08:00"),
        ticket_row("甲-8", 受理时间="2019-12-31 08:00"),
        ticket_row("甲-9", 保密级别="只限两名指定人员"),
    )
    file_id = hand_in(staff, sheet(*rows))
    assert stands(file_id) == (1, 8, 0, 0)
    heads = {line: {head for head, _ in faults} for line, faults in told(file_id).items()}
    assert heads == {
        3: {"受理时间", "来电号码", "涉及人数"},
        4: {"外部编号"},
        5: {"外部编号", "类别代码", "地区代码"},
        6: {"状态"},
        7: {"办结时间", "办理结果", "答复内容"},
        8: {"办结时间", "答复内容"},
        9: {"受理时间"},
        10: {"保密级别"},
    }
    assert "在页面上登记" in told(file_id)[10][0][1]
    assert session.scalar(select(func.count()).select_from(Ticket)) == 0
    plain = session.connection().exec_driver_sql("SELECT cells FROM import_row").scalars().all()
    assert not any("演示甲".encode() in bytes(each) for each in plain)


def test_an_imported_ticket_is_marked_tells_nobody_and_stands_outside_the_rates(
    session: Session, staff: Staff
) -> None:
    rows = ticket_row("乙-1"), ticket_row("乙-2", 来电号码="", **OPEN)
    take_in(staff, hand_in(staff, sheet(*rows)))
    settled, waiting = session.scalars(select(Ticket).order_by(Ticket.foreign_number)).all()
    assert (settled.state, waiting.state) == (State.SURVEYED, State.RECEIVED)
    assert settled.received_at == dt.datetime(2025, 11, 3, 1, 30, tzinfo=dt.UTC)
    assert settled.number == "251103-0001"
    assert waiting.due_at > MONDAY
    assert settled.confidential_level == 1
    worker = session.get_one(Worker, settled.worker_id)
    assert (worker.phone, worker.name) == ("+8613800000001", "演示甲")
    (first,) = session.scalars(select(TicketEvent).where(TicketEvent.ticket_id == settled.id))
    assert (first.kind, first.at, first.actor_id) == ("import", MONDAY, staff.supervisor.id)
    assert first.detail["outside"] == "乙-1"
    assert session.scalars(select(TicketResult.reply)).all() == ["示例：单位已补发工资"]
    assert session.scalars(select(Message)).all() == []
    recount(session, now=MONDAY)
    day = dt.date(2025, 11, 3)
    question = Question(day, day)
    (whole,) = rates.rates(session, staff.supervisor, question).groups
    rate = next(rate for rate in whole.rates if rate.metric.code == "T2")
    assert (rate.numerator, rate.denominator, rate.excluded["imported"]) == (0, 0, 2)
    ids = [settled.id, waiting.id]
    for asked in (lives.replayed, lives.ended_well, gaps.tickets):
        assert list(asked(session, ids, MONDAY)) == []
    settled.import_id = None
    session.flush()
    assert {each.what for each in lives.replayed(session, ids, MONDAY)} == {"no_beginning"}


def test_what_was_settled_elsewhere_is_archived_by_the_clock(
    app: Flask, session: Session, staff: Staff
) -> None:
    take_in(staff, hand_in(staff, sheet(ticket_row("丙-1"))))
    each = schedule.Round.of(app)
    job = next(job for job in schedule.JOBS if job.name == "archive-settled")
    job.run(each)
    ticket = session.scalars(select(Ticket)).one()
    assert ticket.state is State.ARCHIVED
    assert list(lives.as_sealed(session, [ticket.id], MONDAY)) == []
    assert session.scalars(select(Message)).all() == []


def test_a_crash_and_a_second_time_double_nothing(
    session: Session, staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "BATCH", 2)
    content = sheet(*(ticket_row(f"丁-{n}") for n in range(5)))
    file_id = hand_in(staff, content)
    confirm(staff, file_id)
    assert transaction(partial(service.take_in, file_id=file_id, now=MONDAY)) == 3

    def crash(session: Session) -> None:
        service.take_in(session, file_id, now=MONDAY)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        transaction(crash)
    assert stands(file_id) == (3, 0, 0, 2)
    assert hand_in(staff, content) == file_id  # it runs: left alone
    while jobs.take_in(transaction, clock=lambda: MONDAY):
        pass
    assert stands(file_id) == (0, 0, 0, 5)
    assert hand_in(staff, content) == file_id
    assert stands(file_id) == (0, 0, 0, 5)
    with pytest.raises(GuardFailed):
        confirm(staff, file_id)
    other = hand_in(staff, sheet(*(ticket_row(f"丁-{n}") for n in range(4, 7))))
    assert stands(other) == (2, 0, 1, 0)
    take_in(staff, other)
    numbers = session.scalars(select(Ticket.foreign_number)).all()
    assert sorted(numbers) == [f"丁-{n}" for n in range(7)]


def test_what_changed_since_makes_a_row_wrong_and_stops_no_other(
    session: Session, staff: Staff
) -> None:
    rows = {"全称": "演示甲厂", "统一社会信用代码": "91350100M000100Y43"}, {"全称": "演示乙厂"}
    file_id = hand_in(staff, sheet(*rows, encoding="gb18030"), Kind.EMPLOYERS)
    assert stands(file_id) == (2, 0, 0, 0)
    once = reading.read(sheet(rows[0]))
    by = {"actor": staff.supervisor, "now": MONDAY}
    first = transaction(lambda s: service.hand_in(s, Kind.EMPLOYERS, "x", once, **by).id)
    take_in(staff, first)
    take_in(staff, file_id)
    assert stands(file_id) == (0, 0, 1, 1)
    assert sorted(session.scalars(select(Employer.name))) == ["演示乙厂", "演示甲厂"]


def test_what_is_left_of_a_file_is_forgotten_after_a_day(session: Session, staff: Staff) -> None:
    half = hand_in(staff, sheet(ticket_row("戊-1"), ticket_row("戊-2", 渠道="x")))
    take_in(staff, half)
    whole = hand_in(staff, sheet(ticket_row("戊-3")))
    jobs.forget(transaction, now=MONDAY + dt.timedelta(hours=23))
    assert session.scalar(select(func.count()).select_from(ImportRow)) == 3
    jobs.forget(transaction, now=MONDAY + dt.timedelta(hours=24))
    left = session.execute(select(ImportRow.file_id, ImportRow.cells)).all()
    assert left == [(half, None)]
    assert session.get(ImportFile, whole) is None


def test_who_may_not_write_it_may_not_import_it(session: Session, staff: Staff) -> None:
    table = reading.read(sheet({"单位代码": "x"}))
    for actor in (staff.operator, staff.dispatcher, staff.supervisor):
        with pytest.raises(Forbidden):
            service.hand_in(session, Kind.UNITS, "x", table, actor=actor, now=MONDAY)


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\x01\x02", b"PK\x03\x04 no workbook", "表头\n".encode(), b"a\n" + b"b\n" * 5001],
    ids=["empty", "bytes", "zip", "heads", "long"],
)
def test_what_is_no_table_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        reading.read(content)
    assert refused.value.errors.keys() == {"file"}


def uploaded(lead: Browser, content: bytes, name: str, kind: str = "tickets") -> str:
    lead.get("/import")
    answer = lead.post("/import", kind=kind, file=(io.BytesIO(content), name))
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.headers["Location"])


def workbook(*rows: dict[str, object]) -> bytes:
    book, kept = openpyxl.Workbook(), io.BytesIO()
    book.active.append(list(rows[0]))  # type: ignore[union-attr]  # a new book has a sheet
    for row in rows:
        book.active.append(list(row.values()))  # type: ignore[union-attr]  # the same
    book.save(kept)
    return kept.getvalue()


def test_wrong_rows_go_out_to_be_mended_and_come_back(
    hotline: Hotline, browser: Browsers, staff: Staff
) -> None:
    lead = browser()
    lead.signs_in("supervisor")
    example = lead.get("/import/example/tickets.csv").data
    moment = {"受理时间": dt.datetime(2025, 11, 3, 9, 30), "来电号码": 13800000001}  # noqa: DTZ001 - a cell has no zone
    page = uploaded(
        lead,
        workbook({**ticket_row("己-1"), **moment}, ticket_row("己-2", 主题="@1+1", 渠道="鸽子")),
        "旧.xlsx",
    )
    shown = lead.get(page).get_data(as_text=True)
    assert "鸽子" not in shown
    assert "不在可选的词里" in shown
    lead.post(page)
    mend = lead.get(f"{page}/bad.csv").data.decode("utf-8-sig")
    assert "'@1+1" in mend
    assert mend.startswith("错误原因,外部编号")
    again = uploaded(lead, mend.replace("鸽子", "来访").encode(), "改.csv")
    assert lead.post(again).status_code == 303
    db.session.rollback()
    found = db.session.scalars(select(Ticket).order_by(Ticket.foreign_number)).all()
    assert [(t.foreign_number, t.subject) for t in found] == [
        ("己-1", "示例：拖欠工资"), ("己-2", "@1+1"),
    ]  # fmt: skip
    assert "从外部导入" in lead.get(f"/tickets/{found[0].number}").get_data(as_text=True)
    assert uploaded(lead, example, "示例.csv")
    other = browser()
    other.signs_in("second_supervisor")
    assert other.get(page).status_code == 404
    other.signs_in("operator")
    assert other.get("/import").status_code == 403


def test_the_command_judges_first_and_takes_units_in_under_each_other(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    row = {each.head: each.example for each in SORTS[Kind.UNITS].columns}
    below = {**row, "单位代码": "150102-002", "上级单位代码": "150102-001"}
    file, bad = tmp_path / "units.csv", tmp_path / "bad.csv"
    file.write_bytes(sheet(row, below, {**row, "单位代码": "x", "上级单位代码": "nowhere"}))

    def run(*more: str) -> tuple[int, str]:
        db.session.rollback()
        result = CliRunner().invoke(app.cli, ["import", "units", str(file), *more])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.stdout.strip().splitlines()[-1]

    assert run("--bad", str(bad)) == (1, "good 2 · bad 1 · there 0 · done 0")
    assert "nowhere" in bad.read_text("utf-8-sig")
    assert run("--confirm") == (1, "good 0 · bad 1 · there 0 · done 2")
    assert run("--confirm") == (1, "good 0 · bad 1 · there 0 · done 2")
    upper, lower = session.scalars(
        select(Unit).where(Unit.code.startswith("150102-00")).order_by(Unit.code)
    )
    assert lower.path == f"{upper.path}{lower.id}/"
