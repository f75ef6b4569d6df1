"""Macros: a preview that changes nothing and says it all, then all of it at once or nothing."""

import html
import re

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.core.db import reading, transaction
from hotline.core.errors import Forbidden, Invalid, Stale
from hotline.core.roles import Actor
from hotline.messages.models import Message
from hotline.phrases import running
from hotline.phrases.macros import Step
from hotline.phrases.running import Outcome, Plan
from hotline.tickets.models import Ticket, Urgency
from hotline.tickets.records import TicketEvent
from hotline.tickets.states import State
from tests.harness import Hotline
from tests.matters import MONDAY, in_progress, received
from tests.people import Staff
from tests.rooms.browsing import Browsers

EVERYBODY = 1
SEND = Plan(
    "转办并备注",
    (Step("note", "转{unit}前已核对"), Step("urgent", "年底欠薪"), Step("dispatch")),
    EVERYBODY,
)
ASK = Plan("要材料", (Step("ask_caller", "合同照片"), Step("note", "已发短信")), EVERYBODY)


def write(plan: Plan, actor: Actor) -> int:
    return transaction(lambda session: running.add(session, plan, actor=actor, now=MONDAY).id)


def run(ticket_id: int, macro_id: int, actor: Actor, **more: int) -> Outcome:
    def work(session: Session) -> Outcome:
        ticket = session.get_one(Ticket, ticket_id)
        return running.run(session, ticket, macro_id, actor=actor, now=MONDAY, **more)

    return transaction(work)


def test_all_is_done_at_once_and_told_as_it_was_done(session: Session, staff: Staff) -> None:
    ticket_id, _ = received()
    told = run(ticket_id, write(SEND, staff.supervisor), staff.dispatcher)
    assert [step.undoable for step in told.steps] == [False, False, True]
    assert told.steps[0].words.startswith("转12351")
    changed = {each.name: each.after for each in told.changes}
    assert (changed["state"], changed["urgency"]) == (State.DISPATCHED, Urgency.URGENT)
    asked, other = in_progress(staff)
    told = run(asked, write(ASK, staff.supervisor), staff.handler)
    assert told.texts[0].startswith(f"办理您的诉求{other}还需要补充：合同照片")


def test_what_one_step_refuses_takes_all_back(session: Session, staff: Staff) -> None:
    ticket_id, _ = received()
    events = select(func.count()).select_from(TicketEvent)
    before = session.scalar(events)
    macro_id = write(SEND, staff.supervisor)
    with pytest.raises(Forbidden):
        run(ticket_id, macro_id, staff.handler)
    with pytest.raises(Stale):
        run(ticket_id, macro_id, staff.dispatcher, version=7)
    session.rollback()
    assert session.scalar(events) == before
    assert session.get_one(Ticket, ticket_id).urgency is Urgency.NORMAL


@pytest.mark.parametrize(
    ("steps", "at"),
    [
        ((), "kind.1"),
        ((Step("take"), Step("dispatch")), "kind.1"),
        ((Step("nothing"),), "words.1"),
        ((Step("note", "{phone}"),), "words.1"),
        ((Step("take"), Step("note")), "words.2"),
    ],
)
def test_what_could_not_be_done_is_not_written(
    staff: Staff, steps: tuple[Step, ...], at: str
) -> None:
    with pytest.raises(Invalid) as error:
        write(Plan("名", steps, EVERYBODY), staff.supervisor)
    assert set(error.value.errors) == {at}


def test_the_preview_changes_nothing_and_the_press_does_what_it_said(
    browser: Browsers, hotline: Hotline, staff: Staff
) -> None:
    ticket_id, number = received(now=hotline.now)
    lead, dispatcher = browser(), browser()
    lead.signs_in("supervisor")
    assert "还没有快捷办理" in lead.get("/macros").text
    lead.get("/macros/new")
    form = {
        "name": "转办",
        "unit": "15",
        "kind.1": "note",
        "words.1": "<b>{number}",
        "kind.2": "dispatch",
    }
    assert lead.post("/macros", **form | {"words.1": "{x}"}).status_code == 422
    assert lead.post("/macros", **form).status_code == 303
    dispatcher.signs_in("dispatcher")
    offer = dispatcher.get(f"/tickets/{number}/macros").text
    at = re.search(rf"/tickets/{number}/macros/\d+", offer).group()
    seen = dispatcher.get(at).text
    assert f"&lt;b&gt;{number}" in seen
    assert "已受理·待派单 → <strong>已派单·待签收" in seen
    assert "10 秒内可撤销" in seen
    with reading(first=True) as session:
        assert session.get_one(Ticket, ticket_id).state is State.RECEIVED
        ordered = select(func.count()).where(Message.ticket_id == ticket_id)
        messages = session.scalar(ordered)
    given = dict(re.findall(r'name="(stood|version)" value="([^"]+)"', seen))
    given = {name: html.unescape(value) for name, value in given.items()}
    assert dispatcher.post(at, **given).status_code == 303
    assert dispatcher.post(at, **given).status_code == 409, "it was seen as it stood before"
    assert "现在不能这样办" in dispatcher.get(at).text
    assert dispatcher.post(f"/tickets/{number}/undo").status_code == 303
    with reading(first=True) as session:
        assert session.get_one(Ticket, ticket_id).state is State.RECEIVED
        assert session.scalar(ordered) >= messages
    page = lead.get("/macros").text
    own = re.search(r"/macros/\d+", page).group()
    lead.get(own)
    assert lead.post(own, retire="1", version="1").status_code == 303
    assert "转办" in lead.get("/macros?retired=1").text
    assert dispatcher.get(f"/tickets/{number}/macros").text.count("macros/") == 0
