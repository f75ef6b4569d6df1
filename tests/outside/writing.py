"""Chapters of the day: who wrote, and the life of their tickets."""

import datetime as dt
from typing import Any

from tests.outside.day import CLASSIFIED, COMPLAINT, OTHER, RESULT, Day, together

VERY, FAIRLY, TWICE, STOPPED = (f"+861380000{n:04d}" for n in (201, 302, 403, 504))
TROUBLED, DANGER, UNHEARD = (f"+861380000{n:04d}" for n in (605, 706, 807))


def people_write(day: Day) -> None:
    """Take each SMS once, however often it comes, and acknowledge it through bad weather."""
    carrier = day.carrier
    carrier.refusals[TROUBLED] = [429, 503]
    carrier.writes(TROUBLED, "演示工地不发高温津贴")
    sid = carrier.sid("SM")
    together([lambda: carrier.writes(VERY, "社保怎么转移？", sid=sid)] * 3)
    carrier.writes(VERY, "社保怎么转移？", sid=sid)
    carrier.writes(FAIRLY, "产假有多少天？")
    carrier.writes(STOPPED, "工会怎么加入？")
    carrier.writes(TWICE, "演示建筑公司拖欠我三个月工资")
    people = {"very": VERY, "fairly": FAIRLY, "said stop": STOPPED, "worked on twice": TWICE}
    for name, who in people.items():
        ticket = day.wrote(name, who)
        assert (ticket["state"], ticket["channel"]) == ("received", "sms")
        carrier.hears(who, ticket["number"])
    carrier.writes(STOPPED, "STOP")


def what_was_never_announced_is_found(day: Day) -> None:
    """Take in what the carrier lists and never announced, and what it refused for a while."""
    if day.carrier.lists:
        day.wrote("never announced", UNHEARD)
    day.wrote("wrote in trouble", TROUBLED)
    day.carrier.hears(TROUBLED, day.numbers["wrote in trouble"])
    assert day.carrier.refusals[TROUBLED] == []


def classify(day: Day, name: str, chosen: dict[str, Any]) -> Any:
    """Choose category, region, demand and confidentiality, as a person does after reading."""
    ticket = day.ticket(name)
    return day.desk.patch(f"/tickets/{ticket['number']}", {"version": ticket["version"], **chosen})


def simple_matters_are_settled(day: Day) -> None:
    """Take and resolve at the hotline; the result and the question arrive, answers count."""
    desk, carrier = day.desk, day.carrier
    raw = day.ticket("very")
    refused = desk.act(raw, "take", expect=422)
    assert (refused["guard"], refused["status"]) == ("classified", 422)
    path = f"/tickets/{raw['number']}"
    body = {"version": raw["version"], "colour": "red", "region": "999999"}
    assert "colour" in desk.patch(path, body, expect=422)["errors"]
    body = {"version": raw["version"], "category": "A1", "region": "999999"}
    assert list(desk.patch(path, body, expect=422)["errors"]) == ["region"]
    for name in ("very", "fairly", "said stop"):
        ticket = desk.act(classify(day, name, CLASSIFIED), "take")
        assert ticket["handler"] == "desk"
        resolved = desk.act(ticket, "resolve", **RESULT)
        assert (resolved["state"], resolved["outcome"]) == ("resolved", "solved")
    assert desk.patch(path, {"version": raw["version"], "subject": "旧"}, expect=409)["detail"]
    for name, who, words in (("very", VERY, "２"), ("fairly", FAIRLY, "基本满意")):
        carrier.hears(who, RESULT["reply"])
        assert "5非常不满意" in carrier.hears(who, "评价")
        carrier.writes(who, words)
        survey = day.becomes(name, "surveyed")["survey"]
        assert (survey["outcome"], survey["channel"]) == ("satisfied", "sms")
    assert day.ticket("very")["survey"]["score"] == 2
    assert day.becomes("said stop", "surveyed")["survey"]["outcome"] == "not_possible"
    assert len(carrier.inbox(STOPPED)) == 1  # the acknowledgement, before the word


def matters_that_end_apart(day: Day) -> None:
    """Void by two people, merge, settle for somebody anonymous and for somebody in danger."""
    desk, check = day.desk, day.check
    body = {"channel": "letter", "narrative": "误录", "subject": "误录"}
    first = desk.post("/tickets", body, expect=201, key="once")
    assert desk.post("/tickets", body, expect=201, key="once") == first
    desk.post("/tickets", {**body, "subject": "另一"}, expect=422, key="once")
    day.numbers["voided"] = first["number"]
    asked = desk.act(first, "void", reason="test", expect=202)
    assert asked["ticket"] == first["number"]
    approval = f"/approvals/{asked['approval']}"
    desk.post(approval, {"decision": "approve", "reason": "自己"}, expect=403)
    assert check.post(approval, {"decision": "approve", "reason": "属实"})["state"] == "voided"
    twin = day.register("merged", channel="visit", caller=OTHER, **COMPLAINT)
    merged = desk.act(twin, "merge", target=day.numbers["registered"])
    assert (merged["state"], merged["merged_into"]) == ("merged", day.numbers["registered"])
    for name, more in (
        ("anonymous", {"anonymous": True}),
        ("in danger", {"caller": DANGER, "confidential_level": 3}),
    ):
        made = day.register(name, channel="letter", **{**CLASSIFIED, **more})
        desk.act(made, "answer_directly", reply="已答复")
        assert day.becomes(name, "surveyed")["survey"]["outcome"] == "not_possible"
    assert day.carrier.inbox(DANGER) == []


def a_matter_of_the_banner(day: Day) -> None:
    """Dispatch by rule, sign, submit, approve by another; the worker is asked and silent."""
    sent = day.desk.act(day.ticket("registered"), "dispatch")
    assert (sent["state"], sent["unit"]) == ("dispatched", "150102")
    day.unit.get(f"/tickets/{day.numbers['very']}", expect=404)  # the centre's own
    submitted = submit(day, "registered")
    day.desk.act(submitted, "approve", expect=403)
    assert day.check.act(submitted, "approve")["resolved_at"]
    day.carrier.hears(OTHER, RESULT["reply"])
    day.carrier.hears(OTHER, "评价")


def submit(day: Day, name: str) -> Any:
    """Sign for the unit and submit a result."""
    signed = day.unit.act(day.ticket(name, day.unit), "sign")
    assert (signed["state"], signed["handler"]) == ("in_progress", "unit")
    done = day.unit.act(signed, "submit_result", **RESULT, fields={"amount": 9000})
    assert done["state"] == "result_review"
    return done


def a_matter_that_is_worked_on_twice(day: Day) -> None:
    """Hear `5`, order a rework, bounce a thin result; the second answer is no better."""
    name, carrier = "worked on twice", day.carrier
    classify(day, name, COMPLAINT)
    day.desk.act(day.ticket(name), "dispatch", unit="150102", assisting=["150103"])
    day.check.act(submit(day, name), "approve")
    carrier.hears(TWICE, "评价")
    carrier.writes(TWICE, "5")
    judged = day.becomes(name, "appraisal_review")
    due = dt.datetime.now(dt.UTC) + dt.timedelta(days=3)
    reworked = day.check.act(judged, "order_rework", reason="未解决", due_at=due.isoformat())
    assert (reworked["state"], reworked["cycle"]) == ("dispatched", 2)
    carrier.hears(TWICE, "重新办理")
    bounced = day.check.act(submit(day, name), "bounce", defect="no_evidence")
    again = day.unit.act(bounced, "submit_result", **RESULT)
    day.check.act(again, "approve")
    carrier.wait(lambda: sum("5非常" in sms for sms in carrier.inbox(TWICE)) == 2, "a question")
    carrier.writes(TWICE, "不满意，钱还没给")
    assert day.becomes(name, "appraisal_review")["survey"]["outcome"] == "dissatisfied"
    refused = day.check.act(day.ticket(name), "uphold_result", reason="已到位", expect=422)
    assert refused["guard"] == "not_reviewer"
