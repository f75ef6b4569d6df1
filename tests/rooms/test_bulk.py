"""Many tickets at once, as a dispatcher does it in the browser: listed, done, reported, undone."""

import re

from sqlalchemy import select

from hotline.core.db import db
from hotline.tickets.bulk import BulkItem
from hotline.tickets.models import Ticket
from hotline.tickets.states import Action, State
from tests import matters
from tests.matters import MONDAY
from tests.people import Staff
from tests.rooms.browsing import Browsers


def states(*ids: int) -> list[State]:
    db.session.rollback()
    return [db.session.get_one(Ticket, each, populate_existing=True).state for each in ids]


def test_each_is_listed_done_reported_and_undone_by_itself(browser: Browsers, staff: Staff) -> None:
    (one, first), (two, second), (other, working) = (
        matters.received(), matters.received(), matters.in_progress(staff),
    )  # fmt: skip
    visitor = browser()
    visitor.signs_in("dispatcher")
    chosen = "&".join(f"number={number}" for number in (first, second, working))
    listed = visitor.get(f"/bulk/new?act=dispatch&{chosen}").get_data(as_text=True)
    assert all(number in listed for number in (first, second, working))
    assert "可以办 2 件" in listed
    assert re.findall(r'name="number" value="([^"]+)"', listed) == [first, second]
    assert states(one, two) == [State.RECEIVED, State.RECEIVED], "a list does nothing yet"
    done = visitor.post("/bulk", act="dispatch", number=[first, second, working])
    report = visitor.get(done.headers["Location"]).get_data(as_text=True)
    assert states(one, two, other) == [State.DISPATCHED, State.DISPATCHED, State.IN_PROGRESS]
    assert "不能“派单”" in report
    assert "撤销这 2 件" in report
    matters.act(two, (Action.SIGN, staff.handler, {}), now=MONDAY)
    visitor.post(f"{done.headers['Location']}/undo", number=[first, second])
    assert states(one, two) == [State.RECEIVED, State.IN_PROGRESS], "what was signed stays"
    undone = select(BulkItem.ticket_id).where(BulkItem.undone_at.is_not(None))
    assert db.session.scalars(undone).all() == [one]
    stranger = browser()
    stranger.signs_in("operator")
    assert stranger.get(done.headers["Location"]).status_code == 404


def test_an_urging_of_many_is_withdrawn_while_nobody_answered(
    browser: Browsers, staff: Staff
) -> None:
    ticket_id, number = matters.in_progress(staff)
    visitor = browser()
    visitor.signs_in("operator")
    visitor.get(f"/bulk/new?act=urge&number={number}")
    assert visitor.post("/bulk", act="urge", number=[number]).status_code == 422
    done = visitor.post("/bulk", act="urge", number=[number], text="请抓紧")
    assert db.session.get_one(Ticket, ticket_id, populate_existing=True).urge_count == 1
    visitor.post(f"{done.headers['Location']}/undo", number=[number])
    db.session.rollback()
    assert db.session.get_one(Ticket, ticket_id, populate_existing=True).urge_count == 0
