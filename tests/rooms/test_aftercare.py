"""After a crisis: the leader's brief and the second call, and what is missing alarms once."""

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.calls.models import Call
from hotline.core.db import db, transaction
from hotline.core.errors import Forbidden, GuardFailed, Invalid, NotFound
from hotline.intake import aftercare, rescue
from hotline.messages.models import DeskNotice, Message
from tests.people import Staff
from tests.rooms.browsing import Browsers
from tests.rooms.telling import answered, at

RAISED = at(40)
MINUTES = dt.timedelta(minutes=1)


@pytest.fixture
def call(session: Session, staff: Staff) -> Call:
    """Let the operator raise the alarm in a call."""
    found = answered(session, staff)[0]
    rescue.raise_alarm(session, staff.operator, found.id, now=RAISED)
    session.commit()
    return found


def alarms(session: Session) -> list[str]:
    """Return the alarms the first supervisor got by SMS, in order."""
    session.rollback()
    ordered = select(Message.template).where(Message.template.startswith("staff_crisis_"))
    return list(session.scalars(ordered.order_by(Message.id)))


def test_r16_a_missing_brief_and_a_missing_call_alarm_once_each(
    session: Session, call: Call
) -> None:
    """R16: no leader brief after 30 minutes alarms; no second call after 24 hours another."""
    later = RAISED + 29 * MINUTES
    assert aftercare.alarm_unbriefed(transaction, now=later) == 0
    later = RAISED + 30 * MINUTES
    assert [aftercare.alarm_unbriefed(transaction, now=later) for _ in range(2)] == [1, 0]
    assert alarms(session) == ["staff_crisis_brief"]
    later = RAISED + dt.timedelta(hours=23, minutes=59)
    assert aftercare.alarm_unfollowed(transaction, now=later) == 0
    later = RAISED + dt.timedelta(hours=24)
    assert [aftercare.alarm_unfollowed(transaction, now=later) for _ in range(2)] == [1, 0]
    assert alarms(session) == ["staff_crisis_brief", "staff_crisis_follow"]
    told = select(DeskNotice.text).where(DeskNotice.text.contains("危机来电已过"))
    assert len(session.scalars(told).all()) == 2 * 2, "both supervisors, both times"


def test_what_was_done_alarms_nobody_and_is_written_once(
    session: Session, staff: Staff, call: Call
) -> None:
    given = {"actor": staff.operator, "now": RAISED + 9 * MINUTES}
    with pytest.raises(Invalid):
        aftercare.brief(session, call.id, " ", **given)
    with pytest.raises(Forbidden):
        aftercare.brief(session, call.id, "x", actor=staff.handler, now=RAISED)
    with pytest.raises(NotFound):
        aftercare.brief(session, 1, "x", **given)
    aftercare.brief(session, call.id, "已向值班领导电话报告", **given)
    aftercare.follow_up(session, call.id, "本人已回家，情绪平稳", **given)
    for verb in (aftercare.brief, aftercare.follow_up):
        with pytest.raises(GuardFailed):
            verb(session, call.id, "再写一次", **given)
    session.commit()
    later = RAISED + dt.timedelta(days=2)
    assert aftercare.alarm_unbriefed(transaction, now=later) == 0
    assert aftercare.alarm_unfollowed(transaction, now=later) == 0
    assert alarms(session) == []


def test_the_card_asks_until_both_are_written(
    browser: Browsers, session: Session, call: Call
) -> None:
    visitor = browser()
    visitor.signs_in("operator")
    address = f"/calls/{call.id}"
    assert "呈报领导" in visitor.get(address).get_data(as_text=True)
    assert visitor.post(f"/desk{address}/crisis/brief", brief="").status_code == 422
    visitor.post(f"/desk{address}/crisis/brief", brief="已报告值班领导")
    visitor.post(f"/desk{address}/crisis/follow-up", follow_up="已回家")
    page = visitor.get(address).get_data(as_text=True)
    assert "已报告值班领导" in page
    assert 'name="follow_up"' not in page
    db.session.rollback()
    owed = aftercare.of_call(db.session(), call.id)
    assert owed is not None
    assert owed.briefed_by is not None
