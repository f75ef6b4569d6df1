"""The API as a program meets it: tokens, pages, versions, keys, guards, problems."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from hotline.tickets.fields import FIELDS
from tests.harness import Api, Hotline
from tests.people import Staff

WORKER = "+8613800000001"
MATTER = {"channel": "call", "caller": WORKER, "narrative": "演示工地拖欠三个月工资"}
CLASSIFIED = {
    **MATTER,
    "category": "A1",
    "demand_type": "complaint",
    "region": "150102",
    "employer": "演示建筑公司",
    "confidential_level": 1,
}


@pytest.fixture
def operator(hotline: Hotline, staff: Staff) -> Api:
    return hotline.api(staff.operator)


def test_without_a_token_nothing_opens(hotline: Hotline) -> None:
    for path in ("/tickets", "/rates", "/nothing", "/"):
        answer = hotline.client.get(f"/api/v1{path}")
        assert answer.status_code == 401
        assert answer.content_type == "application/problem+json"
        assert "Bearer" in answer.headers["WWW-Authenticate"]


def test_a_matter_is_taken_in_and_found_again(hotline: Hotline, operator: Api) -> None:
    made = operator.post("/tickets", CLASSIFIED, expect=201)
    assert made["number"] == "261123-0001"
    assert made["state"] == "received"
    assert made["caller_masked"] == "+86138****0001"
    found = operator.get("/tickets", caller=WORKER)
    assert [row["number"] for row in found["items"]] == [made["number"]]
    assert operator.get(f"/tickets/{made['number']}")["narrative"] == MATTER["narrative"]
    hotline.phone(WORKER).hears(made["number"])


def test_pages_follow_each_other_without_gap_or_repetition(operator: Api) -> None:
    made = [operator.post("/tickets", MATTER)["number"] for _ in range(7)]
    seen: list[str] = []
    cursor: dict[str, Any] = {}
    while True:
        page = operator.get("/tickets", limit=3, **cursor)
        seen += [row["number"] for row in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert seen == list(reversed(made))


def test_a_key_repeats_the_answer_and_not_the_effect(operator: Api) -> None:
    key = {"Idempotency-Key": "form-1"}
    first = operator.post("/tickets", MATTER, headers=key)
    assert operator.post("/tickets", MATTER, headers=key) == first
    assert len(operator.get("/tickets")["items"]) == 1
    other = {**MATTER, "narrative": "另一件事"}
    refused = operator.post("/tickets", other, headers=key, expect=422)
    assert refused["guard"] == "idempotency-key"


def test_a_stale_version_is_a_conflict(operator: Api) -> None:
    made = operator.post("/tickets", MATTER)
    path = f"/tickets/{made['number']}"
    operator.patch(path, {"version": made["version"], "subject": "新的标题"})
    operator.patch(path, {"version": made["version"], "subject": "旧的标题"}, expect=409)
    assert operator.get(path)["subject"] == "新的标题"


def test_a_wrong_field_is_named_as_it_was_given(operator: Api) -> None:
    made = operator.post("/tickets", MATTER)
    wrong = {"version": made["version"], "region": "999999", "category": "Z99"}
    refused = operator.patch(f"/tickets/{made['number']}", wrong, expect=422)
    assert set(refused["errors"]) == {"region", "category"}


def test_a_call_says_whose_it_is(hotline: Hotline, staff: Staff, operator: Api) -> None:
    operator.put("/presence", {"state": "ready", "line": "desk"})
    hotline.phone(WORKER).calls(says=["三个月没发工资"], stays=5)
    (call,) = operator.get("/calls")["items"]
    assert (call["state"], call["operator"], call["line"]) == ("offered", "operator", "desk")
    hotline.forward(seconds=60)
    (call,) = operator.get("/calls")["items"]
    assert (call["end_state"], call["operator"]) == ("answered", "operator")
    path = f"/calls/{call['id']}/disposition"
    assert "reason" in operator.post(path, {"reason": "misdial"}, expect=422)["errors"]
    schemas = hotline.client.get("/api/openapi.json").get_json()["components"]["schemas"]
    assert "wrong_number" in schemas["Disposition"]["properties"]["reason"]["enum"]


def test_a_guard_that_does_not_hold_is_named(hotline: Hotline, staff: Staff, operator: Api) -> None:
    made = operator.post("/tickets", MATTER)
    refused = hotline.api(staff.dispatcher).post(
        f"/tickets/{made['number']}/actions/dispatch", expect=422
    )
    assert refused["guard"] == "classified"


def test_who_may_not_and_who_does_not_see(hotline: Hotline, staff: Staff, operator: Api) -> None:
    made = operator.post("/tickets", CLASSIFIED)
    path = f"/tickets/{made['number']}"
    operator.post(f"{path}/actions/dispatch", expect=403)
    hotline.api(staff.dispatcher).post(f"{path}/actions/dispatch", {"unit": "150102"})
    hotline.api(staff.other_handler)._send("GET", path, expect=404)
    assert "sign" in hotline.api(staff.handler).get(path)["allowed_actions"]


def test_a_step_for_two_waits_for_the_second(hotline: Hotline, staff: Staff, operator: Api) -> None:
    made = operator.post("/tickets", MATTER)
    path = f"/tickets/{made['number']}/actions/void"
    asked = hotline.api(staff.dispatcher).post(path, {"reason": "test"}, expect=202)
    own = hotline.api(staff.dispatcher)
    own.post(f"/approvals/{asked['approval']}", {"decision": "approve"}, expect=403)
    done = hotline.api(staff.supervisor).post(
        f"/approvals/{asked['approval']}", {"decision": "approve", "reason": "属实"}
    )
    assert done["state"] == "voided"


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"channel":"call","narrative":"\xff"}',
        rb'{"channel":"call","narrative":"\ud800"}',
        b'"text"',
        b"null",
        b'{"channel":"call"}',
        b'{"channel":"call","narrative":"x","unknown":1}',
        b'{"channel":"pigeon","narrative":"x"}',
        b'{"channel":"call","narrative":"x","head_count":1e309}',
        b'{"channel":"call","narrative":"x","region":"999999"}',
        b'{"channel":"call","narrative":"x","call":"9223372036854775808"}',
    ],
)
def test_hostile_json_is_a_422_and_leaves_nothing(
    hotline: Hotline, operator: Api, body: bytes
) -> None:
    answer = hotline.client.post(
        "/api/v1/tickets", data=body, content_type="application/json", headers=operator._headers
    )
    assert answer.status_code == 422, answer.get_data(as_text=True)
    assert json.loads(answer.get_data())["errors"]
    assert operator.get("/tickets")["items"] == []


def test_a_body_that_is_not_json_is_refused(hotline: Hotline, operator: Api) -> None:
    answer = hotline.client.post("/api/v1/tickets", data=MATTER, headers=operator._headers)
    assert answer.status_code == 415


def test_a_fault_says_what_to_mend(operator: Api) -> None:
    body = {"channel": "call", "caller": "12", "colour": "red"}
    errors = operator.post("/tickets", body, expect=422)["errors"]
    assert errors == {
        "narrative": "请填写",
        "caller": "不是有效的电话号码",
        "colour": "没有这一项",
    }


def test_whoever_urges_says_why(operator: Api) -> None:
    path = f"/tickets/{operator.post('/tickets', MATTER)['number']}/urges"
    for word in ("reason", "text"):
        told = operator.post(path, {word: "职工又来电"})["events"][-1]
        assert told["note"] == "职工又来电"


def test_unknown_filters_are_refused(operator: Api) -> None:
    for query in ({"colour": "red"}, {"state": "nowhere"}, {"limit": 201}, {"cursor": "%%"}):
        operator._send("GET", "/tickets", query_string=query, expect=422)


def test_the_description_names_every_address(hotline: Hotline) -> None:
    api = hotline.client.get("/api/openapi.json").get_json()
    assert api["openapi"] == "3.1.0"
    served = {
        rule.rule.removeprefix("/api/v1").replace("<", "{").replace(">", "}")
        for rule in hotline.app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and "rest" not in rule.arguments
    }
    described = {
        path.partition("/actions/")[0] + "/actions/{action}" if "/actions/" in path else path
        for path in api["paths"]
    }
    assert served == described
    assert {action.value for action in FIELDS} <= {
        path.rpartition("/")[2] for path in api["paths"] if "/actions/" in path
    }


def test_the_page_of_the_api_needs_nothing_from_outside(hotline: Hotline) -> None:
    page = hotline.client.get("/api/docs").get_data(as_text=True)
    assert "/tickets/{number}" in page
    assert "https://" not in page.replace("https://hotline.example", "")


def test_presence_offers_a_waiting_call(hotline: Hotline, staff: Staff, operator: Api) -> None:
    call = hotline.phone(WORKER).calls(says=["三个月没发工资"])
    operator.put("/presence", {"state": "ready", "line": "desk"})
    hotline.forward(seconds=10)
    assert call.state == "conference"


def test_health_says_what_is_missing(hotline: Hotline, client: FlaskClient) -> None:
    assert client.get("/healthz").status_code == 200
    hotline.tick()
    assert client.get("/readyz").status_code == 200
    hotline._time.move_to(hotline.now.replace(hour=5))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json()["failing"] == ["clock"]


def test_figures_are_for_loopback(client: FlaskClient) -> None:
    assert client.get("/metrics").status_code == 200
    outside = client.get("/metrics", environ_base={"REMOTE_ADDR": "203.0.113.9"})
    assert outside.status_code == 403
