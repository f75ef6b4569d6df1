"""A new version of a service class: what may be written in it, and from when it holds."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy.orm import Session

from hotline.core import audit
from hotline.core.errors import Invalid
from hotline.core.roles import Actor, Permission, require
from hotline.core.rows import require_unchanged
from hotline.core.words import N_
from hotline.deadlines import queries
from hotline.deadlines.arithmetic import DAY, Limit, Start
from hotline.deadlines.models import ServiceClass

LIMITS: Final = {  # the limits of a class and what each is called
    "sign": N_("签收"),
    "first_contact": N_("首次联系"),
    "finish": N_("办结"),
    "review": N_("审核"),
    "reply": N_("等待职工补充"),
}
OPTIONAL: Final = frozenset({"first_contact"})
KEPT: Final = ("code", "name", "name_en")  # what a version leaves as it was


def draft(present: ServiceClass, given: Mapping[str, str], *, today: dt.date) -> ServiceClass:
    """Return the version that follows *present*, as *given* says; it is in no session.

    Raises:
        Invalid: A limit cannot be read, it begins today or earlier, or nothing differs.
    """
    faults: dict[str, str] = {}
    read: dict[str, Any] = {name: _limit(name, given, faults) for name in LIMITS}
    read["start"] = _start(given, faults)
    read["valid_from"] = _from(given, today, faults)
    if not faults and all(getattr(present, name) == read[name] for name in (*LIMITS, "start")):
        faults["finish"] = N_("和现行版本相同，没有要保存的")
    if faults:
        raise Invalid(faults)
    kept = {name: getattr(present, name) for name in KEPT}
    return ServiceClass(**kept, **read, version=present.version + 1, valid_to=None)


def save(
    session: Session,
    code: str,
    given: Mapping[str, str],
    *,
    seen: int | None,
    actor: Actor,
    now: dt.datetime,
    today: dt.date,
) -> ServiceClass:
    """Add a version; tickets received before it keep the one they were born with.

    Args:
        session: The caller's transaction.
        code: The class.
        given: Its limits, start rule, first day and reason, as texts of a form.
        seen: The newest version when the form was made.
        actor: Who changes policy.
        now: The moment.
        today: The hotline's day.

    Raises:
        Forbidden: *actor* may not change policy.
        Stale: Another version was added meanwhile.
        Invalid: See `draft`; or the reason is missing.
    """
    require(actor, Permission.POLICY_WRITE)
    older = queries.versions(session, code)
    require_unchanged(older[0].version, seen)
    added = draft(older[0], given, today=today)
    if not given.get("why", "").strip():
        raise Invalid({"why": N_("请填写")})
    added.made_at, added.made_by, added.why = now, actor.name, given["why"].strip()[:300]
    for row in older:
        if row.valid_to is None or row.valid_to >= added.valid_from:
            row.valid_to = added.valid_from - DAY
    session.add(added)
    session.flush()
    queries.forget(session)
    audit.note(
        session, actor, "policy.version", f"service_class:{code}", now=now, version=added.version
    )
    return added


def changes(older: ServiceClass, newer: ServiceClass) -> dict[str, tuple[Any, Any]]:
    """Return what differs between two versions: the name with the old and the new value."""
    pairs = {name: (getattr(older, name), getattr(newer, name)) for name in (*LIMITS, "start")}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _limit(name: str, given: Mapping[str, str], faults: dict[str, str]) -> str | None:
    text = given.get(name, "").strip()
    if not text and name in OPTIONAL:
        return None
    try:
        return str(Limit.parse(text))
    except ValueError:
        faults[name] = N_("时限写成 5wd、4wh、24nh、7nd 或 30min 这样")
        return None


def _start(given: Mapping[str, str], faults: dict[str, str]) -> Start | None:
    try:
        return Start(given.get("start", ""))
    except ValueError:
        faults["start"] = N_("请从列表中选择")
        return None


def _from(given: Mapping[str, str], today: dt.date, faults: dict[str, str]) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(given.get("valid_from", ""))
    except ValueError:
        faults["valid_from"] = N_("请写成 2026-11-23 这样的日期")
        return None
    if day <= today:
        faults["valid_from"] = N_("最早从明天起生效：今天受理的工单已按现行版本承诺")
    return day
