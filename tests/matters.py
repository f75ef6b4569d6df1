"""Matters for tests: tickets brought to a state by the people who would do it."""

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from hotline.core.db import transaction
from hotline.core.roles import system
from hotline.messages.quiet import QuietHours
from hotline.messages.rules import Rules
from hotline.tickets import service
from hotline.tickets.intake import Intake
from hotline.tickets.models import Channel, DemandType, Ticket
from hotline.tickets.states import Action
from hotline.workers import service as workers
from tests.people import Staff

MONDAY = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)  # 10:00 in Hohhot
WORKER = "+8613800000001"
HOHHOT = dt.timezone(dt.timedelta(hours=8))
RULES = Rules(
    public_url="https://hotline.example",
    own_number="+8647112351",
    quiet=QuietHours.read("21:00-08:30", HOHHOT),
)
CLASSIFIED = {
    "category_code": "A1",
    "demand_type": DemandType.COMPLAINT,
    "region_code": "150102",
    "confidential_level": 0,
}
RESULT = {"reply": "工资已补发", "result_code": "solved", "contact": "已电话联系"}


def received(
    phone: str | None = WORKER, *, now: dt.datetime = MONDAY, **given: Any
) -> tuple[int, str]:
    """Commit a classified wage complaint; return its id and number."""

    def work(session: Session) -> tuple[int, str]:
        worker = workers.identify(session, phone, now)
        matter = Intake(
            channel=Channel.CALL,
            worker_id=worker.id,
            **{"narrative": "演示工地三个月没有发工资", **CLASSIFIED, **given},
        )
        receipt = service.receive(session, matter, actor=system("test"), now=now)
        return receipt.id, receipt.number

    return transaction(work)


def act(ticket_id: int, *steps: tuple[Action, Any, dict[str, Any]], now: dt.datetime) -> None:
    """Commit these steps (action, actor, fields) one after the other."""

    def work(session: Session) -> None:
        ticket = session.get_one(Ticket, ticket_id)
        for action, actor, fields in steps:
            service.perform(session, ticket, action, fields, actor=actor, now=now)

    transaction(work)


def in_progress(staff: Staff, *, now: dt.datetime = MONDAY, **given: Any) -> tuple[int, str]:
    """Commit a complaint that the handler of 150102 has signed for."""
    found = received(now=now, **given)
    act(found[0], (Action.DISPATCH, staff.dispatcher, {"unit": "150102"}), now=now)
    act(found[0], (Action.SIGN, staff.handler, {}), now=now)
    return found


def resolved(staff: Staff, *, now: dt.datetime = MONDAY, **given: Any) -> tuple[int, str]:
    """Commit a complaint that was worked on, reviewed and resolved at *now*."""
    found = in_progress(staff, now=now, **given)
    act(
        found[0],
        (Action.SUBMIT_RESULT, staff.handler, RESULT),
        (Action.APPROVE, staff.reviewer, {}),
        now=now,
    )
    return found
