"""What is done with the leaves of the subject tree: added, called otherwise, retired for another.

A leaf is never deleted and never becomes another: tickets, rates and forms know it by its code.
"""

import datetime as dt
import re
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core import audit
from hotline.core.errors import GuardFailed, Invalid
from hotline.core.language import local
from hotline.core.roles import Actor, Permission, require
from hotline.core.rows import one
from hotline.core.words import N_
from hotline.tickets import catalogue
from hotline.tickets.models import Category

CODE: Final = re.compile(r"[A-Z][1-9][0-9]?")
LONGEST: Final = {"name": 80, "name_en": 120}


class Names(NamedTuple):
    """What a leaf is called."""

    name: str
    name_en: str


def leaf(session: Session, code: str) -> Category:
    """Return one leaf, in use or not.

    Raises:
        NotFound: There is none.
    """
    return one(session, Category, code)


def add(
    session: Session,
    code: str,
    names: Names,
    valid_from: dt.date,
    *,
    actor: Actor,
    now: dt.datetime,
) -> Category:
    """Add a leaf to a group that there is.

    Raises:
        Forbidden: *actor* may not.
        Invalid: The code is taken or of no group, a name is missing, or its first day is past.
    """
    require(actor, Permission.POLICY_WRITE)
    wrong = _wrong(names)
    group = session.scalars(
        select(Category).where(Category.group_code == code[:1]).order_by(Category.code)
    ).first()
    if not CODE.fullmatch(code) or group is None:
        wrong["code"] = N_("代码是已有大类的字母加 1 到 99 的数字")
    elif session.get(Category, code) is not None:
        wrong["code"] = N_("这个代码用过了；停用的也不能再用")
    if valid_from < local(now).date():
        wrong["valid_from"] = N_("不能早于今天")
    if wrong or group is None:
        raise Invalid(wrong)
    row = Category(
        code=code, **names._asdict(), valid_from=valid_from, group_code=group.group_code,
        group_name=group.group_name, group_name_en=group.group_name_en,
    )  # fmt: skip
    session.add(row)
    audit.note(session, actor, "category.add", f"category:{code}", now=now)
    session.flush()
    return row


def rename(session: Session, code: str, names: Names, *, actor: Actor, now: dt.datetime) -> None:
    """Call a leaf otherwise where it means the same; its tickets show the new words too.

    Raises:
        Forbidden: *actor* may not.
        Invalid: A name is missing or too long.
        NotFound: There is no such leaf.
    """
    require(actor, Permission.POLICY_WRITE)
    row = leaf(session, code)
    if wrong := _wrong(names):
        raise Invalid(wrong)
    was = Names(row.name, row.name_en)
    row.name, row.name_en = names
    audit.note(
        session, actor, "category.rename", f"category:{code}", now=now, was=[*was], now_is=[*names]
    )


def retire(
    session: Session,
    code: str,
    last_day: dt.date,
    successor: str | None,
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Let a leaf be chosen until *last_day* and *successor* afterwards; tickets keep it.

    Raises:
        Forbidden: *actor* may not.
        Invalid: The day is past, or the successor is not in use on the next day.
        NotFound: There is no such leaf.
    """
    require(actor, Permission.POLICY_WRITE)
    row, wrong = leaf(session, code), {}
    next_day = last_day + dt.timedelta(days=1)
    if last_day < max(local(now).date(), row.valid_from or dt.date.min):
        wrong["valid_to"] = N_("不能早于今天，也不能早于启用的那天")
    after = session.get(Category, successor) if successor else None
    if after is None or after.code == code or not catalogue.in_use(after, next_day):
        wrong["successor"] = N_("请选一个第二天还在用的类别接替它")
    if wrong:
        raise Invalid(wrong)
    if _heirs(session, code, next_day):
        raise GuardFailed(N_("有停用的类别由它接替，请先给它们另选后继。"), guard="no_heirs")
    row.valid_to, row.successor_code = last_day, successor
    detail = {"last_day": last_day.isoformat(), "successor": successor}
    audit.note(session, actor, "category.retire", f"category:{code}", now=now, **detail)


def take_up(session: Session, code: str, *, actor: Actor, now: dt.datetime) -> None:
    """Let a leaf that was retired, or will be, be chosen again without an end.

    Raises:
        Forbidden: *actor* may not.
        NotFound: There is no such leaf.
    """
    require(actor, Permission.POLICY_WRITE)
    row = leaf(session, code)
    row.valid_to = row.successor_code = None
    audit.note(session, actor, "category.take_up", f"category:{code}", now=now)


def _heirs(session: Session, code: str, on: dt.date) -> bool:
    """Return whether a leaf that is over by then has this one as its successor."""
    named = select(Category.code).where(Category.successor_code == code, Category.valid_to < on)
    return session.scalar(named.limit(1)) is not None


def _wrong(names: Names) -> dict[str, str]:
    wrong = {}
    for field, text in names._asdict().items():
        if not text:
            wrong[field] = N_("请填写")
        elif len(text) > LONGEST[field]:
            wrong[field] = N_("太长了")
    return wrong
