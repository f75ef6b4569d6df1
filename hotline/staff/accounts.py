"""Accounts: somebody is added, given roles and secrets, disabled."""

import datetime as dt
import re
from collections.abc import Iterable
from typing import Final

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from hotline.core import audit
from hotline.core.db import new_id
from hotline.core.errors import GuardFailed, Invalid
from hotline.core.privacy import blind_index
from hotline.core.roles import APART, Actor, Permission, Role, require
from hotline.core.words import N_
from hotline.staff import passwords, queries, tokens
from hotline.staff.duty import leave
from hotline.staff.entrance import close_all
from hotline.staff.models import ApiToken, Staff, StaffRole

_LOGIN: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}")


def add(
    session: Session,
    *,
    login: str,
    roles: Iterable[Role],
    unit_id: int,
    actor: Actor,
    now: dt.datetime,
    name: str | None = None,
    name_en: str | None = None,
    phone: str | None = None,
    password: str | None = None,
    locale: str = "zh_CN",
) -> Staff:
    """Add a member of staff; *phone* is an E.164 number, a missing *password* bars the login.

    Raises:
        Forbidden: *actor* may not manage staff.
        Invalid: The login is malformed or taken, the roles do not go together, or the
            password is weak.
    """
    require(actor, Permission.STAFF_WRITE)
    if not _LOGIN.fullmatch(login):
        raise Invalid({"login": N_("登录名由小写字母、数字、点、横线组成，2 至 60 个字符")})
    if queries.find(session, login) is not None:
        raise Invalid({"login": N_("这个登录名已经有人使用")})
    wanted = _fitting(roles)
    if password is not None:
        passwords.check(password, login)
    staff = Staff(
        id=new_id(),
        login=login,
        name=name or login,
        name_en=name_en,
        phone=phone,
        phone_key=blind_index(phone) if phone else None,
        password_hash=passwords.digest(password) if password is not None else None,
        unit_id=unit_id,
        active=True,
        locale=locale,
        created_at=now,
    )
    session.add(staff)
    session.flush()
    set_roles(session, staff.id, wanted, actor=actor, now=now)
    return staff


def set_roles(
    session: Session, staff_id: int, roles: Iterable[Role], *, actor: Actor, now: dt.datetime
) -> None:
    """Give somebody exactly *roles*.

    Raises:
        Forbidden: *actor* may not manage staff.
        Invalid: No role, the system's, or two of admin, security and auditor together.
    """
    require(actor, Permission.STAFF_WRITE)
    wanted = _fitting(roles)
    session.execute(delete(StaffRole).where(StaffRole.staff_id == staff_id))
    session.add_all(StaffRole(staff_id=staff_id, role=role) for role in wanted)
    session.flush()
    audit.note(session, actor, "staff.set_roles", f"staff:{staff_id}", now=now, roles=wanted)


def _fitting(roles: Iterable[Role]) -> list[Role]:
    """Return *roles* in order, once each, or refuse those that do not go together."""
    wanted = set(roles)
    if not wanted or Role.SYSTEM in wanted:
        raise Invalid({"roles": N_("请至少选一个角色")})
    if len(wanted & APART) > 1:
        raise Invalid({"roles": N_("管理员、安全员、审计员不能由同一人兼任")})
    return sorted(wanted)


def set_password(
    session: Session, staff_id: int, password: str, *, actor: Actor, now: dt.datetime
) -> None:
    """Give somebody a new password; every session of theirs ends.

    Raises:
        Forbidden: It is somebody else's and *actor* may not manage staff.
        Invalid: The password is weak.
        NotFound: There is no such member of staff.
    """
    if actor.id != staff_id:
        require(actor, Permission.STAFF_WRITE)
    staff = queries.by_id(session, staff_id)
    passwords.check(password, staff.login)
    staff.password_hash = passwords.digest(password)
    close_all(session, staff_id, now=now)
    audit.note(session, actor, "staff.set_password", f"staff:{staff_id}", now=now)


def disable(session: Session, staff_id: int, *, actor: Actor, now: dt.datetime) -> None:
    """Bar somebody at once: sessions closed, tokens revoked, no more calls.

    Raises:
        Forbidden: *actor* may not manage staff.
        GuardFailed: It is *actor* themselves.
        NotFound: There is no such member of staff.
    """
    require(actor, Permission.STAFF_WRITE)
    if actor.id == staff_id:
        raise GuardFailed(N_("不能停用自己的账号。"), guard="not-oneself")
    queries.by_id(session, staff_id).active = False
    close_all(session, staff_id, now=now)
    leave(session, staff_id, now=now)
    session.execute(
        update(ApiToken)
        .where(ApiToken.staff_id == staff_id, ApiToken.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    audit.note(session, actor, "staff.disable", f"staff:{staff_id}", now=now)


def issue_token(
    session: Session,
    staff_id: int,
    *,
    actor: Actor,
    now: dt.datetime,
    days: int | None = None,
) -> str:
    """Return a new API token of somebody's, valid for *days* or until revoked.

    This is the only time it can be read: its hash is what is kept.

    Raises:
        Forbidden: It is somebody else's and *actor* may not manage staff.
        NotFound: There is no such member of staff.
    """
    if actor.id != staff_id:
        require(actor, Permission.STAFF_WRITE)
    queries.by_id(session, staff_id)
    token = tokens.fresh(tokens.MARK)
    session.add(
        ApiToken(
            id=tokens.hashed(token),
            staff_id=staff_id,
            issued_at=now,
            expires_at=now + dt.timedelta(days=days) if days else None,
        )
    )
    audit.note(session, actor, "token.issue", f"staff:{staff_id}", now=now, days=days)
    return token


def revoke_token(session: Session, token: str, *, actor: Actor, now: dt.datetime) -> None:
    """End an API token; unknown ones are ended already."""
    session.execute(
        update(ApiToken).where(ApiToken.id == tokens.hashed(token)).values(revoked_at=now)
    )
    audit.note(session, actor, "token.revoke", f"token:{tokens.hashed(token)[:12]}", now=now)
