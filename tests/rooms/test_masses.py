"""Many workers with one claim: found by the clock, decided by a supervisor, each kept apart."""

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core.db import db, transaction
from hotline.core.errors import Forbidden
from hotline.masses import jobs, queries
from hotline.masses.models import MassGroup, MassMember, Verdict
from hotline.messages.models import DeskNotice
from hotline.money import service as money
from hotline.tickets.models import Ticket
from tests import matters
from tests.harness import Hotline
from tests.matters import MONDAY
from tests.people import LEAD_PHONE, Staff
from tests.rooms.browsing import Browsers

EMPLOYER = "演示建筑公司"


def crowd(count: int, **given: object) -> list[int]:
    """Commit matters of so many workers of one employer; return their tickets."""
    phones = [f"+86138000007{n:02d}" for n in range(count)]
    return [matters.received(phone, employer=EMPLOYER, **given)[0] for phone in phones]


def groups() -> list[MassGroup]:
    db.session.rollback()
    return list(db.session.scalars(select(MassGroup).order_by(MassGroup.id)))


def test_r18_three_contacts_in_a_day_are_proposed_and_each_claimant_keeps_their_own(
    hotline: Hotline, browser: Browsers, staff: Staff
) -> None:
    """R18: three contacts in 24 hours, or ten heads, propose a group; each keeps their own."""
    first, second, third = crowd(3, confidential_level=1)
    hotline.forward(minutes=1)
    (group,) = groups()
    assert (group.verdict, group.because, group.lead_id) == (
        Verdict.PROPOSED, ["employer", "words"], first,
    )  # fmt: skip
    hotline.phone(LEAD_PHONE).hears("疑似群体事件，3件工单")
    db.session.rollback()

    def claim(session: Session) -> None:
        given = {"actor": staff.operator, "now": MONDAY}
        for place, ticket_id in enumerate((first, second), 1):
            ticket = session.get_one(Ticket, ticket_id)
            money.claim(session, ticket, f"演示职工{place}", place * 1_000_00, **given)

    transaction(claim)
    boss = browser()
    boss.signs_in("supervisor")
    assert f"/masses/{group.id}" in boss.get("/masses").get_data(as_text=True)
    page = boss.get(f"/masses/{group.id}").get_data(as_text=True)
    assert all(sum_ in page for sum_ in ("1,000.00", "2,000.00", "3,000.00"))
    assert boss.post(f"/masses/{group.id}/confirm", lead="1").status_code == 422
    boss.post(f"/masses/{group.id}/confirm", lead=str(second))
    assert boss.post(f"/masses/{group.id}/decline", reason="否").status_code == 422
    (group,) = groups()
    assert (group.verdict, group.lead_id) == (Verdict.CONFIRMED, second)
    assert db.session.get_one(Ticket, third).mass
    late = matters.received("+8613800000799", employer=EMPLOYER)[0]
    assert jobs.propose(transaction, now=MONDAY) == 1
    db.session.rollback()
    assert db.session.get_one(MassMember, late).group_id == group.id
    assert db.session.get_one(Ticket, late).mass
    assert f"/masses/{group.id}" in boss.get(
        f"/tickets/{db.session.get_one(Ticket, late).number}"
    ).get_data(as_text=True)


def test_what_was_declined_is_not_proposed_again(
    browser: Browsers, staff: Staff, session: Session
) -> None:
    crowd(3)
    assert jobs.propose(transaction, now=MONDAY) == 1
    (group,) = groups()
    boss = browser()
    boss.signs_in("supervisor")
    boss.get(f"/masses/{group.id}")
    assert boss.post(f"/masses/{group.id}/decline", reason=" ").status_code == 422
    boss.post(f"/masses/{group.id}/decline", reason="三件是不同的事")
    assert jobs.propose(transaction, now=MONDAY) == 0
    matters.received("+8613800000798", employer=EMPLOYER)
    assert jobs.propose(transaction, now=MONDAY) == 0, "one more is not many"
    assert [each.verdict for each in groups()] == [Verdict.DECLINED]
    with pytest.raises(Forbidden):
        queries.group(session, staff.unit_lead, group.id)


def test_only_a_day_counts_and_a_head_count_counts_at_once(session: Session, staff: Staff) -> None:
    crowd(2)
    later = MONDAY + dt.timedelta(hours=25)
    matters.received("+8613800000797", employer=EMPLOYER, now=later)
    assert jobs.propose(transaction, now=later) == 0
    heads = {"narrative": "厨房十二个人没有加班费", "head_count": 12}
    matters.received(None, employer="演示餐饮公司", now=later, **heads)
    matters.received(None, employer="演示物流公司", head_count=30, confidential_level=3, now=later)
    assert jobs.propose(transaction, now=later) == 1
    assert [each.because for each in groups()] == [["heads"]]
    told = session.scalars(select(DeskNotice.kind)).all()
    assert told == ["mass_group"] * 2


def test_a_mass_matter_is_reported_within_the_hour_daily_and_when_it_grows(
    hotline: Hotline, browser: Browsers, staff: Staff
) -> None:
    crowd(3, head_count=12)
    hotline.forward(minutes=1)
    (group,) = groups()
    boss = browser()
    boss.signs_in("supervisor")
    page = f"/masses/{group.id}"
    boss.get(page)
    assert boss.post(f"{page}/reports", words="早了").status_code == 422, "nobody confirmed it"
    boss.post(f"{page}/confirm", lead=str(group.lead_id))
    (group,) = groups()
    assert (group.level, group.report_alarmed_at) == (1, None)
    hotline.forward(minutes=61)
    assert told("mass_report", staff) == ["群体事件 %(number)s 的情况报告 %(due)s 到期，还没有报。"]
    hotline.forward(minutes=10)
    assert len(told("mass_report", staff)) == 1, "once for each report"
    boss.signs_in("supervisor")
    assert boss.post(f"{page}/reports", words="现场平静", final="1").status_code == 422
    assert boss.post(f"{page}/reports", words=" ").status_code == 422
    assert boss.post(f"{page}/reports", words="十二人在工地门口，已派人到场").status_code == 303
    (group,) = groups()
    reported = group.report_due_at
    matters.received("+8613800000797", employer=EMPLOYER, head_count=30, now=hotline.now)
    hotline.forward(minutes=2)
    (group,) = groups()
    assert group.level == 2
    assert group.report_due_at is not None
    assert reported is not None
    assert group.report_due_at < reported, "growing hastens the next report"
    assert "列为 %(level)s 级" in told("mass_report", staff)[-1]
    boss.post(f"{page}/reports", words="工资已经发放，人员散去", final="1")
    (group,) = groups()
    assert group.report_due_at is None
    shown = boss.get(page).text
    assert shown.index("终报") < shown.index("首报")
    assert "30 人" in shown
    assert boss.post(f"{page}/reports", words="再报").status_code == 422
    hotline.forward(minutes=26 * 60)
    assert len(told("mass_report", staff)) == 2, "after the last report nothing is owed"


def test_a_unit_reports_on_no_mass_matter(browser: Browsers, staff: Staff) -> None:
    crowd(3)
    jobs.propose(transaction, now=MONDAY)
    (group,) = groups()
    unit = browser()
    unit.signs_in("handler")
    unit.get("/tickets")
    assert unit.post(f"/masses/{group.id}/reports", words="不该").status_code == 403


def told(kind: str, staff: Staff) -> list[str]:
    """Return what one of the leads was told on the desk."""
    db.session.rollback()
    to_one = DeskNotice.staff_id == staff.supervisor.id, DeskNotice.kind == kind
    return list(db.session.scalars(select(DeskNotice.text).where(*to_one).order_by(DeskNotice.id)))
