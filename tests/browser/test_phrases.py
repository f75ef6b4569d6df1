"""A note by keyboard: a slash offers canned texts, Enter puts one in, and others see who writes."""

import pytest
from sqlalchemy.orm import Session

from hotline.core.db import transaction
from hotline.phrases import service
from hotline.phrases.models import Language
from hotline.phrases.service import Words
from tests import matters
from tests.browser.conftest import Visitors
from tests.people import Staff

pytestmark = pytest.mark.browser
TEXTS = {"材料": "请补充合同，编号{number}。", "未接": "无人接听。"}


def test_a_slash_offers_texts_and_enter_puts_one_in(visitor: Visitors, staff: Staff) -> None:
    def write(session: Session) -> None:
        for shortcut, words in TEXTS.items():
            given = Words(shortcut, Language.CHINESE, words, 1)
            service.add(session, given, actor=staff.supervisor, now=matters.MONDAY)

    transaction(write)
    _, number = matters.in_progress(staff)
    page = visitor().signs_in("operator").opens(f"/tickets/{number}").page
    note = page.locator("#note-text")
    note.fill("11/23 ")
    assert page.locator(".pick.phrases").count() == 0
    note.press_sequentially("/材")
    page.wait_for_selector(".pick.phrases")
    assert page.locator(".pick.phrases li").count() == 1
    note.press("Enter")
    assert note.input_value() == f"11/23 请补充合同，编号{number}。"
    page.locator("[data-opens-phrases=note-text]").click()
    page.locator(".pick.phrases li", has_text="未接").click()
    assert note.input_value().endswith(f"{number}。无人接听。")
    other = visitor().signs_in("dispatcher").opens(f"/tickets/{number}").page
    other.wait_for_selector(".here >> text=operator正在写：备注")
    note.press("Control+Enter")
    page.wait_for_selector(".timeline >> text=无人接听")
