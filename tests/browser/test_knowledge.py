"""The knowledge base beside the words: one key opens what is read out, one press puts it in."""

import datetime as dt

import pytest
from sqlalchemy.orm import Session

from hotline.core.db import transaction
from hotline.knowledge import queries, service
from hotline.knowledge.queries import View
from hotline.tickets.models import DemandType
from tests import matters
from tests.browser.conftest import Visitors
from tests.harness import Hotline
from tests.people import Staff

pytestmark = pytest.mark.browser


@pytest.fixture
def answering(hotline: Hotline, staff: Staff) -> None:
    """Let a supervisor approve what came with the program."""

    def work(session: Session) -> None:
        today = hotline.now.date()
        for entry in queries.page(session, View.WAITING, today, cursor=None, limit=50).items:
            review = today + dt.timedelta(days=90)
            given = {"actor": staff.supervisor, "now": hotline.now}
            service.approve(session, entry.article.id, 1, review, **given)

    transaction(work)


@pytest.mark.usefixtures("answering")
def test_one_key_opens_the_answer_and_it_stays_open_while_more_is_typed(visitor: Visitors) -> None:
    page = visitor().signs_in("operator").opens("/tickets/new").page
    page.locator("#f-narrative").fill("老板不发工资，三个月了")
    page.wait_for_selector(".answering")
    page.locator("#f-narrative").press("Alt+2")
    answer = page.locator(".answering .spoken").first
    assert answer.is_visible()
    assert "及时足额支付工资" in answer.inner_text()
    with page.expect_response("**/intake/similar"):
        page.keyboard.type("，家里等钱用")  # the words keep the focus
    page.wait_for_timeout(100)
    assert page.locator("#f-narrative").input_value().endswith("家里等钱用")
    assert page.locator(".answering .spoken").first.is_visible()


@pytest.mark.usefixtures("answering")
def test_one_press_puts_the_answer_into_the_reply(visitor: Visitors, staff: Staff) -> None:
    asked = {"demand_type": DemandType.INQUIRY, "narrative": "工伤认定由谁申请？上班受伤了"}
    number = matters.received(category_code="F1", **asked)[1]
    page = visitor().signs_in("operator").opens(f"/tickets/{number}").page
    page.get_by_role("button", name="直接答复").click()
    page.locator(".fitting summary").first.click()
    page.locator("#f-reply").fill("您好。")
    page.locator("[data-insert]").first.click()
    assert page.locator("#f-reply").input_value().startswith("您好。\n单位应当从事故发生")
    assert "工伤认定由谁申请" in page.locator("#f-article").input_value()
    page.locator(".move-form button.primary").click()
    page.wait_for_selector("text=工伤保险条例 第17、20条")
