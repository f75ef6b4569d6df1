"""Who may look without logging in: a screen with its own secret, which a lead gives and takes."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core import audit
from hotline.core.errors import Invalid, NotFound
from hotline.core.roles import Actor, Permission, require
from hotline.core.words import N_
from hotline.reports.models import Wall
from hotline.staff import tokens

LONGEST: Final = 60


def hang(session: Session, name: str, *, actor: Actor, now: dt.datetime) -> str:
    """Make a wall called *name* and return its secret, which is told this once.

    Raises:
        Forbidden: *actor* does not lead the desk.
        Invalid: The name is empty or too long.
    """
    require(actor, Permission.BOARD)
    called = name.strip()
    if not 0 < len(called) <= LONGEST:
        raise Invalid({"name": N_("请写 1 到 60 个字的名称")})
    secret = tokens.fresh()
    wall = Wall(id=tokens.hashed(secret), name=called, made_by=actor.id, made_at=now)
    session.add(wall)
    audit.note(session, actor, "wall.hang", f"wall:{wall.id[:12]}", now=now)
    return secret


def take_down(session: Session, wall_id: str, *, actor: Actor, now: dt.datetime) -> None:
    """Let the address of a wall show nothing any more.

    Raises:
        Forbidden: *actor* does not lead the desk.
        NotFound: There is no such wall, or it is down.
    """
    require(actor, Permission.BOARD)
    wall = session.get(Wall, wall_id)
    if wall is None or wall.revoked_at is not None:
        raise NotFound
    wall.revoked_at = now
    audit.note(session, actor, "wall.take_down", f"wall:{wall.id[:12]}", now=now)


def hanging(session: Session) -> Sequence[Wall]:
    """Return the walls that show something, the newest first."""
    return session.scalars(
        select(Wall).where(Wall.revoked_at.is_(None)).order_by(Wall.made_at.desc())
    ).all()


def known(session: Session, secret: str) -> bool:
    """Return whether *secret* is that of a wall that hangs."""
    wall = session.get(Wall, tokens.hashed(secret))
    return wall is not None and wall.revoked_at is None
