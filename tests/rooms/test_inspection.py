"""Operators' work inspected: drawn by seed, scored by somebody else, appealed once, compared."""

import datetime as dt
import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.calls.models import Call
from hotline.calls.states import CallState, EndState
from hotline.core.db import db, transaction
from hotline.core.errors import Forbidden, GuardFailed, Invalid
from hotline.core.roles import Role
from hotline.inspection import queries, service
from hotline.inspection.models import InspectionSample, Round
from hotline.staff import service as accounts
from hotline.tickets.models import DemandType
from hotline.tickets.states import Action
from tests import matters
from tests.harness import Hotline
from tests.matters import MONDAY
from tests.people import ADMIN, PASSWORD, Staff
from tests.rooms.browsing import Browser, Browsers

OCTOBER, NOVEMBER = dt.date(2026, 10, 1), dt.date(2026, 11, 1)
THEN = dt.datetime(2026, 10, 26, 2, tzinfo=dt.UTC)  # a Monday
FULL = {"opening": 10, "listening": 15, "questions": 10, "answer": 25, "record": 20, "tone": 10,
        "procedure": 10}  # fmt: skip


@pytest.fixture
def worked(session: Session, staff: Staff) -> None:
    """Let the operator answer five calls and settle one matter in October."""
    for minutes in range(5):
        at = THEN + dt.timedelta(minutes=minutes)
        session.add(
            Call(
                raw_from="+8613800000051", state=CallState.ENDED, end_state=EndState.ANSWERED,
                staff_id=staff.operator.id, received_at=at, heard_at=at,
                answered_at=at, ended_at=at,
            )
        )  # fmt: skip
    session.commit()
    ticket_id = matters.received(demand_type=DemandType.INQUIRY, now=THEN)[0]
    answer = (Action.ANSWER_DIRECTLY, staff.operator, {"reply": "可以申请仲裁"})
    matters.act(ticket_id, answer, now=THEN)


@pytest.fixture
def sample(session: Session, staff: Staff, worked: None) -> InspectionSample:
    """Draw October and return one of the calls."""
    service.draw(session, OCTOBER, actor=staff.reviewer, now=MONDAY)
    session.commit()
    calls = select(InspectionSample).where(InspectionSample.call_id.is_not(None))
    return session.scalars(calls.order_by(InspectionSample.id)).first()  # type: ignore[return-value]  # there are two


def test_the_seed_gives_the_draw_again(session: Session, staff: Staff, worked: None) -> None:
    given = {"actor": staff.reviewer}
    with pytest.raises(GuardFailed):
        service.draw(session, NOVEMBER, now=MONDAY, **given)
    with pytest.raises(Forbidden):
        service.draw(session, OCTOBER, now=MONDAY, actor=staff.unit_lead)
    row = service.draw(session, OCTOBER, now=MONDAY, **given)
    kept = session.scalars(select(InspectionSample)).all()
    again = service.drawn(session, row)
    assert [(each.call_id, each.ticket_id) for each in kept] == [
        (each.call_id, each.ticket_id) for each in again
    ]
    assert [(each.call_id is None, each.staff_id) for each in kept] == [
        (False, staff.operator.id), (False, staff.operator.id), (True, staff.operator.id)
    ]  # fmt: skip
    with pytest.raises(GuardFailed):
        service.draw(session, OCTOBER, now=MONDAY, **given)


def test_somebody_else_scores_and_a_fatal_item_leaves_nothing(
    session: Session, staff: Staff, sample: InspectionSample
) -> None:
    def marks(points: dict[str, int], fatal: tuple[str, ...], remark: str | None) -> int:
        given = {"actor": staff.reviewer, "now": MONDAY}
        return service.mark(session, sample, points, fatal, remark, **given).score

    with pytest.raises(Invalid):
        marks({**FULL, "tone": 99}, (), None)
    with pytest.raises(Invalid):
        marks(FULL, ("disclosed",), None)
    assert marks(FULL, ("disclosed",), "念出了另一位职工的电话") == 0
    sample.double = True
    with pytest.raises(GuardFailed):
        marks(FULL, (), None)
    sample.staff_id = staff.supervisor.id or 0
    with pytest.raises(GuardFailed):
        service.mark(session, sample, FULL, (), None, actor=staff.supervisor, now=MONDAY)


def test_an_appeal_is_heard_once_by_a_second_reviewer(
    session: Session, staff: Staff, sample: InspectionSample
) -> None:
    sample.double = False
    with pytest.raises(GuardFailed):
        service.appeal(session, sample, "不同意", actor=staff.operator, now=MONDAY)
    given = {"actor": staff.reviewer, "now": MONDAY}
    service.mark(session, sample, {**FULL, "answer": 0}, (), None, **given)
    with pytest.raises(Forbidden):
        service.appeal(session, sample, "不同意", actor=staff.second_operator, now=MONDAY)
    late = MONDAY + dt.timedelta(days=9)
    with pytest.raises(GuardFailed):
        service.appeal(session, sample, "不同意", actor=staff.operator, now=late)
    service.appeal(session, sample, "答复引用了条文", actor=staff.operator, now=MONDAY)
    with pytest.raises(GuardFailed):
        service.mark(session, sample, FULL, (), "维持", **given)
    service.mark(session, sample, FULL, (), "申诉成立", actor=staff.supervisor, now=MONDAY)
    with pytest.raises(GuardFailed):
        service.appeal(session, sample, "还是不同意", actor=staff.operator, now=MONDAY)
    (result,) = queries.results(session, staff.reviewer, sample.draw_id)
    assert (result.drawn, result.scored, result.mean, result.fatal) == (3, 1, 100.0, 0)


def test_two_score_apart_and_their_agreement_is_told(
    session: Session, staff: Staff, sample: InspectionSample
) -> None:
    samples = session.scalars(select(InspectionSample).order_by(InspectionSample.id)).all()
    for each, second in zip(samples, (100, 100, 55), strict=True):
        each.double = True
        first = {**FULL, "answer": 0, "record": 0} if second == 55 else FULL
        service.mark(session, each, first, (), None, actor=staff.reviewer, now=MONDAY)
        points = {**FULL, "answer": 25 - (100 - second), "record": 20} if second == 55 else FULL
        points = {name: max(value, 0) for name, value in points.items()}
        service.mark(session, each, points, (), None, actor=staff.supervisor, now=MONDAY)
    doubled, kappa = queries.agreement(session, sample.draw_id)
    # 100/100, 100/100, 55/75: two of three agree, by chance (2·2) / 9: (2/3 − 4/9) / (5/9)
    assert (doubled, kappa) == (3, pytest.approx(0.4))


def test_a_new_sheet_is_seen_first_and_old_scorings_keep_theirs(
    hotline: Hotline, browser: Browsers, staff: Staff, sample: InspectionSample
) -> None:
    sample_id, page = sample.id, f"/inspection/{sample.id}"
    given = {"actor": staff.reviewer, "now": MONDAY}
    transaction(lambda s: service.mark(s, service.sample(s, sample_id), FULL, (), None, **given).id)
    roles = {"unit_id": 2, "roles": [Role.ADMIN], "password": PASSWORD, "phone": None}
    transaction(lambda s: accounts.add(s, login="keeper", **roles, actor=ADMIN, now=MONDAY).id)
    admin, reviewer = browser(), browser()
    admin.signs_in("keeper")
    reviewer.signs_in("reviewer")
    reviewer.get(page)
    lines = {"items": "all|全部表现|All of it|100", "fatal": ""}
    address = "/inspection/sheet"
    assert admin.post(address, do="publish", version="1", items="x", fatal="").status_code == 422
    looked = admin.post(address, do="preview", version="1", **lines).get_data(as_text=True)
    assert "全部表现" in looked
    assert reviewer.post(address, do="publish", version="1", **lines).status_code == 403
    assert admin.post(address, do="publish", version="1", **lines).status_code == 303
    assert admin.post(address, do="publish", version="1", **lines).status_code == 409
    assert "倾听与理解" in reviewer.get(page).get_data(as_text=True)
    old = {f"points.{name}": str(value) for name, value in FULL.items()}
    transaction(lambda s: setattr(service.sample(s, sample_id), "double", True))
    assert reviewer.get("/inspection/sheet").status_code == 200
    assert browser_of_lead(browser).post(f"{page}/scores", version="1", **old).status_code == 409


def browser_of_lead(browser: Browsers) -> Browser:
    lead = browser()
    lead.signs_in("supervisor")
    return lead


def test_the_pages_lead_from_the_draw_to_the_appeal(
    hotline: Hotline, browser: Browsers, staff: Staff, worked: None
) -> None:
    reviewer, operator = browser(), browser()
    reviewer.signs_in("reviewer")
    operator.signs_in("operator")
    asked = reviewer.get("/inspection?month=2026-10").get_data(as_text=True)
    assert "还没有抽样" in asked
    (month,) = re.findall(r'type="hidden" name="month" value="([^"]+)"', asked)
    assert reviewer.get("/inspection?month=x").status_code == 422
    done = reviewer.post("/inspection/draws", month=month)
    assert "种子" in reviewer.get(done.headers["Location"]).get_data(as_text=True)
    db.session.rollback()
    first = db.session.scalars(select(InspectionSample).order_by(InspectionSample.id)).first()
    assert first is not None
    transaction(lambda s: setattr(service.sample(s, first.id), "double", False))
    page = f"/inspection/{first.id}"
    assert 'name="points.answer"' in reviewer.get(page).get_data(as_text=True)
    assert 'name="points.answer"' not in operator.get(page).get_data(as_text=True)
    points = {f"points.{name}": str(value) for name, value in FULL.items()}
    assert reviewer.post(f"{page}/scores", **points | {"points.tone": ""}).status_code == 422
    reviewer.post(f"{page}/scores", **points)
    assert page in operator.get("/inspection/own").get_data(as_text=True)
    operator.post(f"{page}/appeal", appeal="请复核录音")
    assert "请复核录音" in reviewer.get(page).get_data(as_text=True)
    other = browser()
    other.signs_in("second_operator")
    assert other.get(page).status_code == 403
    db.session.rollback()
    assert service.round_due(service.sample(db.session(), first.id), {Round.FIRST}) is Round.APPEAL
