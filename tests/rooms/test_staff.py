"""Staff: who may come in, for how long, and who is kept out."""

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hotline.clock import upkeep
from hotline.core.attempts import Attempts
from hotline.core.audit import AuditEntry
from hotline.core.db import transaction
from hotline.core.errors import Forbidden, GuardFailed, Invalid, NotFound, TooMany
from hotline.core.roles import Actor, Permission, Role
from hotline.staff import accounts, entrance, jobs, passwords, queries, service, tokens
from hotline.staff.models import ApiToken, Staff, StaffRole, StaffSession
from hotline.staff.presence import Line, PresenceState

NOW = dt.datetime(2026, 11, 22, 6, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
ADMIN = Actor(None, "cli@1", frozenset({Role.ADMIN}))
NOBODY = Actor(99, "operator9", frozenset({Role.OPERATOR}))
SECRET = "骆驼在湖边喝水呢"
HOTLINE, LEAGUE = 2, 3


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash by one step of SHA-256 here: argon2 itself is proved in tests/unit."""
    monkeypatch.setattr(passwords, "digest", tokens.hashed)
    monkeypatch.setattr(passwords, "verify", lambda kept, password: kept == tokens.hashed(password))


def add(session: Session, login: str = "operator1", **given: object) -> Staff:
    """Add a member of staff with a password."""
    usual: dict[str, object] = {
        "roles": [Role.OPERATOR],
        "unit_id": HOTLINE,
        "actor": ADMIN,
        "now": NOW,
        "password": SECRET,
    }
    return service.add(session, login=login, **(usual | given))  # type: ignore[arg-type]  # built above


@pytest.fixture
def person(app: Flask) -> int:
    """Give a committed operator of the hotline."""
    return transaction(lambda session: add(session).id)


def enter(password: str = SECRET, *, now: dt.datetime = NOW, **given: str) -> tuple[str, Actor]:
    """Sign in as the operator."""
    usual = {"login": "operator1", "ip": "192.0.2.1"}
    asked = usual | given
    return service.sign_in(transaction, asked["login"], password, ip=asked["ip"], now=now)


def visit(session: Session, token: str, now: dt.datetime) -> bool:
    """Return whether the session with *token* still lives."""
    return queries.visit(session, token, now) is not None


def test_a_member_of_staff_becomes_an_actor(session: Session) -> None:
    staff = add(session, roles=[Role.OPERATOR, Role.SUPERVISOR], unit_id=LEAGUE)
    actor = queries.actor(session, staff.id)
    assert actor == Actor(
        staff.id, "operator1", frozenset({Role.OPERATOR, Role.SUPERVISOR}), LEAGUE, "/1/3/"
    )


@pytest.mark.parametrize(
    ("unit", "scope"),
    [("15", "/1/"), ("hotline", "/1/"), ("1501", "/1/3/"), ("150102", "/1/3/15/")],
)
def test_everyone_sees_their_unit_and_the_centre_sees_the_region(
    session: Session, unit: str, scope: str
) -> None:
    unit_id = session.scalar(text("SELECT id FROM unit WHERE code = :code"), {"code": unit})
    assert queries.actor(session, add(session, unit_id=unit_id).id).scope == scope


@pytest.mark.parametrize("login", ["", "A", "Big", "a b", "中文", "-a", "x" * 61])
def test_a_malformed_login_is_refused(session: Session, login: str) -> None:
    with pytest.raises(Invalid) as refused:
        add(session, login)
    assert "login" in refused.value.errors


def test_a_login_is_taken_once(session: Session) -> None:
    add(session)
    with pytest.raises(Invalid):
        add(session)


@pytest.mark.parametrize(
    "roles",
    [
        [],
        [Role.SYSTEM],
        [Role.ADMIN, Role.SECURITY],
        [Role.ADMIN, Role.AUDITOR],
        [Role.SECURITY, Role.AUDITOR, Role.OPERATOR],
    ],
)
def test_roles_that_do_not_go_together_are_refused(session: Session, roles: list[Role]) -> None:
    with pytest.raises(Invalid) as refused:
        add(session, roles=roles)
    assert "roles" in refused.value.errors


@pytest.mark.parametrize("second", [Role.SECURITY, Role.AUDITOR])
def test_the_database_keeps_the_roles_apart_too(session: Session, second: Role) -> None:
    staff = add(session, roles=[Role.ADMIN])
    session.add(StaffRole(staff_id=staff.id, role=second))
    with pytest.raises(IntegrityError):
        session.flush()


def test_only_an_admin_adds_staff(session: Session) -> None:
    with pytest.raises(Forbidden):
        add(session, actor=NOBODY)
    staff = add(session)
    with pytest.raises(Forbidden):
        service.set_password(session, staff.id, "又一个很长的密码", actor=NOBODY, now=NOW)
    with pytest.raises(Forbidden):
        service.issue_token(session, staff.id, actor=NOBODY, now=NOW)


def test_the_right_password_opens_a_session(session: Session, person: int) -> None:
    token, actor = enter(login=" Operator1 ")
    assert (actor.id, actor.name) == (person, "operator1")
    found = queries.visit(session, token, NOW)
    assert found is not None
    assert found.actor == actor
    kept = session.scalars(select(StaffSession.id)).one()
    assert token not in kept
    assert session.scalars(select(AuditEntry.act)).all()[-1] == "staff.sign_in"


@pytest.mark.parametrize("asked", [{"password": "falsch falsch"}, {"login": "nobody"}])
def test_what_is_wrong_is_not_told(person: int, asked: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refused:
        enter(**asked)
    assert refused.value.detail == "登录名或密码不对"


@pytest.mark.parametrize("login", ["operator1", "nobody"])
def test_five_failures_bar_a_login(person: int, login: str) -> None:
    for n in range(5):
        with pytest.raises(Invalid):
            enter("falsch falsch", login=login, now=NOW + n * MINUTE, ip=f"192.0.2.{n}")
    with pytest.raises(TooMany) as refused:
        enter(SECRET, login=login, now=NOW + 5 * MINUTE, ip="192.0.2.99")
    assert 595 <= refused.value.retry_after <= 605


def test_the_bar_lifts_after_a_quarter_of_an_hour(person: int) -> None:
    for _ in range(5):
        with pytest.raises(Invalid):
            enter("falsch falsch")
    with pytest.raises(TooMany):
        enter(now=NOW + 15 * MINUTE - dt.timedelta(seconds=1))
    assert enter(now=NOW + 15 * MINUTE)


def test_twenty_failures_bar_an_address(person: int) -> None:
    for n in range(20):
        with pytest.raises(Invalid):
            enter("falsch falsch", login=f"guess{n}")
    with pytest.raises(TooMany):
        enter()
    assert enter(ip="192.0.2.2")


def test_a_success_counts_as_no_failure(session: Session, person: int) -> None:
    for n in range(30):
        enter(now=NOW + n * MINUTE / 30)
    assert all(not row.moments for row in session.scalars(select(Attempts)))


def test_attempts_at_once_are_counted_one_by_one(app: Flask, person: int) -> None:
    start = threading.Barrier(12)
    ends: list[str] = []

    def attempt() -> None:
        with app.app_context():
            start.wait()
            try:
                enter("falsch falsch")
            except (Invalid, TooMany) as error:
                ends.append(type(error).__name__)

    threads = [threading.Thread(target=attempt) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == ["Invalid"] * 5 + ["TooMany"] * 7


def test_a_session_ends_after_half_an_hour_without_a_sign(session: Session, person: int) -> None:
    token, _ = enter()
    assert visit(session, token, NOW + 29 * MINUTE)
    assert not visit(session, token, NOW + 30 * MINUTE)
    service.touch(session, token, now=NOW + 20 * MINUTE)
    assert visit(session, token, NOW + 49 * MINUTE)
    assert not visit(session, token, NOW + 50 * MINUTE)


def test_a_visit_asks_to_be_noted_once_a_minute(session: Session, person: int) -> None:
    token, _ = enter()
    found = [queries.visit(session, token, NOW + n * MINUTE / 2) for n in (1, 2)]
    assert [row.unseen for row in found if row] == [False, True]
    assert found[0] is not None
    assert found[0].locale == "zh_CN"


def test_a_session_ends_after_twelve_hours(session: Session, person: int) -> None:
    token, _ = enter()
    for n in range(1, 48):
        service.touch(session, token, now=NOW + n * 15 * MINUTE)
    end = NOW + dt.timedelta(hours=12)
    assert visit(session, token, end - MINUTE)
    assert not visit(session, token, end)


def test_waiting_for_calls_is_activity(session: Session, person: int) -> None:
    token, _ = enter()
    service.set_presence(session, person, PresenceState.READY, Line.BROWSER, now=NOW)
    assert visit(session, token, NOW + dt.timedelta(hours=11))
    assert not visit(session, token, NOW + dt.timedelta(hours=12))
    service.set_presence(session, person, PresenceState.AWAY, Line.BROWSER, now=NOW)
    assert not visit(session, token, NOW + dt.timedelta(hours=11))


def test_no_session_ends_under_a_live_call(session: Session, person: int) -> None:
    token, _ = enter()
    service.set_presence(session, person, PresenceState.READY, Line.BROWSER, now=NOW)
    service.ring(session, person, 5, NOW)
    service.talk(session, person, NOW)
    late = NOW + dt.timedelta(hours=13)
    assert visit(session, token, late)
    service.wrap_up(session, person, late)
    assert not visit(session, token, late)


def _sign_out(session: Session, token: str, person: int) -> None:
    service.sign_out(session, token, now=NOW)


def _disable(session: Session, token: str, person: int) -> None:
    service.disable(session, person, actor=ADMIN, now=NOW)


def _change(session: Session, token: str, person: int) -> None:
    service.set_password(session, person, "又一个很长的密码", actor=ADMIN, now=NOW)


@pytest.mark.parametrize("end", [_sign_out, _disable, _change])
def test_a_session_is_revoked_at_the_server(
    session: Session, person: int, end: Callable[[Session, str, int], None]
) -> None:
    token, _ = enter()
    assert visit(session, token, NOW)
    end(session, token, person)
    assert not visit(session, token, NOW)


def test_signing_out_ends_only_one_session_and_the_duty(session: Session, person: int) -> None:
    one, two = enter()[0], enter()[0]
    assert one != two
    service.set_presence(session, person, PresenceState.READY, Line.BROWSER, now=NOW)
    service.sign_out(session, one, now=NOW)
    service.sign_out(session, one, now=NOW)
    assert visit(session, two, NOW)
    assert not queries.ready(session)
    outs = select(AuditEntry).where(AuditEntry.act == "staff.sign_out")
    assert len(session.scalars(outs).all()) == 1


def test_the_disabled_do_not_come_in(session: Session, person: int) -> None:
    token = transaction(lambda s: service.issue_token(s, person, actor=ADMIN, now=NOW))
    transaction(lambda s: service.disable(s, person, actor=ADMIN, now=NOW))
    with pytest.raises(Invalid):
        enter()
    assert queries.actor_by_token(session, token, NOW) is None
    assert session.scalars(select(ApiToken.revoked_at)).all() == [NOW]
    with pytest.raises(NotFound):
        queries.actor(session, person)


def test_nobody_disables_themselves(session: Session) -> None:
    staff = add(session, roles=[Role.ADMIN])
    with pytest.raises(GuardFailed):
        service.disable(session, staff.id, actor=queries.actor(session, staff.id), now=NOW)


def test_a_password_changed_meanwhile_lets_nobody_in(
    person: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change_then_verify(kept: str | None, password: str) -> bool:
        transaction(lambda s: _change(s, "", person))
        return kept == tokens.hashed(password)

    monkeypatch.setattr(entrance.passwords, "verify", change_then_verify)
    with pytest.raises(Invalid):
        enter()


def test_an_account_without_a_password_does_not_come_in(app: Flask) -> None:
    transaction(lambda session: add(session, password=None))
    for password in ("", SECRET):
        with pytest.raises(Invalid):
            enter(password)


def test_a_weak_password_is_refused(session: Session) -> None:
    with pytest.raises(Invalid):
        add(session, password="12345678")
    staff = add(session, password=None)
    with pytest.raises(Invalid):
        accounts.set_password(session, staff.id, "operator1", actor=ADMIN, now=NOW)


def test_people_change_their_own_password(session: Session) -> None:
    staff = add(session)
    own = queries.actor(session, staff.id)
    service.set_password(session, staff.id, "又一个很长的密码", actor=own, now=NOW)
    assert staff.password_hash == tokens.hashed("又一个很长的密码")


def test_a_token_acts_as_its_member_of_staff(session: Session, person: int) -> None:
    own = queries.actor(session, person)
    token = service.issue_token(session, person, actor=own, now=NOW, days=2)
    session.flush()
    assert token.startswith("hl_")
    assert queries.actor_by_token(session, token, NOW) == own
    assert queries.actor_by_token(session, token + "x", NOW) is None
    assert queries.actor_by_token(session, token, NOW + dt.timedelta(days=2)) is None
    assert all(token not in row.id for row in session.scalars(select(ApiToken)))
    service.revoke_token(session, token, actor=own, now=NOW)
    assert queries.actor_by_token(session, token, NOW) is None


def test_roles_are_exchanged_whole(session: Session, person: int) -> None:
    service.set_roles(session, person, [Role.AUDITOR], actor=ADMIN, now=NOW)
    assert queries.actor(session, person).may(Permission.AUDIT_READ)
    assert queries.roles_of(session, person) == {Role.AUDITOR}
    service.set_roles(session, person, [Role.ADMIN], actor=ADMIN, now=NOW)
    assert queries.roles_of(session, person) == {Role.ADMIN}


def test_leads_and_people_of_a_unit(session: Session) -> None:
    boss = add(session, "boss", roles=[Role.SUPERVISOR, Role.OPERATOR])
    add(session, "aaa")
    gone = add(session, "gone", roles=[Role.SUPERVISOR])
    service.disable(session, gone.id, actor=ADMIN, now=NOW)
    session.flush()
    assert list(queries.leads(session, HOTLINE, Role.SUPERVISOR)) == [boss]
    assert list(queries.leads(session, LEAGUE, Role.SUPERVISOR)) == []
    assert queries.staff_by_ids(session, [boss.id]) == {boss.id: boss}
    assert queries.staff_by_ids(session, []) == {}
    assert queries.by_login(session, "boss") is boss
    with pytest.raises(NotFound):
        queries.by_login(session, "nobody")


def test_old_rows_are_forgotten_and_live_ones_kept(session: Session, person: int) -> None:
    with pytest.raises(Invalid):
        enter("falsch falsch")
    token, _ = enter(now=NOW + dt.timedelta(days=8))
    enter()
    transaction(lambda s: jobs.forget_old(s, now=NOW + dt.timedelta(days=8)))
    assert session.scalars(select(StaffSession.id)).all() == [tokens.hashed(token)]
    upkeep.forget_attempts(transaction, now=NOW + dt.timedelta(days=9))
    assert session.scalars(select(Attempts)).all() == []
