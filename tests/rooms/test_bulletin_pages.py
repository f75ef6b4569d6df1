"""Bulletins as people and programs see them, and as anybody checks them without the database."""

import datetime as dt
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from hotline.bulletins import claims
from hotline.rates.facts import FACTS
from hotline.rates.metrics import BY_CODE
from tests import matters
from tests.harness import Hotline
from tests.people import Staff
from tests.rooms.browsing import Browser, Browsers

VERIFY = Path(__file__).parents[2] / "bin/verify"


@pytest.fixture
def supervisor(hotline: Hotline, staff: Staff, browser: Browsers) -> Browser:
    """A supervisor, with a day that is over: one complaint resolved, one call missed."""
    matters.resolved(staff, now=hotline.now)
    hotline.phone("+8613800000002").calls(patience=40)
    hotline.forward(hours=2, every=dt.timedelta(minutes=30))
    hotline.forward(hours=29, every=dt.timedelta(hours=10))  # the day is frozen, and then
    hotline.forward(hours=1, every=dt.timedelta(hours=1))
    found = browser()
    found.signs_in("supervisor")
    return found


def verify(file: Path, *more: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, str(VERIFY), str(file), *more], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_a_day_is_published_restated_and_checked_by_anybody(
    hotline: Hotline, staff: Staff, supervisor: Browser, tmp_path: Path
) -> None:
    listed = supervisor.get("/bulletins").get_data(as_text=True)
    address = re.search(r'href="(/bulletins/\d+)"', listed)
    assert address is not None, "the clock froze the day"
    page = supervisor.get(address[1]).get_data(as_text=True)
    assert "已封账" in page
    units = page.partition('id="units"')[2].partition("</table>")[0]
    heads = re.findall(r'class="number">([TV]\d\S*) ', units)
    shown = [
        dict(zip(heads, re.findall(r'<td class="number">([^ <]*)', row), strict=True))
        for row in units.split("<tbody>")[1].split("</tr>")[:-1]
    ]
    assert [one["T2"] for one in shown if one["T2"] != "–"] == ["100%"]
    assert len(shown) > 1, "who sees all sees the branches apart"
    assert "到期自动封账" in page

    hotline.phone(matters.WORKER).texts("1 解决了")
    hotline.forward(minutes=1, every=dt.timedelta(minutes=1))
    changed = supervisor.get(f"{address[1]}/changes").get_data(as_text=True)
    assert "发布后收到评价" in changed
    assert supervisor.post(f"{address[1]}/restate", reason=" ").status_code == 422
    done = supervisor.post(f"{address[1]}/restate", reason="评价晚到")
    assert done.status_code == 303
    page = supervisor.get(done.headers["Location"]).get_data(as_text=True)
    assert "对第 1 版的更正" in page
    assert "评价晚到" in page
    assert "已被第 2 版更正" in supervisor.get(address[1]).get_data(as_text=True)

    file = tmp_path / "bulletin.jsonl"
    file.write_bytes(supervisor.get(f"{address[1]}/file").data)
    assert verify(file)[0] == 0
    lines = file.read_text("utf-8").splitlines()
    key = json.loads(lines[0])["public_key"]
    assert "2026-11-23, edition 2: as signed" in verify(file, "--key", key)[1]
    flattered = lines[1].replace('\\"numerator\\":0', '\\"numerator\\":1', 1)
    assert flattered != lines[1]
    for wrong, says in (
        ([lines[0], flattered, lines[2]], "edition 1 was altered"),
        ([lines[0], lines[2]], "edition 1 was altered"),
        (lines[:1], "no edition"),
    ):
        file.write_text("\n".join(wrong) + "\n", "utf-8")
        status, told = verify(file)
        assert (status, says in told) == (1, True), told


def test_the_definition_page_carries_all_that_belongs_beside_a_claim(
    hotline: Hotline, staff: Staff, supervisor: Browser
) -> None:
    """R52: every published figure with its rule, cohort, exclusions, and the other readings."""
    items = hotline.api(staff.supervisor).get("/bulletins", kind="day")["items"]
    assert [item["first"] for item in items] == ["2026-11-23"]
    page = supervisor.get(f"/bulletins/{items[0]['id']}/definitions").get_data(as_text=True)
    for code in (*claims.ANSWERED, *claims.SETTLED, *claims.SATISFIED, *claims.RECOVERED):
        assert f"{code} {BY_CODE[code].name}" in page
        assert BY_CODE[code].definition in page
    for name in (*claims.CALLS, *claims.TICKETS, *claims.ANSWERS, *claims.PAYMENTS):
        assert FACTS[name].label in page
    assert "进入人工队列的来电 1 个，接听 0 个，接通率 0%" in page
    assert "本期到账 0.00 元：银行凭证 0.00 元" in page
    whole = hotline.api(staff.auditor).get(f"/bulletins/{items[0]['id']}")
    assert whole["content"]["rates"][0]["code"] == "C1"
    assert json.loads(whole["signed"]) == whole["content"]


def test_who_may_not_publish_sees_no_form_and_is_refused(
    hotline: Hotline, supervisor: Browser, browser: Browsers
) -> None:
    handler = browser()
    handler.signs_in("handler")
    assert "封账并发布" not in handler.get("/bulletins").get_data(as_text=True)
    assert handler.post("/bulletins", kind="day", day="2026-11-22").status_code == 403
    assert supervisor.post("/bulletins", kind="day", day="soon").status_code == 422
    assert supervisor.post("/bulletins", kind="aeon", day="2026-11-22").status_code == 422
    assert supervisor.post("/bulletins", kind="day", day="2026-12-22").status_code == 422
    assert supervisor.get("/bulletins/999/file").status_code == 404
