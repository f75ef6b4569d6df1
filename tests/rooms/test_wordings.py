"""What SMS say: written as versions by an administrator, checked, measured, and kept as sent."""

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core.db import transaction
from hotline.core.errors import Forbidden, Invalid, NotFound, Stale
from hotline.core.roles import Actor, Role
from hotline.messages import wordings
from hotline.messages.models import Message
from hotline.messages.states import MessageKind
from hotline.staff.models import StaffRole
from tests.matters import MONDAY, WORKER
from tests.people import Staff
from tests.rooms.browsing import Browsers
from tests.rooms.outbox import Outbox

OURS = "您的诉求{number}已收到您的意见，我们会重新办理。"
GIVEN = ("rework", "zh", OURS, "说得更清楚")


@pytest.fixture
def admin(session: Session, staff: Staff) -> Actor:
    """Somebody who may write the texts."""
    return Actor(staff.auditor.id, "admin", frozenset({Role.ADMIN}), 2)


def sent(outbox: Outbox) -> int:
    params = {"number": "1"}
    message_id = outbox.order(WORKER, MessageKind.NOTICE, template="rework", params=params)
    assert outbox.send() == 1
    return message_id


def test_what_is_sent_says_the_newest_version_and_keeps_it(
    session: Session, admin: Actor, outbox: Outbox
) -> None:
    given = {"actor": admin, "now": MONDAY}
    before = sent(outbox)
    first = transaction(lambda session: wordings.write(session, *GIVEN, after=0, **given).id)
    after = sent(outbox)
    again = ("rework", "zh", "诉求{number}重新办理。", "短些")
    transaction(lambda session: wordings.write(session, *again, after=1, **given).id)
    rows = [session.get_one(Message, each) for each in (before, after)]
    assert [row.wording_id for row in rows] == [None, first]
    assert str(rows[0].body).startswith("您对诉求1的意见已收到")
    assert rows[1].body == "您的诉求1已收到您的意见，我们会重新办理。【工会12351】"
    assert wordings.newest(session, "rework", "mn").version == 2, "Mongolian is told in Chinese"
    assert wordings.newest(session, "rework", "en") is None


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("rework", ""),
        ("rework", "诉求{pin}"),
        ("rework", "诉求{number"),
        ("rework", "见 www.example.com {number}"),
        ("rework", "长" * 140),
        ("survey", "您的诉求{number}已办结，请评价。退订回TD"),
    ],
)
def test_what_must_not_be_sent_is_refused(
    session: Session, admin: Actor, template: str, words: str
) -> None:
    with pytest.raises(Invalid) as error:
        wordings.write(session, template, "zh", words, "", after=0, actor=admin, now=MONDAY)
    assert set(error.value.errors) == {"words", "reason"}


def test_two_who_write_at_once_do_not_overwrite_each_other(
    session: Session, staff: Staff, admin: Actor
) -> None:
    given = {"actor": admin, "now": MONDAY + dt.timedelta(hours=1)}
    wordings.write(session, *GIVEN, after=0, **given)
    with pytest.raises(Stale):
        wordings.write(session, *GIVEN, after=0, **given)
    with pytest.raises(Forbidden):
        wordings.write(session, *GIVEN, after=1, **{**given, "actor": staff.supervisor})
    with pytest.raises(NotFound):
        wordings.write(session, "nothing", *GIVEN[1:], after=0, **given)


def test_an_administrator_sees_the_parts_while_typing(staff: Staff, browser: Browsers) -> None:
    def promote(session: Session) -> None:
        held = session.scalars(
            select(StaffRole).where(StaffRole.staff_id == staff.auditor.id)
        ).one()
        held.role = Role.ADMIN

    transaction(promote)
    admin, place = browser(), "/wordings/rework/zh"
    admin.signs_in("auditor")
    assert "受理告知" in admin.get("/wordings").text
    assert "GSM-7" in admin.get("/wordings?language=en").text
    assert "{number}" in admin.get(place).text
    live = {"HX-Request": "true"}
    typed = admin.post(f"{place}/try", words="长" * 80 + "{number}", headers=live).text
    assert "2 条" in typed
    assert "261122-0007【工会12351】" in typed
    assert "<textarea" in admin.post(f"{place}/try", words="<b>{x}").text, "without a script too"
    assert admin.post(place, words=OURS, reason="", version="0").status_code == 422
    assert admin.post(place, words=OURS, reason="更清楚", version="0").status_code == 303
    assert "第 1 版" in admin.get(place).text
    assert admin.post(place, words=OURS, reason="又", version="0").status_code == 409
    assert admin.get("/wordings/rework/fr").status_code == 404
