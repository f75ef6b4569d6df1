"""Stations: written down, ended, found nearest first, told by SMS with no address to click on."""

import dataclasses
import datetime as dt
import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.calls.models import Call
from hotline.calls.states import CallState
from hotline.core.db import transaction
from hotline.core.errors import Forbidden, GuardFailed, Invalid, Stale
from hotline.messages.models import Message
from hotline.messages.wording import compose
from hotline.stations import queries, service
from hotline.stations.models import Kind
from hotline.stations.service import Facts
from hotline.workers import service as workers
from hotline.workers.models import Worker
from tests.harness import Hotline
from tests.matters import MONDAY, WORKER
from tests.people import Staff
from tests.rooms.browsing import Browsers

TODAY = dt.date(2026, 11, 23)
HERE = Facts(
    kind=Kind.STATION, name="演示驿站甲", region_code="150105", address="演示路1号",
    hours="周一至周五 9:00-17:30", valid_from=dt.date(2026, 1, 1), phone="0471-0000001",
)  # fmt: skip
LEAGUE = dataclasses.replace(HERE, name="演示驿站乙", region_code="150100")
NEXT_DOOR = dataclasses.replace(HERE, name="演示驿站丙", region_code="150102")
LINE = Facts(
    kind=Kind.HELPLINE, name="演示热线", region_code="150000", phone="12348", hours="每天 全天",
    valid_from=dt.date(2026, 1, 1),
)  # fmt: skip


def written(session: Session, staff: Staff, *all_facts: Facts) -> list[int]:
    given = {"actor": staff.supervisor, "now": MONDAY}
    return [service.add(session, facts, **given).id for facts in all_facts]


def talking(session: Session, staff: Staff) -> Call:
    worker = workers.identify(session, WORKER, MONDAY)
    call = Call(
        worker_id=worker.id, raw_from=WORKER, state=CallState.TALKING, staff_id=staff.operator.id,
        received_at=MONDAY, heard_at=MONDAY,
    )  # fmt: skip
    session.add(call)
    session.flush()
    return call


def test_the_nearest_comes_first_and_what_ended_does_not_come(
    session: Session, staff: Staff
) -> None:
    ended = dataclasses.replace(HERE, name="演示驿站旧", valid_to=TODAY - dt.timedelta(days=1))
    elsewhere = dataclasses.replace(HERE, name="演示驿站包头", region_code="150203")
    written(session, staff, LINE, NEXT_DOOR, LEAGUE, HERE, ended, elsewhere)
    near = queries.near(session, "150105", TODAY, limit=9)
    assert [row.name for row in near] == [HERE.name, LEAGUE.name, LINE.name, NEXT_DOOR.name]
    lines = queries.near(session, "150105", TODAY, kind=Kind.HELPLINE)
    assert [row.name for row in lines] == [LINE.name]
    first = queries.page(session, region="150100", kind=Kind.STATION, cursor=None, limit=2)
    again = queries.page(session, region="150100", kind=Kind.STATION, cursor=first.next, limit=9)
    assert {row.name for row in (*first.items, *again.items)} == {
        HERE.name, LEAGUE.name, NEXT_DOOR.name, ended.name,
    }  # fmt: skip
    night = dt.datetime(2026, 11, 23, 15, tzinfo=dt.UTC)
    assert len(queries.open_now(session, near, MONDAY)) == 4
    assert queries.open_now(session, near, night) == {near[2].id}, "the helpline, at night"


def test_what_cannot_be_told_is_not_written(session: Session, staff: Staff) -> None:
    wrong = dataclasses.replace(
        HERE, name="", hours="工作日", address=None, phone=None, valid_to=dt.date(2025, 1, 1)
    )
    with pytest.raises(Invalid) as error:
        written(session, staff, wrong)
    assert set(error.value.errors) == {"name", "hours", "address", "valid_to"}
    with pytest.raises(Invalid):
        written(session, staff, dataclasses.replace(HERE, address="www.example.com"))
    with pytest.raises(Forbidden):
        service.add(session, HERE, actor=staff.operator, now=MONDAY)
    (station_id,) = written(session, staff, HERE)
    given = {"actor": staff.supervisor, "now": MONDAY, "version": 1}
    service.correct(session, station_id, dataclasses.replace(HERE, name="新名"), **given)
    with pytest.raises(Stale):
        service.correct(session, station_id, HERE, **given)


def test_a_caller_is_texted_once_what_they_asked_for(session: Session, staff: Staff) -> None:
    (station_id,) = written(session, staff, HERE)
    call = talking(session, staff)
    worker = session.get_one(Worker, call.worker_id)
    given = {"actor": staff.operator, "now": MONDAY}
    assert service.text_to_caller(session, station_id, call.id, **given)
    assert not service.text_to_caller(session, station_id, call.id, **given)
    sent = session.scalars(select(Message)).one()
    text = compose(str(sent.template), sent.params, "zh")
    assert "演示驿站甲，演示路1号，0471-0000001，周一至周五 9:00-17:30" in text
    with pytest.raises(Forbidden):
        service.text_to_caller(
            session, station_id, call.id, actor=staff.second_operator, now=MONDAY
        )
    worker.opted_out_at = MONDAY
    with pytest.raises(GuardFailed):
        service.text_to_caller(session, station_id, call.id, **given)


def test_while_the_caller_speaks_the_address_goes_out_in_one_press(
    hotline: Hotline, staff: Staff, browser: Browsers
) -> None:
    def begin(session: Session) -> tuple[int, int]:
        return written(session, staff, HERE)[0], talking(session, staff).id

    station_id, call_id = transaction(begin)
    operator = browser()
    operator.signs_in("operator")
    asked = {"call": str(call_id), "narrative": "附近有没有驿站", "region": "150105 赛罕区"}
    address = f"/stations/{station_id}/text"
    assert address in operator.post("/intake/similar", **asked).get_data(as_text=True)
    headers = {"HX-Request": "true"}
    assert "已发短信" in operator.post(address, headers=headers, **asked).get_data(as_text=True)
    hotline.forward(minutes=1)
    hotline.phone(WORKER).hears("演示路1号")
    assert operator.post(address, headers=headers, call="0").status_code == 404


def test_an_sms_that_asks_for_a_station_is_answered_and_makes_no_ticket(
    hotline: Hotline, staff: Staff
) -> None:
    transaction(lambda session: written(session, staff, HERE))
    for at, (text, answer) in enumerate(
        (
            ("驿站 赛罕区", "演示路1号"),
            ("驿站", "请回复"),
            ("驿站阿拉善左旗", "没有查到"),
            ("驿站旁边的小区", "已受理"),  # no place of ours: it may be a matter
        )
    ):
        phone = hotline.phone(f"+861380000001{at}")
        phone.texts(text)
        phone.hears(answer)


def test_the_list_is_kept_and_read_on_pages(
    hotline: Hotline, staff: Staff, browser: Browsers
) -> None:
    lead, operator = browser(), browser()
    lead.signs_in("supervisor")
    operator.signs_in("operator")
    form = {"kind": "station", "name": "演示<驿站>", "region": "150105", "address": "演示路1号",
            "hours": "每天 全天", "valid_from": "2026-01-01"}  # fmt: skip
    assert lead.post("/stations", **{**form, "region": "99", "kind": ""}).status_code == 422
    assert operator.post("/stations", **form).status_code == 403
    assert lead.post("/stations", **form).status_code == 303
    page = operator.get("/stations?region=150100&kind=station").get_data(as_text=True)
    assert "演示&lt;驿站&gt;" in page
    assert "现在开放" in page
    assert "演示" not in operator.get("/stations?region=150200").get_data(as_text=True)
    similar = operator.post(
        "/intake/similar", narrative="附近有没有驿站", region="150105 赛罕区"
    ).get_data(as_text=True)
    assert "演示&lt;驿站&gt;" in similar
    address = re.search(r'href="(/stations/\d+)"', lead.get("/stations").get_data(as_text=True))
    assert address is not None
    for path in ("/stations/new", address[1]):
        assert lead.get(path).status_code == 200


def test_a_table_is_tried_before_it_is_taken_in(
    hotline: Hotline, staff: Staff, browser: Browsers
) -> None:
    lead = browser()
    lead.signs_in("supervisor")
    head = "种类,名称,地区,地址,电话,开放时间,从,到\n"
    good = "工会驿站,演示甲,赛罕区,演示路1号,,每天 全天,2026-01-01,\n"
    bad = "工会驿站,演示乙,月球,演示路2号,,每天 全天,2026-01-01,\n"
    tried = lead.post("/stations/sheet", sheet=head + good + bad, save="1")
    assert tried.status_code == 422
    assert "1 行有错" in tried.get_data(as_text=True)
    tried = lead.post("/stations/sheet", sheet=head + good, **{"try": "1"})
    assert "都读懂了" in tried.get_data(as_text=True)
    assert "演示甲" not in lead.get("/stations").get_data(as_text=True), "it was only tried"
    for _again in range(2):
        done = lead.post("/stations/sheet", sheet=head + good, save="1")
        assert done.status_code == 303
    page = lead.get("/stations").get_data(as_text=True)
    assert page.count("演示甲") == 1, "the second time it is a correction"
    assert "更正 1 处" in page
