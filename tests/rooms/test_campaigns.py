"""A campaign: a tag with days and targets, what came of it, and nobody outside it who learns."""

import datetime as dt
import io
from typing import Any

from openpyxl import load_workbook
from sqlalchemy.orm import Session

from hotline.campaigns import queries, service
from hotline.campaigns.pace import Pace
from hotline.campaigns.service import Plan
from hotline.core.db import db, transaction
from hotline.core.roles import Actor
from hotline.money import service as money
from hotline.money.models import Proof
from hotline.tickets import tags
from hotline.tickets.models import Ticket
from hotline.tickets.states import Action
from hotline.units import queries as units
from tests import matters, workbooks
from tests.harness import Hotline
from tests.matters import MONDAY
from tests.people import Staff
from tests.rooms.browsing import AT, Browsers, forget

DAY = dt.timedelta(days=1)
FIRST = MONDAY.date()
WEEK = Plan(FIRST, FIRST + 6 * DAY, target_settled=2, target_paid=10_000_00)


def begun(actor: Actor, *, unit: str = "15", name: str = "冬季治欠", plan: Plan = WEEK) -> int:
    def work(session: Session) -> int:
        lead = units.unit(session, unit)
        return service.begin(session, name, lead, plan, actor=actor, now=MONDAY).tag_id

    return transaction(work)


def tagged(actor: Actor, tag_id: int, *ticket_ids: int) -> None:
    def work(session: Session) -> None:
        name = tags.by_id(session, actor, tag_id).name
        for ticket_id in ticket_ids:
            ticket = session.get_one(Ticket, ticket_id)
            tags.add(session, ticket, name, actor=actor, now=MONDAY)

    transaction(work)


def paid(actor: Actor, ticket_id: int, claimed: int, *parts: tuple[int, dt.date, Proof]) -> None:
    def work(session: Session) -> None:
        by: dict[str, Any] = {"actor": actor, "now": MONDAY + 30 * DAY}
        ticket = session.get_one(Ticket, ticket_id)
        claim = money.claim(session, ticket, "演示职工", claimed, **by)
        for amount, day, proof in parts:
            money.pay(session, ticket, claim.id, amount, day, proof, **by)

    transaction(work)


def test_the_board_counts_what_the_campaign_did_and_nothing_else(staff: Staff) -> None:
    early, _ = matters.resolved(staff, now=MONDAY - 3 * DAY)
    done, _ = matters.resolved(staff, now=MONDAY)
    late, _ = matters.resolved(staff, now=MONDAY + 8 * DAY)
    working, _ = matters.in_progress(staff)
    fresh, _ = matters.received()
    outside, _ = matters.resolved(staff, now=MONDAY)
    twin, _ = matters.received()
    boss = staff.supervisor
    tag_id = begun(boss)
    tagged(boss, tag_id, early, done, late, working, fresh, twin)
    target = db.session.get_one(Ticket, fresh).number
    matters.act(twin, (Action.MERGE, staff.dispatcher, {"target": target}), now=MONDAY)
    paid(
        boss, done, 8_000_00, (3_000_00, FIRST, Proof.BANK), (1_000_00, FIRST, Proof.UNIT),
        (500_00, FIRST - DAY, Proof.BANK), (700_00, FIRST + 7 * DAY, Proof.BANK),
    )  # fmt: skip
    paid(boss, outside, 9_000_00, (9_000_00, FIRST, Proof.BANK))
    board = queries.board(db.session(), boss, tag_id, now=MONDAY + DAY)
    whole = board.whole
    assert (whole.settled, whole.late, whole.open) == (1, 1, 2)
    assert (whole.before, whole.gone, whole.counted) == (1, 1, 4)
    assert (whole.claimed, whole.paid) == (
        8_000_00, {Proof.BANK: 3_000_00, Proof.WORKER: 0, Proof.UNIT: 1_000_00},
    )  # fmt: skip
    assert {unit.code: share.settled for unit, share in board.shares} == {"hotline": 0, "150102": 1}
    assert (board.settling, board.recovering) == (
        (1, 2, Pace.AHEAD), (4_000_00, 10_000_00, Pace.AHEAD),
    )  # fmt: skip
    assert queries.board(db.session(), boss, tag_id, now=MONDAY + 5 * DAY).settling == (
        1, 2, Pace.BEHIND,
    )  # fmt: skip
    assert queries.board(db.session(), boss, tag_id, now=MONDAY + 7 * DAY).settling == (
        1, 2, Pace.MISSED,
    )  # fmt: skip


def test_a_lead_writes_it_down_and_everybody_sees_the_same_figures(
    hotline: Hotline, browser: Browsers, staff: Staff
) -> None:
    _, number = matters.resolved(staff, now=MONDAY)
    boss = browser()
    boss.signs_in("supervisor")
    assert "还没有专项行动" in boss.get("/campaigns").get_data(as_text=True)
    boss.get("/campaigns/new")
    form = {
        "name": "=冬季治欠", "unit": "15", "starts_on": "2026-11-23", "ends_on": "2026-11-29",
        "target_settled": "4", "target_paid": "1,000",
    }  # fmt: skip
    for wrong in ({"name": " "}, {"unit": "nowhere"}, {"ends_on": "2026-11-22"}, {"starts_on": "x"},
                  {"target_settled": "0"}, {"target_paid": "-1"}):  # fmt: skip
        assert boss.post("/campaigns", **{**form, **wrong}).status_code == 422, wrong
    made = boss.post("/campaigns", **form)
    page = made.headers["Location"]
    assert "还没有工单计入" in boss.get(page).get_data(as_text=True)
    boss.get(f"/tickets/{number}")
    assert boss.post(f"/tickets/{number}/tags", tag="=冬季治欠").status_code == 303
    shown = boss.get(page).get_data(as_text=True)
    assert "1 / 4" in shown
    assert "25.00%" in shown
    assert number in shown
    assert "=冬季治欠" in boss.get("/campaigns").get_data(as_text=True)
    forget()
    book = load_workbook(io.BytesIO(boss._client.get(f"{page}/file.xlsx", base_url=AT).data))
    rows = [row for sheet in book.worksheets for row in workbooks.said(sheet)]
    assert ["办结工单", "4", "1", "25.00%", "跟上进度", "14%"] in [row[:6] for row in rows]
    assert ["新城区总工会", "1", "1", "100%", "0", "0.00", "0.00"] in [row[:7] for row in rows]
    assert boss.get(f"{page}/file.exe").status_code == 404
    plan = {**form, "target_settled": "1", "target_paid": "", "version": "1"}
    boss.get(f"{page}/edit")
    assert boss.post(page, **plan).status_code == 303
    assert boss.post(page, **plan).status_code == 409, "what was read is no more"
    assert "已达标" in boss.get(page).get_data(as_text=True)
    answer = hotline.api(staff.supervisor).get(f"/campaigns/{page.rsplit('/', 1)[1]}")
    assert answer["whole"]["settled"] == answer["whole"]["counted"] == 1
    assert answer["units"][0]["unit"] == "150102"
    listed = hotline.api(staff.supervisor).get("/campaigns")["items"]
    assert [each["name"] for each in listed] == ["=冬季治欠"]


def test_who_does_not_lead_neither_sets_its_tag_nor_learns_of_what_is_hidden(
    browser: Browsers, staff: Staff
) -> None:
    plain, number = matters.in_progress(staff)
    secret, hidden = matters.in_progress(staff, confidential_level=2)
    tag_id = begun(staff.supervisor)
    tagged(staff.supervisor, tag_id, plain, secret)
    own = begun(staff.unit_lead, unit="150102", name="本区专项")
    elsewhere = begun(staff.supervisor, unit="150202", name="外地专项")
    lead = browser()
    lead.signs_in("unit_lead")
    listed = lead.get("/campaigns").get_data(as_text=True)
    assert ("冬季治欠" in listed, "本区专项" in listed, "外地专项" in listed) == (True, True, False)
    assert lead.get(f"/campaigns/{elsewhere}").status_code == 404
    board = queries.board(db.session(), staff.unit_lead, tag_id, now=MONDAY)
    assert board.whole.counted == 1, "the number would tell of the hidden one"
    assert queries.board(db.session(), staff.supervisor, tag_id, now=MONDAY).whole.counted == 2
    found = lead.get("/tickets?view=all&tag=冬季治欠").get_data(as_text=True)
    assert (number in found, hidden in found) == (True, False)
    assert "冬季治欠" in lead.get(f"/tickets/{number}").get_data(as_text=True)
    page = lead.get(f"/tickets/{hidden}").get_data(as_text=True)
    assert "冬季治欠" not in page.split('id="ticket"')[1]
    assert lead.post(f"/tickets/{number}/tags/remove", tag="冬季治欠").status_code == 403
    assert lead.post(f"/tickets/{number}/tags", tag="外地专项").status_code == 422
    assert lead.post(f"/tickets/{hidden}/tags", tag="本区专项").status_code == 403
    assert lead.post(f"/tickets/{number}/tags", tag="本区专项").status_code == 303
    assert lead.post(f"/tickets/{number}/tags/remove", tag="本区专项").status_code == 303
    lead.get(f"/campaigns/{own}")
    change = {"starts_on": "2026-11-23", "ends_on": "2026-11-30", "target_settled": "3"}
    assert lead.post(f"/campaigns/{tag_id}", **change).status_code == 403
    assert lead.post("/campaigns", name="上级的", unit="1501", **change).status_code == 403
    handler = browser()
    handler.signs_in("handler")
    handler.get(f"/tickets/{number}")
    assert handler.post("/tags", name="私设").status_code == 403
    assert handler.get("/campaigns/new").status_code == 403
