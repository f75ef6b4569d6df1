"""The browser's door, without a browser: who gets in, what each answer carries, what forms do."""

import re
import threading
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from hotline.core.audit import AuditEntry
from tests.harness import Hotline
from tests.people import Staff
from tests.rooms.browsing import AT, Browsers

WORKER = "+8613800000001"
NUMBER = "261123-0001"


@pytest.mark.parametrize(
    "path", ["/login", "/desk", "/tickets/none", "/no-such-page", "/static/none"]
)
def test_every_answer_carries_the_headers(browser: Browsers, path: str) -> None:
    visitor = browser()
    visitor.signs_in("operator")
    headers = visitor.get(path).headers
    assert "script-src 'self';" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Strict-Transport-Security"].startswith("max-age=")


def test_pages_are_not_kept_and_named_versions_are(browser: Browsers) -> None:
    visitor = browser()
    visitor.signs_in("operator")
    page = visitor.get("/desk")
    assert page.headers["Cache-Control"] == "no-store"
    sheet = re.search(r"/static/css/type.css\?v=\w+", page.get_data(as_text=True))
    assert sheet is not None
    file = visitor.get(sheet.group())
    assert "immutable" in file.headers["Cache-Control"]
    file.close()


def test_what_the_filters_offer_comes_when_somebody_goes_into_them(browser: Browsers) -> None:
    visitor = browser()
    visitor.signs_in("operator")
    page = visitor.get("/tickets").get_data(as_text=True)
    assert 'hx-get="/tickets/lists" hx-trigger="focusin once"' in page
    assert "<datalist" not in page
    offered = visitor.get("/tickets/lists").get_data(as_text=True)
    assert '<datalist id="categories">' in offered
    assert '<option value="A1 ' in offered
    assert '<option value="150102 ' in offered


def test_a_form_that_is_not_ours_is_refused(browser: Browsers, ticket: str) -> None:
    visitor = browser()
    visitor.signs_in("operator")
    visitor.token = "forged"
    refused = visitor.post(f"/tickets/{ticket}/notes", text="…")
    assert refused.status_code == 400
    assert "页面已过期" in refused.get_data(as_text=True)


@pytest.mark.parametrize(
    ("name", "path", "status", "said"),
    [
        ("handler", "/desk", 403, "没有权限"),
        ("operator", "/board", 403, "没有权限"),
        ("operator", "/tickets/000000-0000", 404, "没有找到"),
        ("operator", "/nowhere", 404, "没有找到"),
        ("other_handler", f"/tickets/{NUMBER}", 404, "没有找到"),
        ("operator", f"/tickets/{NUMBER}/actions/explode", 404, "没有找到"),
        ("operator", "/tickets?cursor=broken", 422, "翻页标记"),
    ],
)
def test_a_refusal_says_why_and_has_a_number(
    browser: Browsers, ticket: str, name: str, path: str, status: int, said: str
) -> None:
    assert ticket == NUMBER
    visitor = browser()
    visitor.signs_in(name)
    answer = visitor.get(path)
    page = answer.get_data(as_text=True)
    assert answer.status_code == status
    assert said in page
    assert re.search(rf"{status}-[0-9A-F]{{8}}", page)


def test_a_fragment_is_refused_in_a_few_lines(browser: Browsers, ticket: str) -> None:
    visitor = browser()
    visitor.signs_in("operator")
    sent = {"HX-Request": "true"}
    answer = visitor.post(f"/tickets/{ticket}/actions/take", headers=sent, version=1)
    lines = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "<html" not in lines
    assert 'role="alert"' in lines


def test_a_ticket_is_corrected_taken_and_resolved_by_forms(
    browser: Browsers, ticket: str, hotline: Hotline
) -> None:
    visitor = browser()
    visitor.signs_in("operator")
    visitor.post(
        f"/tickets/{ticket}/edit",
        narrative="更正",
        category="A1 工程",
        region="150102 新城区",
        demand_type="inquiry",
        confidential_level="0",
    )
    assert "接办" in visitor.get(f"/tickets/{ticket}").get_data(as_text=True)
    visitor.post(f"/tickets/{ticket}/actions/take")
    form = visitor.get(f"/tickets/{ticket}/actions/resolve").get_data(as_text=True)
    assert 'name="reply"' in form
    done = visitor.post(
        f"/tickets/{ticket}/actions/resolve",
        reply="已补发",
        result_code="solved",
        **{
            "contact.way": "call",
            "contact.at": "2026-11-23T10:00",
            "fields.paid": "18000",
            "fields.workers": "",
        },
    )
    assert done.status_code == 303
    page = visitor.get(f"/tickets/{ticket}").get_data(as_text=True)
    assert "已办结" in page
    assert "18000" in page
    assert hotline.ticket().outcome == "solved"


def test_what_is_missing_is_named(browser: Browsers, ticket: str) -> None:
    visitor = browser()
    visitor.signs_in("operator")
    lines = visitor.post(
        f"/tickets/{ticket}/sides/urge", headers={"HX-Request": "true"}, text=" "
    ).get_data(as_text=True)
    assert 'data-fault="text"' in lines


def test_a_number_is_shown_with_a_reason_only(browser: Browsers, ticket: str) -> None:
    visitor = browser()
    visitor.signs_in("operator")
    assert WORKER not in visitor.get(f"/tickets/{ticket}").get_data(as_text=True)
    assert visitor.post(f"/tickets/{ticket}/reveal", reason=" ").status_code == 422
    shown = visitor.post(f"/tickets/{ticket}/reveal", reason="回电核实")
    assert WORKER in shown.get_data(as_text=True)


def test_nothing_that_somebody_wrote_becomes_markup(browser: Browsers, hotline: Hotline) -> None:
    hotline.phone(WORKER).texts("<script>alert(1)</script><b>欠薪</b>")
    visitor = browser()
    visitor.signs_in("operator")
    for path in (f"/tickets/{NUMBER}", "/tickets?view=all", "/messages"):
        page = visitor.get(path).get_data(as_text=True)
        assert "&lt;script&gt;alert" in page
        assert "<script>alert" not in page


def test_a_file_comes_back_as_a_download_that_runs_nothing(browser: Browsers, ticket: str) -> None:
    from io import BytesIO

    visitor = browser()
    visitor.signs_in("operator")
    page = b"<html><script>alert(1)</script>"
    visitor.post(f"/tickets/{ticket}/files", file=(BytesIO(page), "证据.html"))
    link = re.search(rf"/tickets/{ticket}/files/\d+", visitor.get(f"/tickets/{ticket}").text)
    assert link is not None
    file = visitor.get(link.group())
    assert file.data == page
    assert file.content_type.startswith("text/plain")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in file.headers["Content-Security-Policy"]


def test_the_way_through_a_long_list(browser: Browsers, hotline: Hotline) -> None:
    for n in range(55):
        hotline.carrier.text(f"+86138000001{n:02d}", f"第 {n} 件演示诉求")
    visitor = browser()
    visitor.signs_in("operator")
    first = visitor.get("/tickets?view=all").text
    onward = re.search(r'rel="next" href="([^"]+)"', first)
    assert onward is not None
    second = visitor.get(onward.group(1).replace("&amp;", "&")).text
    numbers = [set(re.findall(r"/tickets/(261123-\d{4})", page)) for page in (first, second)]
    assert [len(found) for found in numbers] == [50, 5]
    assert not numbers[0] & numbers[1]


def test_one_box_finds_tickets_callers_employers_and_articles(
    browser: Browsers, ticket: str
) -> None:
    visitor = browser()
    visitor.signs_in("operator")
    assert visitor.get(f"/search?q={ticket}").location == f"/tickets/{ticket}"
    assert ticket in visitor.get("/search?q=13800000001").text
    assert ticket not in visitor.get("/search?q=13800000002").text
    assert "输入要找的" in visitor.get("/search").text
    lead = browser()
    lead.signs_in("supervisor")
    assert lead.post("/employers", name="内蒙古演示建筑有限公司").status_code == 303
    assert "内蒙古演示建筑有限公司" in visitor.get("/search?q=演示建筑").text
    assert "没有找到“&lt;b&gt;”" in visitor.get("/search?q=<b>").text


def test_a_missed_call_is_called_back(browser: Browsers, hotline: Hotline) -> None:
    hotline.phone(WORKER).calls(patience=30)
    hotline.forward(minutes=1)
    visitor = browser()
    visitor.signs_in("operator")
    form = re.search(r"/callbacks/\d+/attempts", visitor.get("/callbacks").text)
    assert form is not None
    assert visitor.post(form.group()).status_code == 422
    assert visitor.post(form.group(), outcome="reached", note="已联系").status_code == 303
    assert "没有欠下的回拨" in visitor.get("/callbacks").text


def test_the_stream_says_who_must_look_again(
    browser: Browsers, hotline: Hotline, staff: Staff
) -> None:
    from hotline.web import live

    live.register(hotline.app, most=1)
    visitor = browser()
    visitor.signs_in("operator")
    stream = visitor._client.get("/live", base_url=AT)
    events = iter(stream.response)
    assert stream.content_type.startswith("text/event-stream")
    assert "retry:" in str(next(events))
    assert visitor._client.get("/live", base_url=AT).status_code == 503
    hotline.app.extensions["hotline_live"].tell([f"presence:{staff.operator.id}", "ledger"])
    assert f"event: presence:{staff.operator.id}" in str(next(events))
    live.close_streams(hotline.app)
    assert list(events) == []
    stream.close()
    for reader in [each for each in threading.enumerate() if each.name == "live"]:
        reader.join()  # its connection must not outlive the database


def test_a_stream_that_opens_while_the_database_is_away_tells_all_the_same(
    browser: Browsers, hotline: Hotline, staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hotline.web import live, news

    answers, away = news.newest, iter([OperationalError("", {}, Exception())])

    def newest(*asked: Any, **how: Any) -> Any:
        for error in away:
            raise error
        return answers(*asked, **how)

    monkeypatch.setattr(news, "newest", newest)
    live.register(hotline.app, most=1)
    visitor = browser()
    visitor.signs_in("operator")
    stream = visitor._client.get("/live", base_url=AT)
    events = iter(stream.response)
    assert "retry:" in str(next(events))
    visitor.post("/desk/presence", state="ready")
    assert f"event: presence:{staff.operator.id}" in str(next(events))
    live.close_streams(hotline.app)
    stream.close()
    for reader in [each for each in threading.enumerate() if each.name == "live"]:
        reader.join()  # its connection must not outlive the database


def test_a_number_to_call_back_is_shown_and_the_audit_knows(
    browser: Browsers, hotline: Hotline
) -> None:
    hotline.phone(WORKER).calls(patience=30)
    hotline.forward(minutes=1)
    visitor = browser()
    visitor.signs_in("operator")
    page = visitor.get("/callbacks").text
    form = re.search(r"/callbacks/\d+/reveal", page)
    assert form is not None
    assert WORKER not in page
    assert WORKER in visitor.post(form.group()).text
    entry = hotline.session.scalars(
        select(AuditEntry).where(AuditEntry.act == "worker.reveal")
    ).one()
    assert entry.actor_name == "operator"
    assert entry.detail["reason"].startswith("callback:")
