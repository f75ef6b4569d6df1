"""Signing in and out. What a browser holds is a token; what it opens is a row here."""

import datetime as dt
from typing import Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from hotline.core import audit
from hotline.core.db import Transact
from hotline.core.errors import Invalid
from hotline.core.roles import Actor
from hotline.core.words import N_
from hotline.staff import passwords, queries, throttle, tokens
from hotline.staff.duty import leave
from hotline.staff.models import Staff, StaffSession

LONGEST: Final = dt.timedelta(hours=12)


def sign_in(
    transact: Transact, login: str, password: str, *, ip: str, now: dt.datetime
) -> tuple[str, Actor]:
    """Open a session; return its token, which is told this once, and who has come in.

    Three steps, because the hash takes 75 ms and no transaction should wait for it: count
    the attempt, look at the password, open the session and strike the attempt out. An
    unknown login fails as slowly and with the same words as a wrong password.

    Raises:
        TooMany: Five failures for the login or twenty from the address in 15 minutes.
        Invalid: The login or the password is wrong, or the account is disabled.
        Unavailable: Too many passwords wait to be looked at.
    """
    login = login.strip().lower()
    kept = transact(lambda session: _knock(session, login, ip, now))
    if not passwords.verify(kept, password):
        raise _wrong()
    return transact(lambda session: _open(session, login, kept, ip, now))


def _knock(session: Session, login: str, ip: str, now: dt.datetime) -> str | None:
    """Count the attempt, and return the hash to compare with where there is one."""
    throttle.count(session, login, ip, now=now)
    staff = queries.find(session, login)
    return staff.password_hash if staff and staff.active else None


def _open(
    session: Session, login: str, kept: str | None, ip: str, now: dt.datetime
) -> tuple[str, Actor]:
    staff = queries.find(session, login)
    if staff is None or not staff.active or staff.password_hash != kept:
        raise _wrong()  # disabled, or given another password, while the hash was made
    throttle.forgive(session, login, ip, counted_at=now)
    token = tokens.fresh()
    session.add(
        StaffSession(
            id=tokens.hashed(token),
            staff_id=staff.id,
            opened_at=now,
            seen_at=now,
            closes_at=now + LONGEST,
        )
    )
    actor = queries.actor(session, staff.id)
    audit.note(session, actor, "staff.sign_in", f"staff:{staff.id}", now=now, ip=ip)
    return token, actor


def _wrong() -> Invalid:
    return Invalid({"password": N_("登录名或密码不对")}, N_("登录名或密码不对"))


def touch(session: Session, token: str, *, now: dt.datetime) -> None:
    """Note that somebody is here, so that their session does not end for idleness.

    A door calls it when `queries.visit` says `unseen`: once a minute, not with every page.
    """
    session.execute(
        update(StaffSession)
        .where(
            StaffSession.id == tokens.hashed(token),
            StaffSession.closed_at.is_(None),
            StaffSession.seen_at < now,
        )
        .values(seen_at=now)
    )


def sign_out(session: Session, token: str, *, now: dt.datetime) -> None:
    """End a session at once and take its owner off the telephone."""
    staff_id = session.scalar(
        update(StaffSession)
        .where(StaffSession.id == tokens.hashed(token), StaffSession.closed_at.is_(None))
        .values(closed_at=now)
        .returning(StaffSession.staff_id)
    )
    if staff_id is None:
        return
    leave(session, staff_id, now=now)
    staff = session.get_one(Staff, staff_id)
    actor = Actor(staff.id, staff.login, queries.roles_of(session, staff_id), staff.unit_id)
    audit.note(session, actor, "staff.sign_out", f"staff:{staff_id}", now=now)


def close_all(session: Session, staff_id: int, *, now: dt.datetime) -> None:
    """End every session of somebody's at once."""
    session.execute(
        update(StaffSession)
        .where(StaffSession.staff_id == staff_id, StaffSession.closed_at.is_(None))
        .values(closed_at=now)
    )
