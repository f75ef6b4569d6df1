"""The intake form's own requests: likeness, route, facts, employers, drafts, joining a ticket."""

import re

import pytest

from hotline.core.db import transaction
from hotline.core.roles import Actor, Role
from hotline.employers import service as register_of_employers
from hotline.employers.service import Facts
from hotline.tickets import facts
from tests import matters
from tests.harness import Hotline
from tests.people import Staff
from tests.rooms.browsing import Browsers

ADMIN = Actor(None, "admin", frozenset({Role.ADMIN}))
CALLER = "13800000001"
TYPED = {
    "channel": "visit",
    "caller": CALLER,
    "narrative": "演示工地拖欠工资",
    "category": "A1 工程建设领域欠薪",
    "region": "150102 新城区",
    "demand_type": "complaint",
    "confidential_level": "1",
    "promise_at": "",
}


def test_what_is_asked_while_typing(browser: Browsers, hotline: Hotline, ticket: str) -> None:
    visitor = browser()
    visitor.signs_in("operator")
    alike = visitor.post("/intake/similar", **TYPED).get_data(as_text=True)
    assert ticket in alike
    assert "同一职工" in alike
    assert ticket not in visitor.post("/intake/similar", caller="12").get_data(as_text=True)
    route = visitor.post("/intake/route", **TYPED).get_data(as_text=True)
    assert "新城区总工会" in route
    assert "2026-" in route
    asked = visitor.post("/intake/facts", **TYPED, **{"facts.foreman": "某班组长"})
    assert "某班组长" in asked.get_data(as_text=True)
    assert "fieldset" not in visitor.post("/intake/facts", category="T1").get_data(as_text=True)


def test_the_hotline_is_warned_of_what_gives_a_caller_away(
    browser: Browsers, hotline: Hotline, staff: Staff
) -> None:
    told = {"narrative": "我在二车间夜班，就我们三个人没发工资"}
    desk, unit = browser(), browser()
    desk.signs_in("operator")
    warned = desk.post("/intake/route", **{**TYPED, **told}).text
    assert "二车间、夜班、就我们三个人" in warned
    open_ = {**TYPED, **told, "confidential_level": "0"}
    assert "认出职工" not in desk.post("/intake/route", **open_).text
    _, number = matters.in_progress(staff, confidential_level=1, **told)
    assert "二车间、夜班" in desk.get(f"/tickets/{number}").text
    unit.signs_in("handler")
    assert "认出职工" not in unit.get(f"/tickets/{number}").text
    _, briefed = matters.in_progress(staff, confidential_level=2, **told)
    assert "认出职工" not in desk.get(f"/tickets/{briefed}").text, "a unit reads the brief alone"


def test_employers_are_looked_up_by_sound(browser: Browsers, hotline: Hotline) -> None:
    given = Facts("内蒙古兴泰建设集团有限公司")
    transaction(lambda s: register_of_employers.add(s, given, actor=ADMIN, now=hotline.now))
    visitor = browser()
    visitor.signs_in("operator")
    assert given.name in visitor.get("/intake/employers?q=xtjs").get_data(as_text=True)
    assert given.name not in visitor.get("/intake/employers?q=x").get_data(as_text=True)


def test_the_register_is_kept_by_pages(browser: Browsers, hotline: Hotline) -> None:
    visitor = browser()
    visitor.signs_in("dispatcher")
    assert "名录还是空的" in visitor.get("/employers").get_data(as_text=True)
    form = {"name": "演示建筑有限公司", "region": "150102 新城区", "names": "演示一建\n演示建筑"}
    wrong = visitor.post("/employers", headers={"HX-Request": "true"}, **form, code="91")
    assert 'data-fault="code"' in wrong.get_data(as_text=True)
    visitor.post("/employers", **form, code="91350100M000100Y43")
    found = visitor.get("/employers?q=ysyj").get_data(as_text=True)
    address = re.search(r"/employers/\d+", found).group()
    assert "演示一建" in visitor.get(address).get_data(as_text=True)
    assert visitor.post(address, **form, version=1).status_code == 303
    assert visitor.post(address, **form, version=1).status_code == 409
    other = browser()
    other.signs_in("handler")
    assert other.get("/employers").status_code == 403


def test_one_key_adds_the_words_to_the_open_ticket(
    browser: Browsers, hotline: Hotline, ticket: str
) -> None:
    visitor = browser()
    visitor.signs_in("operator")
    done = visitor.post(f"/intake/attach/{ticket}", **TYPED, demands="补发工资")
    assert done.status_code == 303
    page = visitor.get(f"/tickets/{ticket}").get_data(as_text=True)
    assert "演示工地拖欠工资" in page
    assert "补发工资" in page
    refused = visitor.post(f"/intake/attach/{ticket}", **{**TYPED, "caller": "13800000009"})
    assert refused.status_code == 422
    assert hotline.ticket().number == ticket  # no other was written


@pytest.mark.parametrize("left_out", ["category", "region", "demand_type", "confidential_level"])
def test_r13_what_can_always_be_chosen_is_chosen_first(
    browser: Browsers, hotline: Hotline, left_out: str
) -> None:
    """R13: subject, region, demand type and confidentiality stand before a ticket is written."""
    visitor = browser()
    visitor.signs_in("operator")
    visitor.get("/tickets/new")
    form = {name: value for name, value in TYPED.items() if name != left_out}
    refused = visitor.post("/tickets", headers={"HX-Request": "true"}, **form)
    assert refused.status_code == 422
    assert f'data-fault="{left_out}"' in refused.get_data(as_text=True)


def test_r13_the_caller_may_not_know(browser: Browsers, hotline: Hotline) -> None:
    """R13: a region nobody knows is the whole region; a fact nobody knows is kept as such."""
    visitor = browser()
    visitor.signs_in("operator")
    visitor.get("/tickets/new")
    form = {name: value for name, value in TYPED.items() if name != "region"}
    unknown = ["region", "employer", "facts.foreman"]
    assert visitor.post("/tickets", **form, unknown=unknown).status_code == 303
    found = hotline.ticket()
    assert (found.region_code, found.unknown) == ("150000", ["employer", "region"])
    assert facts.of(hotline.session, found.id)[1] == {"foreman": None}
    assert "职工说不清" in visitor.get(f"/tickets/{found.number}").get_data(as_text=True)


def test_a_draft_is_kept_shown_and_forgotten_with_the_ticket(
    browser: Browsers, hotline: Hotline
) -> None:
    visitor, other = browser(), browser()
    for each, name in ((visitor, "operator"), (other, "second_operator")):
        each.signs_in(name)
        each.get("/tickets/new")
    said = {"narrative": ["第一句"]}
    token = {"X-CSRFToken": visitor.token, "Referer": "https://hotline.example/"}
    from tests.rooms.browsing import AT, forget

    forget()
    kept = visitor._client.post("/drafts/new", json=said, base_url=AT, headers=token)
    assert kept.status_code == 200
    assert visitor.get("/drafts/new").get_json()["fields"] == said
    assert other.get("/drafts/new").get_json()["fields"] is None
    assert visitor.post("/tickets", **TYPED, draft="new").status_code == 303
    assert visitor.get("/drafts/new").get_json()["fields"] is None
