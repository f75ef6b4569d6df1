"""The calendar and the classes in the database, and a new year taken in."""

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core.errors import Forbidden, Invalid, NotFound
from hotline.core.roles import Actor, Role
from hotline.deadlines import queries, service
from hotline.deadlines.models import CalendarDay, DayKind, ServiceClass

NOW = dt.datetime(2026, 11, 22, 6, tzinfo=dt.UTC)
ADMIN = Actor(1, "admin", frozenset({Role.ADMIN}))
OPERATOR = Actor(2, "operator1", frozenset({Role.OPERATOR}))
NEW_YEAR = {"day": "2027-01-01", "kind": "holiday", "name": "元旦", "source": "通知"}
WORKED = {"day": "2027-01-09", "kind": "makeup", "name": "元旦调休上班", "source": "通知"}


def test_a_new_database_knows_its_days(session: Session) -> None:
    calendar = queries.calendar(session)
    assert calendar.confirmed_until == dt.date(2026, 12, 31)
    assert not calendar.is_working(dt.date(2026, 10, 1))
    assert calendar.is_working(dt.date(2026, 10, 10))
    assert calendar.called(dt.date(2026, 10, 1)) == "国庆节"
    assert calendar.called(dt.date(2026, 11, 22)) == "休息日"


def test_a_published_year_is_confirmed_whole(session: Session) -> None:
    assert service.import_days(session, [NEW_YEAR, WORKED], actor=ADMIN, now=NOW) == 365
    session.flush()
    calendar = queries.calendar(session)
    assert calendar.confirmed_until == dt.date(2027, 12, 31)
    assert not calendar.is_working(dt.date(2027, 1, 1))
    assert calendar.is_working(dt.date(2027, 1, 9))
    assert calendar.is_working(dt.date(2027, 10, 1)), "the notice is the whole truth of its year"
    assert service.import_days(session, [NEW_YEAR, WORKED], actor=ADMIN, now=NOW) == 0


def test_a_year_beyond_the_table_can_be_taken_in(session: Session) -> None:
    row = NEW_YEAR | {"day": "2029-01-01"}
    assert service.import_days(session, [row], actor=ADMIN, now=NOW) == 365
    session.flush()
    found = queries.days(session, dt.date(2029, 1, 1), dt.date(2029, 12, 31))
    assert [row.kind for row in found[:2]] == [DayKind.HOLIDAY, DayKind.WORKDAY]
    assert len(found) == 365


def test_a_region_s_own_day_changes_nobody_else_s(session: Session) -> None:
    day = dt.date(2026, 6, 18)
    row = {"day": "2026-06-18", "kind": "holiday", "name": "瑟宾节", "source": "条例"}
    service.import_days(session, [row | {"scope": "150724"}], actor=ADMIN, now=NOW)
    session.flush()
    assert queries.calendar_of(session).is_working(day)
    own = queries.calendar_of(session, "150724")
    assert not own.is_working(day)
    assert own.called(day) == "瑟宾节"
    assert own.is_working(day - dt.timedelta(days=1))


@pytest.mark.parametrize(
    "row",
    [
        NEW_YEAR | {"day": "2027-02-30"},
        NEW_YEAR | {"kind": "feast"},
        {"day": "2027-01-01"},
    ],
)
def test_a_line_that_cannot_be_read_is_named(session: Session, row: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refused:
        service.import_days(session, [NEW_YEAR, row], actor=ADMIN, now=NOW)
    assert refused.value.values == {"line": 3}
    assert queries.calendar(session).confirmed_until == dt.date(2026, 12, 31)


def test_an_empty_file_or_a_stranger_is_refused(session: Session) -> None:
    with pytest.raises(Invalid):
        service.import_days(session, [], actor=ADMIN, now=NOW)
    with pytest.raises(Forbidden):
        service.import_days(session, [NEW_YEAR], actor=OPERATOR, now=NOW)


def test_the_calendar_is_read_once_a_minute(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = [1000.0]
    queries.forget(session)
    monkeypatch.setattr(queries.time, "monotonic", lambda: moment[0])
    first = queries.calendar(session)
    row = session.get_one(CalendarDay, (dt.date(2026, 11, 23), ""))
    row.kind = DayKind.HOLIDAY
    session.flush()
    moment[0] += 59
    assert queries.calendar(session) is first
    moment[0] += 2
    assert not queries.calendar(session).is_working(dt.date(2026, 11, 23))
    queries.forget(session)


def test_a_class_has_one_version_a_day(session: Session) -> None:
    today = queries.service_class(session, "complaint", NOW.date())
    assert (today.finish, today.name) == ("5wd", "投诉·一般问题")
    today.valid_to = dt.date(2026, 12, 31)
    shape = {key: getattr(today, key) for key in today.__table__.columns.keys()}  # noqa: SIM118
    shape |= {"version": 2, "finish": "4wd", "valid_from": dt.date(2027, 1, 1), "valid_to": None}
    session.add(ServiceClass(**shape))
    session.flush()
    assert queries.service_class(session, "complaint", dt.date(2026, 12, 31)).finish == "5wd"
    assert queries.service_class(session, "complaint", dt.date(2027, 1, 1)).finish == "4wd"
    with pytest.raises(NotFound):
        queries.service_class(session, "no such", NOW.date())


def test_every_class_of_the_table_can_be_read(session: Session) -> None:
    codes = session.scalars(select(ServiceClass.code)).all()
    assert len(codes) == 10
    for code in codes:
        assert queries.service_class(session, code, NOW.date()).name_en
