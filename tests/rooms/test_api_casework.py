"""What stands beside a ticket's state, as a program writes it and each may read it."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from hotline.core.db import transaction
from hotline.employers import service as employers
from hotline.employers.service import Facts
from hotline.tickets import tags
from tests import matters
from tests.harness import Api, Hotline
from tests.matters import MONDAY
from tests.people import Staff


@pytest.fixture
def operator(hotline: Hotline, staff: Staff) -> Api:
    return hotline.api(staff.operator)


def test_a_matter_is_tagged_split_linked_and_its_last_step_taken_back(
    hotline: Hotline, operator: Api, staff: Staff
) -> None:
    transaction(
        lambda session: tags.coin(session, "家访", None, actor=staff.supervisor, now=MONDAY).id
    )
    _, number = matters.received()
    at = f"/tickets/{number}"
    assert operator.post(f"{at}/tags", {"tag": "家访"}, expect=201)["tags"] == ["家访"]
    operator.post(f"{at}/demands", {"text": "补发工资"}, expect=201)
    asked = operator.post(f"{at}/demands", {"text": "补缴社保"}, expect=201)["demands"]
    assert [each["text"] for each in asked] == ["补发工资", "补缴社保"]
    new = operator.post(f"{at}/split", {"demands": [asked[1]["id"]]}, expect=201)
    assert (new["tags"], [each["text"] for each in new["demands"]]) == (["家访"], ["补缴社保"])
    (link,) = new["links"]
    assert (link["kind"], link["number"]) == ("split", number)
    operator.post(f"{at}/links/{link['id']}/end", {}, expect=422)
    other = matters.received("+8613800000055")[1]
    linked = operator.post(f"{at}/links", {"other": other, "kind": "related"}, expect=201)["links"]
    assert linked[-1]["number"] == other
    ended = operator.post(f"{at}/links/{linked[-1]['id']}/end", {}, expect=200)["links"]
    assert [each["kind"] for each in ended] == ["split"]
    assert operator.post(f"{at}/tags/remove", {"tag": "家访"}, expect=200)["tags"] == []
    dispatcher = hotline.api(staff.dispatcher)
    dispatcher.post(f"{at}/actions/dispatch", {"unit": "150102"})
    assert dispatcher.post(f"{at}/undo", {}, expect=200)["state"] == "received"
    dispatcher.post(f"{at}/undo", {}, expect=422)


def test_an_urging_is_answered_by_whoever_holds_the_matter(
    hotline: Hotline, operator: Api, staff: Staff
) -> None:
    _, number = matters.in_progress(staff)
    (urge,) = operator.post(f"/tickets/{number}/urges", {"reason": "职工又来电"})["urges"]
    receipt = f"/tickets/{number}/urges/{urge['id']}/receipt"
    operator.post(receipt, {"text": "不是我办"}, expect=403)
    handler = hotline.api(staff.handler)
    (answered,) = handler.post(receipt, {"text": "今天去现场"}, expect=200)["urges"]
    assert (answered["answer"], answered["closed_at"] is None) == ("今天去现场", False)
    handler.post(receipt, {"text": "再答"}, expect=422)
    handler.post(f"/tickets/{number}/urges/999/receipt", {}, expect=404)


def test_words_are_found_by_request_as_each_may_read_them(
    hotline: Hotline, operator: Api, staff: Staff
) -> None:
    _, open_ = matters.in_progress(staff, narrative="夜班晕倒没有人管", confidential_level=1)
    _, hidden = matters.in_progress(staff, narrative="夜班晕倒没有人管", confidential_level=2)
    hotline.tick()

    def numbers(api: Api, **query: Any) -> list[str]:
        return [each["number"] for each in api.get("/search", **query)["items"]]

    assert numbers(operator, q="夜班") == [hidden, open_]
    assert numbers(hotline.api(staff.handler), q="夜班") == [open_]
    (first,) = operator.get("/search", q="晕倒", limit=1)["items"]
    assert first["excerpt"] == ["夜班", "晕倒", "没有人管"]


def test_the_register_of_employers_is_read_by_who_registers(
    hotline: Hotline, operator: Api, staff: Staff
) -> None:
    def add(session: Session) -> None:
        for name in ("演示建筑有限公司", "演示物流有限公司"):
            employers.add(session, Facts(name), actor=staff.supervisor, now=MONDAY)

    transaction(add)
    assert [each["name"][:4] for each in operator.get("/employers")["items"]] == [
        "演示建筑", "演示物流",
    ]  # fmt: skip
    assert operator.get("/employers", q="ysjz")["items"][0]["name"] == "演示建筑有限公司"
    first = operator.get("/employers", limit=1)
    assert len(operator.get("/employers", cursor=first["next"])["items"]) == 1
    auditor = hotline.api(staff.auditor)
    answer = hotline.client.get("/api/v1/employers", headers=auditor._headers)
    assert answer.status_code == 403
