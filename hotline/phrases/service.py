"""What is done with canned texts: written, corrected, taken out of use."""

import datetime as dt
import re
from dataclasses import asdict, dataclass
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from hotline.core import audit, gaps
from hotline.core.errors import GuardFailed, Invalid, NotFound
from hotline.core.roles import Actor, Permission, require
from hotline.core.rows import require_unchanged
from hotline.core.words import N_
from hotline.phrases import queries
from hotline.phrases.filling import GAPS
from hotline.phrases.macros import Macro
from hotline.phrases.models import Language, Phrase
from hotline.units import queries as units

SHORTCUT: Final = re.compile(r"\w{1,12}")
LONGEST: Final = 1000


@dataclass(frozen=True)
class Words:
    """What is kept of a canned text."""

    shortcut: str
    language: Language
    words: str
    unit_id: int


def add(session: Session, given: Words, *, actor: Actor, now: dt.datetime) -> Phrase:
    """Write a canned text.

    Raises:
        Forbidden: *actor* may not.
        Invalid: The shortcut is taken or none, a gap is unknown, or the unit is elsewhere.
    """
    require(actor, Permission.PHRASE_WRITE)
    check(session, given, actor)
    phrase = Phrase(**asdict(given))
    session.add(phrase)
    session.flush()
    audit.note(session, actor, "phrase.add", f"phrase:{phrase.id}", now=now)
    return phrase


def correct(
    session: Session,
    phrase_id: int,
    given: Words,
    *,
    actor: Actor,
    now: dt.datetime,
    version: int | None = None,
) -> None:
    """Write a canned text anew; what was inserted before stays as it was.

    Raises:
        Stale: Somebody changed it since *version*.
        Invalid: As for `add`.
    """
    phrase = _in_use(session, phrase_id, actor, version)
    check(session, given, actor, phrase_id)
    for name, value in asdict(given).items():
        setattr(phrase, name, value)
    session.flush()
    audit.note(session, actor, "phrase.correct", f"phrase:{phrase_id}", now=now)


def retire(
    session: Session,
    phrase_id: int,
    *,
    actor: Actor,
    now: dt.datetime,
    version: int | None = None,
) -> None:
    """Take a canned text out of use; its shortcut is free again.

    Raises:
        Stale: Somebody changed it since *version*.
        GuardFailed: It is out of use already.
    """
    _in_use(session, phrase_id, actor, version).retired_at = now
    audit.note(session, actor, "phrase.retire", f"phrase:{phrase_id}", now=now)


def _in_use(session: Session, phrase_id: int, actor: Actor, version: int | None) -> Phrase:
    require(actor, Permission.PHRASE_WRITE)
    phrase = queries.by_id(session, actor, phrase_id)
    require_in_use(phrase, version)
    return phrase


def require_in_use(kept: Phrase | Macro, version: int | None) -> None:
    """Raise `Stale` or `GuardFailed` unless a text is as it was seen, and not retired."""
    require_unchanged(kept.version, version)
    if kept.retired_at is not None:
        raise GuardFailed(N_("这条已经停用，请另写一条。"), guard="in-use")


def check(session: Session, given: Words, actor: Actor, phrase_id: int | None = None) -> None:
    """Raise `Invalid` with every fault of *given*."""
    wrong: dict[str, str] = {}
    if not SHORTCUT.fullmatch(given.shortcut):
        wrong["shortcut"] = N_("1 至 12 个字、字母或数字，不含空格和斜杠")
    if not given.words.strip() or len(given.words) > LONGEST:
        wrong["words"] = N_("请写 1 至 1000 个字")
    elif gaps.broken(given.words) or gaps.names(given.words) - GAPS.keys():
        wrong["words"] = N_("有不认识的变量，请用下面列出的")
    if not is_below(session, given.unit_id, actor):
        wrong["unit"] = N_("只能选本单位和下级单位")
    elif _is_taken(session, given, phrase_id):
        wrong["shortcut"] = N_("这个单位已有同语种的同名短语")
    if wrong:
        raise Invalid(wrong)


def is_below(session: Session, unit_id: int, actor: Actor) -> bool:
    """Return whether there is such a unit in *actor*'s part of the tree."""
    try:
        return actor.sees(units.by_id(session, unit_id).path)
    except NotFound:
        return False


def _is_taken(session: Session, given: Words, phrase_id: int | None) -> bool:
    same = exists().where(
        Phrase.unit_id == given.unit_id,
        Phrase.shortcut == given.shortcut,
        Phrase.language == given.language,
        Phrase.retired_at.is_(None),
        Phrase.id != (phrase_id or 0),
    )
    return bool(session.scalar(select(same)))
