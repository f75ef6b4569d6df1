"""Tickets by their words: always as they stand, and never what somebody may not read."""

import re

import pytest
from flask import Flask
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from hotline.core.db import db, transaction
from hotline.core.privacy import word_key
from hotline.core.roles import Actor
from hotline.search import jobs, queries
from hotline.search.models import TicketWords
from hotline.tickets import casework, confidence
from hotline.tickets.models import Ticket
from hotline.workers.models import Worker
from tests import matters
from tests.harness import Hotline
from tests.matters import MONDAY
from tests.people import Staff
from tests.rooms.browsing import Browsers

SECRET = "演示电子厂夜班晕倒，工友赵演示作证"


def found(actor: Actor, asked: str) -> list[int]:
    """Let the clock read what was written, and return the tickets that *actor* finds."""
    jobs.keep_up(transaction)
    db.session.rollback()
    page = queries.find(db.session(), actor, asked, cursor=None, limit=50)
    return [hit.line.id for hit in page.items]


def at(unit: str, staff: Staff, **given: object) -> int:
    """Commit a matter that lies with *unit*."""
    ticket_id = matters.received(**given)[0]
    matters.act(ticket_id, (matters.Action.DISPATCH, staff.dispatcher, {"unit": unit}), now=MONDAY)
    return ticket_id


def test_what_is_written_is_found_and_what_is_corrected_is_found_as_it_stands(
    staff: Staff, session: Session
) -> None:
    ticket_id = matters.received(narrative="演示工地拖欠农民工工资")[0]
    assert found(staff.operator, "工资") == [ticket_id]
    assert found(staff.operator, "民工工资 演示") == [ticket_id]
    assert found(staff.operator, "社保") == []

    def correct(session: Session) -> None:
        ticket, words = (
            session.get_one(Ticket, ticket_id),
            {"narrative": "没有缴纳社保", "subject": "社保"},
        )
        casework.edit(session, ticket, words, actor=staff.operator, now=MONDAY)

    transaction(correct)
    assert queries.find(session, staff.operator, "工资", cursor=None, limit=9).items == []
    assert found(staff.operator, "社保") == [ticket_id]
    assert found(staff.operator, "工资") == []
    assert jobs.keep_up(transaction) == 0


def test_a_unit_finds_only_words_it_may_read(staff: Staff) -> None:
    levels = [
        at("150102", staff, narrative=SECRET, employer="演示电子", confidential_level=level)
        for level in range(4)
    ]
    elsewhere = at("150103", staff, narrative=SECRET)
    assert found(staff.operator, "夜班晕倒") == [elsewhere, *levels[2::-1]]
    assert found(staff.handler, "夜班晕倒") == levels[1::-1]
    assert found(staff.handler, "演示电子") == levels[1::-1]
    kept = db.session.scalars(select(TicketWords.ticket_id)).all()
    assert levels[3] not in kept


def test_a_name_that_is_struck_out_cannot_be_guessed(staff: Staff) -> None:
    def named(session: Session) -> None:
        session.scalars(select(Worker)).one().name = "赵演示"

    ticket_id = at("150102", staff, narrative=SECRET, confidential_level=1)
    transaction(named)
    assert found(staff.operator, "赵演示") == [ticket_id]
    assert found(staff.handler, "工友") == [ticket_id]
    assert found(staff.handler, "赵演示") == found(staff.handler, "友赵") == []


def test_what_was_said_and_written_since_is_found_as_each_may_read_it(
    staff: Staff, session: Session
) -> None:
    open_, hidden = (
        at("150102", staff, narrative="拖欠工资", confidential_level=level) for level in (1, 2)
    )

    def said(session: Session) -> None:
        session.scalars(select(Worker)).one().name = "赵演示"
        for ticket_id in (open_, hidden):
            ticket = session.get_one(Ticket, ticket_id)
            words = "赵演示说公司后门有监控"
            casework.add_note(session, ticket, words, actor=staff.operator, now=MONDAY)

    transaction(said)
    result = (matters.Action.SUBMIT_RESULT, staff.handler, matters.RESULT)
    matters.act(open_, (matters.Action.SIGN, staff.handler, {}), result, now=MONDAY)
    assert found(staff.operator, "后门有监控") == [hidden, open_]
    assert found(staff.operator, "工资 监控") == [hidden, open_], "words of both together"
    assert found(staff.handler, "监控") == [open_]
    assert found(staff.handler, "工资已补发") == [open_]
    assert found(staff.handler, "赵演示") == []
    page = queries.find(session, staff.handler, "后门", cursor=None, limit=9)
    assert page.items[0].excerpt == ("▇▇说公司", "后门", "有监控")


def test_what_becomes_a_secret_leaves_the_index(staff: Staff) -> None:
    ticket_id = matters.received(narrative=SECRET)[0]
    assert found(staff.operator, "夜班") == [ticket_id]

    def close(session: Session) -> None:
        ticket = session.get_one(Ticket, ticket_id)
        confidence.set_level(session, ticket, 3, None, actor=staff.operator, now=MONDAY)

    transaction(close)
    page = queries.find(db.session(), staff.operator, "夜班", cursor=None, limit=9)
    assert page.items == []
    assert found(staff.operator, "夜班") == []
    assert db.session.scalar(select(func.count()).select_from(TicketWords)) == 0


def test_pages_follow_one_another_past_the_newest(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "SPANS", (2, 3, None))
    rows = [matters.received(narrative=f"演示诉求{'加班' * (n % 3 > 0)}")[0] for n in range(9)]
    wanted = [row for n, row in enumerate(rows) if n % 3][::-1]
    assert found(staff.operator, "加班") == wanted
    walked, cursor = [], None
    for _ in range(4):
        page = queries.find(db.session(), staff.operator, "加班", cursor=cursor, limit=2)
        walked.append([hit.line.id for hit in page.items])
        cursor = page.next
        if cursor is None:
            break
    assert walked == [wanted[:2], wanted[2:4], wanted[4:]]


def test_words_that_share_a_key_are_no_hits(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bounded look goes on where it left off, even if it found nothing."""
    ids = [matters.received(narrative=text)[0] for text in ("加班工资", "拖欠", "拖欠")]
    jobs.keep_up(transaction)

    def share(session: Session) -> None:
        for row in session.scalars(select(TicketWords)):
            row.keys = sorted({*row.keys, word_key("加班")})

    transaction(share)
    monkeypatch.setattr(queries, "MOST", 2)
    first = queries.find(db.session(), staff.operator, "加班", cursor=None, limit=9)
    assert (first.items, first.next is None) == ([], False)
    second = queries.find(db.session(), staff.operator, "加班", cursor=first.next, limit=9)
    assert ([hit.line.id for hit in second.items], second.next) == (ids[:1], None)


def test_the_box_shows_the_words_and_says_when_it_is_behind(
    hotline: Hotline, browser: Browsers, ticket: str
) -> None:
    visitor = browser()
    visitor.signs_in("operator")
    hotline.tick()
    page = visitor.get("/search?q=三个月工资").text
    assert "内容里提到的工单" in page
    assert "<mark>三个月工资</mark>" in page
    assert ticket in visitor.get("/search/words?q=演示工地 工资").text
    assert "没有找到" in visitor.get("/search/words?q=讨薪").text
    assert "至少两个汉字" in visitor.get("/search/words?q=薪").text
    with hotline.stopped():
        matters.received(narrative="演示新内容", now=hotline.now)
        hotline.forward(minutes=1)
        behind = visitor.get("/search?q=新内容").text
    assert re.search(r"\d\d:\d\d</time> 以后写下的内容还在整理", behind)
    hotline.tick()
    assert "还在整理" not in visitor.get("/search?q=新内容").text


def test_the_index_is_made_anew_by_a_command(app: Flask, staff: Staff) -> None:
    ticket_id = matters.received(narrative="演示工地拖欠工资")[0]
    assert found(staff.operator, "工资") == [ticket_id]
    transaction(lambda session: session.execute(delete(TicketWords)))
    assert found(staff.operator, "工资") == []
    said = app.test_cli_runner().invoke(args=["search", "rebuild"])
    assert said.output.endswith("1 tickets read\n")
    assert found(staff.operator, "工资") == [ticket_id]
