"""Two people at one ticket: they see each other, and no word of either is lost."""

import html
import json
import re

import pytest

from hotline.core.db import reading, transaction
from hotline.core.errors import Forbidden
from hotline.tickets import casework, correcting, facts
from hotline.tickets.correcting import Look
from hotline.tickets.models import Ticket
from tests.harness import Hotline
from tests.matters import MONDAY, in_progress, received
from tests.people import Staff
from tests.rooms.browsing import Browser, Browsers

WAS = re.compile(r'name="was" value="([^"]+)"')
FORM = {
    "narrative": "演示工地三个月没有发工资", "category": "A1 工程", "region": "150102",
    "demand_type": "complaint", "confidential_level": "0", "subject": "演示工地三个月没有发工资",
}  # fmt: skip


def opened(browser: Browsers, login: str, number: str) -> tuple[Browser, str]:
    """Sign somebody in who opens the form of corrections; return what it saw."""
    somebody = browser()
    somebody.signs_in(login)
    page = somebody.get(f"/tickets/{number}/edit").get_data(as_text=True)
    return somebody, html.unescape(WAS.search(page).group(1))


def kept(number: str) -> Ticket:
    with reading(first=True) as session:
        return session.query(Ticket).filter_by(number=number).one()


def test_what_only_one_touched_goes_together_and_the_rest_is_asked(
    browser: Browsers, staff: Staff
) -> None:
    _, number = received()
    at = f"/tickets/{number}/edit"
    (one, seen), (two, also_seen) = (
        opened(browser, who, number) for who in ("operator", "dispatcher")
    )
    first = FORM | {"project": "一号楼", "narrative": "先到的话"}
    assert one.post(at, **first, was=seen).status_code == 303
    assert two.post(at, **FORM | {"head_count": "12"}, was=also_seen).status_code == 303
    now = kept(number)
    assert (now.project, now.narrative, now.head_count) == ("一号楼", "先到的话", 12)
    mine = FORM | {"narrative": "我的话<b>", "head_count": "9"}
    answer = two.post(at, **mine, was=also_seen, headers={"HX-Request": "true"})
    part = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "先到的话" in part
    assert "我的话&lt;b&gt;" in part
    assert 'name="choice.head_count"' in part
    whole = two.post(at, **mine, was=also_seen).get_data(as_text=True)
    assert ">我的话&lt;b&gt;</textarea>" in whole, "without scripts the words stand in the form"
    assert kept(number).narrative == "先到的话"
    base = html.unescape(WAS.search(part).group(1))
    chosen = {"choice.narrative": "mine", "choice.head_count": "theirs"}
    assert two.post(at, **mine, **chosen, was=base).status_code == 303
    now = kept(number)
    assert (now.project, now.narrative, now.head_count) == ("一号楼", "我的话<b>", 12)


def test_the_facts_of_two_go_together_too(browser: Browsers, staff: Staff) -> None:
    _, number = received()
    at = f"/tickets/{number}/edit"
    (one, seen), (two, also_seen) = (
        opened(browser, who, number) for who in ("operator", "dispatcher")
    )
    with reading() as session:
        asked = facts.forms.questions(facts.form_of(session, "A1").definition)
    first, second = [each.key for each in asked if each.kind in {"text", "line"}][:2]
    assert one.post(at, **FORM, was=seen, **{f"facts.{first}": "甲"}).status_code == 303
    assert two.post(at, **FORM, was=also_seen, **{f"facts.{second}": "乙"}).status_code == 303
    with reading(first=True) as session:
        told = facts.of(session, kept(number).id)[1]
    assert (told[first], told[second]) == ("甲", "乙")
    again = two.post(at, **FORM, was=also_seen, **{f"facts.{first}": "丙"})
    assert again.status_code == 409
    assert f'name="choice.facts.{first}"' in again.get_data(as_text=True)


def test_whoever_may_not_see_all_is_told_nothing_of_the_other(staff: Staff) -> None:
    ticket_id, _ = in_progress(staff, confidential_level=2)

    def work(session) -> None:  # noqa: ANN001 - a piece of work
        ticket = session.get_one(Ticket, ticket_id)
        correcting.correct(
            session, ticket, {"narrative": "我的"}, {}, Look({"narrative": "旧"}, {}, None),
            actor=staff.handler, now=MONDAY,
        )  # fmt: skip

    with pytest.raises(Forbidden):
        transaction(work)


def test_a_note_in_between_stops_no_action_and_a_dispatch_does(
    browser: Browsers, staff: Staff
) -> None:
    ticket_id, number = received()
    operator = browser()
    operator.signs_in("dispatcher")
    form = operator.get(f"/tickets/{number}/actions/void").get_data(as_text=True)
    stood = html.unescape(re.search(r'name="stood" value="([^"]+)"', form).group(1))
    given = {"actor": staff.operator, "now": MONDAY}
    transaction(
        lambda s: casework.add_note(s, s.get_one(Ticket, ticket_id), "有人写了备注", **given)
    )
    at, live = f"/tickets/{number}/actions/dispatch", {"HX-Request": "true"}
    assert operator.post(at, unit="150102", stood=stood, headers=live).status_code == 200
    late = operator.post(f"/tickets/{number}/actions/recall", stood=stood, headers=live)
    assert late.status_code == 409
    said = late.get_data(as_text=True)
    assert "已派单" in said
    fresh = html.unescape(re.search(r'name="stood" value="([^"]+)"', said).group(1))
    assert json.loads(fresh)["state"] == "dispatched"
    again = operator.post(f"/tickets/{number}/actions/recall", stood=fresh, headers=live)
    assert again.status_code == 200


def test_each_sees_who_else_is_there_and_where_they_write(
    browser: Browsers, hotline: Hotline, staff: Staff
) -> None:
    _, number = received(now=hotline.now)
    one, two = browser(), browser()
    one.signs_in("operator")
    two.signs_in("dispatcher")
    at = f"/tickets/{number}/here"
    assert "dispatcher" not in one.post(at).get_data(as_text=True)
    assert "operator也在看" in two.post(at).get_data(as_text=True)
    assert "dispatcher也在看" in one.post(at, field="narrative").get_data(as_text=True)
    assert "operator正在写：诉求内容" in two.post(at).get_data(as_text=True)
    one.post(at, field="<b>")
    assert "operator正在写：内容" in two.post(at).get_data(as_text=True)
    hotline.forward(minutes=1)
    assert "operator" not in two.post(at).get_data(as_text=True)
    other = browser()
    other.signs_in("other_handler")
    assert other.post(at).status_code == 404
