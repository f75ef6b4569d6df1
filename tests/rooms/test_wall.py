"""The wall: shown by its secret alone, with nobody's name, until it is taken down."""

import re

from tests.harness import Hotline
from tests.people import Staff
from tests.rooms.browsing import Browsers

WORKER = "+8613800000001"


def test_a_wall_is_seen_by_its_address_until_it_is_taken_down(
    hotline: Hotline, staff: Staff, browser: Browsers
) -> None:
    hotline.phone(WORKER).texts("演示工地拖欠三个月工资")
    lead = browser()
    lead.signs_in("supervisor")
    lead.get("/board/walls")
    assert lead.post("/board/walls", name="  ").status_code == 422
    made = lead.post("/board/walls", name="大厅").get_data(as_text=True)
    found = re.search(r'href="[^"]*(/wall/[\w-]+)"', made)
    assert found
    room = browser()
    shown = room.get(found[1]).get_data(as_text=True)
    assert "人工接通率" in shown
    assert all(title in shown for title in (">每日来电</h2>", ">每日工单</h2>"))
    assert 'class="stale"' not in shown, "the rollup is level"
    for private in (WORKER[3:], f"****{WORKER[-4:]}", "演示工地", "operator", "supervisor"):
        assert private not in shown
    assert found[1] not in lead.get("/board/walls").get_data(as_text=True), "told once"
    wall = re.search(
        r"/board/walls/(\w+)/take-down", lead.get("/board/walls").get_data(as_text=True)
    )
    assert wall
    assert lead.post(f"/board/walls/{wall[1]}/take-down").status_code == 303
    assert room.get(found[1]).status_code == 403
    assert room.get("/wall/another").status_code == 403
    worker = browser()
    worker.signs_in("operator")
    assert worker.get("/board/walls").status_code == 403
