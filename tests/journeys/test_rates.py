"""From a call or an SMS to the figure on the page, and back from the figure to its rows."""

import html
import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from hotline.rates import jobs
from hotline.tickets.models import Ticket
from hotline.tickets.states import Action
from tests.harness import Api, Hotline
from tests.journeys.test_calls import answer, ready
from tests.people import PASSWORD, Staff
from tests.rooms.counted_rows import counted, plainly

WORKER, OTHER = "+8613800000001", "+8613800000002"
CLASSIFIED = {
    "category": "A1",
    "region": "150102",
    "demand_type": "inquiry",
    "confidential_level": 0,
}
RESULT = {"reply": "已协调补发", "result_code": "solved", "contact": "电话"}


def solve(hotline: Hotline, staff: Staff, phone: str, **given: Any) -> Ticket:
    """Let a worker write and an operator solve the matter."""
    hotline.phone(phone).texts("演示工地拖欠三个月工资")
    ticket, api = hotline.newest(), hotline.api(staff.operator)
    chosen = {"version": ticket.version, **CLASSIFIED, **given}
    api.patch(f"/tickets/{ticket.number}", chosen)
    api.post(f"/tickets/{ticket.number}/actions/take")
    api.post(f"/tickets/{ticket.number}/actions/resolve", RESULT)
    return hotline.newest()


def follow(api: Api, address: str) -> Any:
    """Follow an address that the API gave."""
    parts = urlsplit(address.removeprefix("/api/v1"))
    return api.get(parts.path, **dict(parse_qsl(parts.query)))


def refused(api: Api, path: str, status: int, **query: str) -> None:
    """Ask for something and be refused with *status*."""
    api._send("GET", path, expect=status, query_string=query)


def rates(hotline: Hotline, staff: Staff, **query: str) -> dict[str, dict[str, Any]]:
    items = hotline.api(staff.supervisor).get("/rates", **query)["items"]
    return {item["code"]: item for item in items}


def test_a_figure_opens_the_rows_behind_both_its_numbers(hotline: Hotline, staff: Staff) -> None:
    """R44: n/N, the rows behind both, cohort, exclusions, moment, calendar and SLA version."""
    solved = solve(hotline, staff, WORKER)
    hotline.phone(OTHER).texts("演示工地没有签合同")
    rate = rates(hotline, staff)["T2"]
    assert (rate["numerator"], rate["denominator"], rate["value"]) == (1, 2, 0.5)
    assert (rate["printed"], rate["excluded"]) == (
        "50.00%",
        {"voided": 0, "merged": 0, "imported": 0},
    )
    assert rate["as_of"].startswith("2026-11-23T")
    assert {len(rate[name]) for name in ("calendar", "service_classes")} == {8}
    api = hotline.api(staff.supervisor)
    behind = {name: follow(api, link)["items"] for name, link in rate["rows"].items()}
    assert [row["id"] for row in behind["numerator"]] == [solved.number]
    assert len(behind["denominator"]) == 2
    assert follow(api, behind["numerator"][0]["link"])["state"] == "resolved"


def test_rates_by_unit_add_up_and_a_stranger_unit_is_not_found(
    hotline: Hotline, staff: Staff
) -> None:
    solve(hotline, staff, WORKER)
    api = hotline.api(staff.supervisor)
    whole = rates(hotline, staff)
    parts = api.get("/rates", group_by="unit")["items"]
    for code, rate in whole.items():
        of_parts = [part["denominator"] for part in parts if part["code"] == code]
        assert sum(of_parts) == rate["denominator"]
    assert {part["group"]["by"] for part in parts} == {"unit"}
    refused(hotline.api(staff.handler), "/rates", 404, unit="150202")
    refused(api, "/rates", 422, group_by="weather")
    refused(api, "/rates", 422, **{"from": "2026-11-30", "to": "2026-11-01"})
    refused(api, "/rates", 422, **{"from": "yesterday"})
    refused(api, "/rates/rows", 404, fact="weather")
    refused(hotline.api(staff.surveyor), "/rates", 403)


def test_an_answer_a_rework_and_a_late_answer_move_the_rates(
    hotline: Hotline, staff: Staff
) -> None:
    ticket = solve(hotline, staff, WORKER)
    hotline.phone(WORKER).texts("5")
    found = rates(hotline, staff)
    assert (found["V4"]["numerator"], found["V4"]["denominator"]) == (0, 1)
    hotline.act(staff.supervisor, Action.ORDER_REWORK, ticket, reason="没有解决")
    found = rates(hotline, staff)
    assert (found["V4"]["denominator"], found["T2"]["numerator"]) == (0, 0)
    assert everything_counted(hotline)


def test_calls_count_when_somebody_answered_and_when_nobody_did(
    hotline: Hotline, staff: Staff
) -> None:
    hotline.phone(OTHER).calls(patience=40)
    hotline.forward(minutes=10)
    ready(hotline, staff.operator)
    hotline.phone(WORKER).calls(stays=5)
    answer(hotline, staff.operator)
    hotline.forward(minutes=10)
    found = rates(hotline, staff)
    assert (found["C1"]["numerator"], found["C1"]["denominator"]) == (1, 2)
    assert found["C3"]["printed"] == "50.00%"
    rows = follow(hotline.api(staff.supervisor), found["C1"]["rows"]["denominator"])["items"]
    assert {row["kind"] for row in rows} == {"call"}
    assert everything_counted(hotline)


def test_a_worker_who_must_not_be_called_is_listed_and_not_counted(
    hotline: Hotline, staff: Staff
) -> None:
    ticket = solve(hotline, staff, WORKER)
    hotline.act(staff.surveyor, Action.SURVEY_NOT_POSSIBLE, ticket, reason="unsafe")
    found = rates(hotline, staff)
    assert found["V6"]["excluded"] == {"anonymous": 0, "risk_exempt": 1, "imported": 0}
    assert (found["V6"]["denominator"], found["V6"]["value"]) == (0, None)
    assert everything_counted(hotline)


def everything_counted(hotline: Hotline) -> bool:
    """Hold the rollup against the rows, twice: by the recount and in plain Python."""
    session = hotline.session
    same = counted(session) == plainly(session)
    return same and jobs.recount(session, now=hotline.now, mend=False) == []


# ------------------------------------------------------------------ pages


def enter(hotline: Hotline, login: str) -> None:
    hotline.app.config["WTF_CSRF_ENABLED"] = False
    page = hotline.client.get("/login").get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    form = {"login": login, "password": PASSWORD, "csrf_token": token[1] if token else ""}
    assert hotline.client.post("/login", data=form).status_code == 302


def test_the_page_shows_each_rate_with_its_numbers_and_leads_to_rows(
    hotline: Hotline, staff: Staff
) -> None:
    solved = solve(hotline, staff, WORKER)
    hotline.phone(WORKER).texts("1")
    enter(hotline, "supervisor")
    page = hotline.client.get("/rates?group_by=unit").get_data(as_text=True)
    assert "100%" in page
    assert "人工接通率" in page
    assert "<svg" in page
    link = re.search(r'href="(/rates/rows\?fact=received_settled[^"]*)"', page)
    assert link is not None
    rows = hotline.client.get(link[1].replace("&amp;", "&")).get_data(as_text=True)
    assert solved.number in rows
    assert hotline.client.get("/rates?from=never").status_code == 422
    assert hotline.client.get("/board").status_code == 200


def test_an_empty_hotline_has_a_page_of_dashes(hotline: Hotline, staff: Staff) -> None:
    enter(hotline, "supervisor")
    page = hotline.client.get("/rates").get_data(as_text=True)
    assert "–" in page
    assert "100%</strong>" not in page


def test_the_rates_of_an_operator_are_a_click_away_and_lead_back(
    hotline: Hotline, staff: Staff
) -> None:
    ready(hotline, staff.operator)
    hotline.phone(WORKER).calls(stays=5)
    answer(hotline, staff.operator)
    hotline.forward(minutes=10)
    items = hotline.api(staff.supervisor).get("/rates", group_by="operator")["items"]
    answered = {item["group"]["name"]: item["numerator"] for item in items if item["code"] == "C1"}
    assert answered["operator"] == 1
    enter(hotline, "supervisor")
    page = hotline.client.get("/rates?group_by=operator").get_data(as_text=True)
    (link,) = re.findall(r'<a href="([^"]*operator=[^"]*)">operator</a>', page)
    kept = hotline.client.get(html.unescape(link)).get_data(as_text=True)
    assert "只统计" in kept
    assert re.search(r'name="operator" value="\d+"', kept)
    both = html.unescape(link) + "&region=150102"
    assert hotline.client.get(both).status_code == 422
