"""Tags on tickets, and views of the list that people keep, as they use them in the browser."""

import re

from sqlalchemy import select

from hotline.core.db import db
from hotline.staff.saved_views import SavedView
from hotline.tickets.records import EventKind, TicketEvent
from hotline.tickets.states import Action
from tests import matters
from tests.matters import MONDAY
from tests.people import Staff
from tests.rooms.browsing import Browsers


def said(ticket_id: int) -> list[tuple[str | None, bool]]:
    """Return what the timeline tells of tags."""
    db.session.rollback()
    rows = db.session.scalars(
        select(TicketEvent)
        .where(TicketEvent.ticket_id == ticket_id, TicketEvent.kind == EventKind.TAG)
        .order_by(TicketEvent.id)
    )
    return [(row.note, row.detail["added"]) for row in rows]


def test_a_tag_is_made_set_found_taken_off_and_retired(browser: Browsers, staff: Staff) -> None:
    (one, first), (_, second) = matters.received(), matters.received()
    boss, desk = browser(), browser()
    boss.signs_in("supervisor")
    boss.get("/tags")
    for wrong in (" ", "长" * 31):
        assert boss.post("/tags", name=wrong).status_code == 422
    assert boss.post("/tags", name="家访").status_code == 303
    assert boss.post("/tags", name=" 家访 ").status_code == 422, "there is one"
    desk.signs_in("operator")
    assert 'id="tag-more"' in desk.get(f"/tickets/{first}").get_data(as_text=True)
    assert desk.post(f"/tickets/{first}/tags", tag="没有的").status_code == 422
    assert desk.post(f"/tickets/{first}/tags", tag="家访").status_code == 303
    assert desk.post(f"/tickets/{first}/tags", tag="家访").status_code == 422, "it is there"
    found = desk.get("/tickets?view=all&tag=家访").get_data(as_text=True)
    assert (first in found, second in found) == (True, False)
    assert desk.get("/tickets?view=all&tag=没有的").status_code == 200
    assert "家访" in desk.get("/tickets/lists").get_data(as_text=True)
    assert 'name="tag" value="家访"' in desk.get(f"/tickets/{first}").text
    assert desk.post(f"/tickets/{first}/tags/remove", tag="家访").status_code == 303
    assert desk.post(f"/tickets/{first}/tags/remove", tag="家访").status_code == 404
    assert said(one) == [("家访", True), ("家访", False)]
    retire = re.search(r"/tags/\d+/retire", boss.get("/tags").text)
    assert retire
    assert boss.post(retire.group()).status_code == 303
    assert desk.post(f"/tickets/{first}/tags", tag="家访").status_code == 422, "set no more"
    assert boss.post(retire.group().replace("retire", "revive")).status_code == 303
    assert desk.post(f"/tickets/{first}/tags", tag="家访").status_code == 303
    boss.post(retire.group())
    shown = desk.get(f"/tickets/{first}").text
    assert 'name="tag" value="家访"' in shown, "what is set no more can still be taken off"
    assert "<option>家访</option>" not in shown
    assert desk.post(f"/tickets/{first}/tags/remove", tag="家访").status_code == 303


def test_many_are_tagged_at_once_and_what_has_ended_is_left(
    browser: Browsers, staff: Staff
) -> None:
    (one, first), (two, second), (three, third) = (matters.received() for _ in range(3))
    matters.act(three, (Action.MERGE, staff.dispatcher, {"target": first}), now=MONDAY)
    boss = browser()
    boss.signs_in("supervisor")
    boss.get("/tags")
    boss.post("/tags", name="媒体关注")
    boss.post(f"/tickets/{second}/tags", tag="媒体关注")
    chosen = "&".join(f"number={number}" for number in (first, second, third))
    listed = boss.get(f"/bulk/new?act=add_tag&{chosen}").text
    assert "媒体关注" in listed
    assert re.findall(r'name="number" value="([^"]+)"', listed) == [first, second]
    assert 'id="tag-more"' not in boss.get(f"/tickets/{third}").text
    assert boss.post(f"/tickets/{third}/tags", tag="媒体关注").status_code == 422
    assert boss.post("/bulk", act="add_tag", number=[first]).status_code == 422
    done = boss.post("/bulk", act="add_tag", number=[first, second], text="媒体关注")
    page = done.headers["Location"]
    assert "已经有这个标签" in boss.get(page).get_data(as_text=True)
    boss.post(f"{page}/undo", number=[first, second])
    assert said(one) == [("媒体关注", True), ("媒体关注", False)]
    assert said(two) == [("媒体关注", True)], "what was there before stays"


def test_a_view_is_the_lists_address_under_a_name(browser: Browsers, staff: Staff) -> None:
    matters.received()
    address = "view=all&category=A1&tag=%E5%AE%B6%E8%AE%BF"
    boss, mate, guest = browser(), browser(), browser()
    boss.signs_in("supervisor")
    shown = boss.get(f"/tickets?{address}&cursor=&foo=1").text
    assert f"/views?{address.replace('&', '&amp;')}" in shown
    for wrong in ("view=none", "view=all&foo=1", "view=all&received_from=x"):
        assert boss.post(f"/views?{wrong}", name="欠薪").status_code == 422, wrong
    assert boss.post(f"/views?{address}", name=" ").status_code == 422
    saved = boss.post(f"/views?{address}", name="欠薪", first="1", shared="1")
    assert saved.headers["Location"].endswith(f"/tickets?{address}")
    assert boss.post(f"/views?{address}", name="欠薪").status_code == 422, "the name is taken"
    opened = boss.get("/tickets")
    assert opened.headers["Location"].endswith(f"/tickets?{address}"), "the list opens with it"
    again = boss.get(opened.headers["Location"]).text
    assert re.search(r'aria-current="page">.*欠薪</a>', again)
    mate.signs_in("operator")
    assert "欠薪</a>" in mate.get("/tickets").get_data(as_text=True)
    guest.signs_in("handler")
    assert "欠薪</a>" not in guest.get("/tickets").get_data(as_text=True)
    db.session.rollback()
    (view,) = db.session.scalars(select(SavedView))
    assert mate.post(f"/views/{view.id}", name="我的").status_code == 404
    assert mate.post(f"/views/{view.id}/remove").status_code == 404
    assert mate.post("/views?view=mine", name="都看", shared="1").status_code == 403
    assert boss.post(f"/views/{view.id}", name="欠薪二").status_code == 303
    assert boss.get("/tickets").status_code == 200, "no default any more"
    assert "欠薪二" not in mate.get("/tickets").get_data(as_text=True)
    assert boss.post(f"/views/{view.id}", name="欠薪", shared="1").status_code == 303
    other = browser()
    other.signs_in("second_supervisor")
    assert "删除这个视图" in other.get(f"/tickets?{address}").text, "who leads the unit may"
    assert other.post(f"/views/{view.id}", name="我的").status_code == 404
    assert other.post(f"/views/{view.id}/remove").status_code == 303
    assert db.session.get(SavedView, view.id, populate_existing=True) is None
