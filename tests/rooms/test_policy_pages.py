"""The pages of the rules of time: read, foretold, saved; closed to who may not."""

import io

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from hotline.core.roles import Role
from hotline.staff import service as people
from hotline.tickets.intake import CENTRE_ID
from tests import matters
from tests.people import ADMIN, PASSWORD, Staff
from tests.rooms.browsing import Browser

DECEMBER = matters.MONDAY.replace(month=12, day=15)
NEXT = "sign=4wh&first_contact=1wd&finish=3wd&review=1wd&reply=5wd&start=next_day"
FILE = "day,until,scope,kind,name,source\n2027-01-01,2027-01-05,,holiday,元旦,通知\n"


def test_an_administrator_changes_the_rules_knowing_what_follows(
    session: Session, staff: Staff, client: FlaskClient
) -> None:
    people.add(
        session, login="admin1", roles=[Role.ADMIN], unit_id=CENTRE_ID, password=PASSWORD,
        actor=ADMIN, now=matters.MONDAY,
    )  # fmt: skip
    session.commit()
    _, number = matters.in_progress(staff, category_code="C3", now=DECEMBER)
    browser = Browser(client)
    browser.signs_in("admin1")
    assert "15 个工作日" in browser.get("/policy").text
    assert browser.get("/policy/classes/none").status_code == 404
    shown = browser.get(f"/policy/classes/complaint_hard/what-if?{NEXT}&valid_from=2099-01-01")
    assert number in shown.text
    assert "15 个工作日" in shown.text
    asked = {"headers": {"HX-Request": "true"}}
    led = browser.get(
        f"/policy/classes/complaint_hard/what-if?{NEXT}&valid_from=2099-01-01", **asked
    )
    assert "valid_from=2099-01-01" in led.headers["HX-Redirect"], "what can be read is shown"
    wrong = browser.get("/policy/classes/complaint_hard/what-if?finish=soon&why=试行", **asked)
    assert wrong.status_code == 422
    assert 'data-fault="finish"' in wrong.text, "what cannot is told beside the form"
    given = dict(part.split("=") for part in NEXT.split("&"))
    later = {"valid_from": "2099-01-01", "why": "试行", "version": "1"}
    refused = browser.post("/policy/classes/complaint_hard", **(given | later | {"why": ""}))
    assert refused.status_code == 422
    assert browser.post("/policy/classes/complaint_hard", **given, **later).status_code == 303
    assert "待生效" in browser.get("/policy/classes/complaint_hard").text
    upload = (io.BytesIO(FILE.encode()), "2027.csv")
    kept = browser.post("/policy/calendar", file=upload)
    page = browser.get(kept.location)
    assert number in page.text
    assert "改动清单" not in page.text
    browser.post(kept.location)
    assert "改动清单" in browser.get(kept.location).text
    assert "已公布" in browser.get("/policy/calendar?year=2027").text


def test_others_read_and_do_not_change(staff: Staff, client: FlaskClient) -> None:
    browser = Browser(client)
    browser.signs_in("operator")
    assert browser.get("/policy").status_code == 200
    assert "先看影响" not in browser.get("/policy/classes/complaint").text
    assert browser.get("/policy/classes/complaint/what-if").status_code == 403
    assert browser.post("/policy/classes/complaint").status_code == 403
    assert browser.get("/policy/calendar/files/1").status_code == 403
