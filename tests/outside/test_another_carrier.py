"""The product in production, served by a carrier nobody here has met: one whole day by HTTP.

Each chapter is a function; they run in order on one installation, for a start costs more
than a chapter. Which rates must come of it stands in `by_hand.py`.
"""

import datetime as dt
import secrets
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import sqlalchemy as sa

from tests.databases import SERVER, _administer
from tests.outside import calling, sums, writing
from tests.outside.by_hand import expected
from tests.outside.carrier import Carrier
from tests.outside.day import Day, assert_moments
from tests.outside.installation import Installation, Visitor, fetch

ACCOUNT: Final = "AC-outside"
NUMBER: Final = "+8647112351"
PATIENCE: Final = 10


@pytest.fixture
def database_url(engine_name: str, tmp_path: Path) -> Iterator[str]:
    """Make an empty database, as whoever installs the hotline would."""
    if engine_name == "sqlite":
        yield f"sqlite:///{tmp_path}/hotline.db"
        return
    name = f"hotline_outside_{secrets.token_hex(4)}"
    _administer(f"CREATE DATABASE {name} TEMPLATE template0 LOCALE 'C.UTF-8'")
    yield sa.make_url(SERVER).set(database=name).render_as_string(hide_password=False)
    _administer(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def day(engine_name: str, database_url: str, tmp_path: Path) -> Iterator[Day]:
    """Start the hotline beside a carrier; on PostgreSQL the carrier has no lists."""
    token = secrets.token_hex(16)
    with Carrier(ACCOUNT, token, NUMBER, lists=engine_name == "sqlite") as carrier:
        site = Installation(tmp_path, database_url, carrier, token)
        carrier.app_url = site.base
        carrier.writes(writing.UNHEARD, "演示短信，没有通知", lost=True)
        site.start()
        try:
            yield Day(carrier, site)
        finally:
            site.kill()


def test_a_day_with_another_carrier(day: Day) -> None:
    comes_up(day)
    keeps_strangers_out(day)
    calling.nobody_is_at_the_desk(day)
    writing.people_write(day)
    writing.simple_matters_are_settled(day)
    calling.who_waited_gives_up(day)
    calling.the_desk_telephone_rings(day)
    calling.news_comes_in_any_order(day)
    calling.a_carrier_that_tells_little(day)
    calling.the_browser_line(day)
    calling.callbacks_are_worked(day)
    writing.matters_that_end_apart(day)
    writing.a_matter_of_the_banner(day)
    writing.a_matter_that_is_worked_on_twice(day)
    writing.what_was_never_announced_is_found(day)
    the_rates_are_those_of_the_day(day)
    sums.money_is_recovered(day)
    sums.the_desk_was_timed(day)
    it_stops_cleanly(day)


def comes_up(day: Day) -> None:
    """Be alive, then ready; nobody has called yet, so no rate of calls claims anything."""
    site = day.site
    day.carrier.wait(lambda: "hotline:" in site.log.read_text(), "the migrations", 30)
    day.hire()
    day.carrier.wait(lambda: fetch(f"{site.base}/readyz")[0] == 200, "readiness", 30)
    assert fetch(f"{site.base}/healthz")[0] == 200
    assert fetch(f"{site.base}/readyz")[2].strip() == '{"failing":[],"ready":true}'
    empty = [rate for rate in day.check.get("/rates")["items"] if rate["code"].startswith("C")]
    assert {(rate["numerator"], rate["denominator"], rate["value"]) for rate in empty} == {
        (0, 0, None)
    }


def keeps_strangers_out(day: Day) -> None:
    """Refuse what nobody signed or what is for another account, and keep nothing of it."""
    carrier, url = day.carrier, f"{day.site.base}/phone"
    sms = {"MessageSid": "SM-forged", "From": writing.VERY, "To": NUMBER, "Body": "伪造"}
    call = {"CallSid": "CA-forged", "From": writing.VERY, "To": NUMBER, "CallStatus": "ringing"}
    call["Direction"] = "inbound"
    other = {"AccountSid": "AC-other"}
    assert carrier.post(f"{url}/sms", sms, signature="").status == 403
    assert carrier.post(f"{url}/voice", call, signature="bm9ib2R5").status == 403
    assert carrier.post(f"{url}/sms", {**sms, **other}).status == 403
    assert carrier.post(f"{url}/status?x=1", call, signature=carrier.sign(url, call)).status == 403
    assert day.metric("hotline_phone_refused_total") == 4  # whichever worker is asked
    assert fetch(f"{day.site.base}/api/v1/tickets")[:2] == (401, "application/problem+json")
    assert day.desk.get("/tickets", caller=writing.VERY)["items"] == []
    assert day.desk.get("/calls")["items"] == []


def the_rates_are_those_of_the_day(day: Day) -> None:
    """Find every number that was counted by hand, and behind each exactly its rows."""
    now = dt.datetime.now(dt.UTC)
    span = {"from": now.date() - dt.timedelta(days=2), "to": now.date() + dt.timedelta(days=370)}
    waited = {name: leg.waited or 0.0 for name, leg in day.lines.items()}
    wanted = expected(waited, listed=day.carrier.lists)
    numbers = {c: (len(w.numerator), len(w.denominator), w.excluded) for c, w in wanted.items()}

    def rates(**group: str) -> list[dict[str, Any]]:
        items = day.check.get("/rates", **span, **group)["items"]
        return [rate for rate in items if rate["code"] in wanted]

    def counted() -> dict[str, Any]:
        return {r["code"]: (r["numerator"], r["denominator"], r["excluded"]) for r in rates()}

    day.finds(counted, numbers)
    ids = {**day.numbers, **{name: day.row(name)["id"] for name in day.lines}}
    for rate in rates():
        assert rate["value"] == pytest.approx(rate["numerator"] / rate["denominator"])
        assert_moments(rate)
        for side, link in rate["rows"].items():
            rows = day.check.items(link)
            named = getattr(wanted[rate["code"]], side)
            assert {row["id"] for row in rows} == {ids[name] for name in named}, rate["code"]
            assert len(rows) == rate[side]
    parts = rates(group_by="unit")
    for code, (above, below, _) in numbers.items():
        mine = [part for part in parts if part["code"] == code]
        assert sum(part["numerator"] for part in mine) == above
        assert sum(part["denominator"] for part in mine) == below


def it_stops_cleanly(day: Day) -> None:
    """End within seconds of SIGTERM, a listening browser and all; nobody had cause to complain."""
    visitor = Visitor(day.site.base)
    visitor.signs_in("check")
    with visitor.listens() as stream:
        assert stream.readline().startswith(b"retry:")
        told: list[bytes] = []
        reader = threading.Thread(target=lambda: told.extend(stream))
        reader.start()
        began = time.monotonic()
        assert day.site.stop() == 0
        assert time.monotonic() - began < PATIENCE  # nobody had to be killed
        reader.join(5)
        assert not reader.is_alive()
    assert day.carrier.complaints == []
    assert "Traceback" not in day.site.log.read_text()
