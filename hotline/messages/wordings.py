"""What an SMS says in place of the text that came with the program: versions, checked and kept."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core import audit, gaps
from hotline.core.errors import Invalid, NotFound, Stale
from hotline.core.roles import Actor, Permission, require
from hotline.core.words import N_
from hotline.messages import wording
from hotline.messages.models import Wording
from hotline.telephony.segments import Segments, measure

LANGUAGES: Final = ("zh", "en")
MOST_SEGMENTS: Final = 2
LONGEST: Final = 500
LONGEST_REASON: Final = 200
#: What a text must go on saying where the text that came with the program says it: answers
#: are read by the scale, and whoever is asked is told how to stop it.
PROMISES: Final = (wording.SCALE, wording.SCALE_EN, "TD")
SAMPLES: Final[Mapping[str, Mapping[str, str]]] = {
    "zh": {
        "number": "261122-0007",
        "pin": "0351",
        "due": "11月24日17:30",
        "at": "14:05",
        "missing": "劳动合同照片",
        "reply": "用人单位已补发三个月工资",
        "reason": "超出工会受理范围",
        "route": "请拨打12333",
        "receiver": "示例区人社局",
        "what": "演示驿站，演示大街1号，0471-0000001，周一至周五9:00-17:30",
        "rung": "2",
        "level": "3",
        "percent": "80",
        "count": "3",
    },
    "en": {
        "number": "261122-0007",
        "pin": "0351",
        "due": "24 Nov 17:30",
        "at": "14:05",
        "missing": "a photo of the contract",
        "reply": "three months of wages were paid",
        "reason": "not a matter of labour",
        "route": "call 12333",
        "receiver": "the labour bureau",
        "what": "Demo station, 1 Demo Street, 0471-0000001",
        "rung": "2",
        "level": "3",
        "percent": "80",
        "count": "3",
    },
}


class Sample(NamedTuple):
    """A text as it would be sent, filled with examples."""

    body: str
    measure: Segments


def require_known(template: str, language: str) -> None:
    """Raise `NotFound` unless there is such a text."""
    if template not in wording.CHINESE or language not in LANGUAGES:
        raise NotFound


def newest(session: Session, template: str, language: str) -> Wording | None:
    """Return what is said now in place of the text that came with the program, or None."""
    return session.scalar(
        select(Wording)
        .where(Wording.template == template, Wording.language == _kept_as(language))
        .order_by(Wording.version.desc())
        .limit(1)
    )


def in_force(session: Session, language: str) -> dict[str, Wording]:
    """Return the newest version of each text that has one, by template."""
    rows = session.scalars(
        select(Wording).where(Wording.language == language).order_by(Wording.version)
    )
    return {row.template: row for row in rows}


def versions(session: Session, template: str, language: str) -> Sequence[Wording]:
    """Return the versions of one text, the newest first."""
    asked = select(Wording).where(Wording.template == template, Wording.language == language)
    return session.scalars(asked.order_by(Wording.version.desc())).all()


def variables(template: str) -> frozenset[str]:
    """Return what a text may be filled with: what its first wording is."""
    return gaps.names(wording.CHINESE[template])


def sample(template: str, language: str, words: str) -> Sample:
    """Return *words* filled with examples and signed, and how long that is."""
    known: dict[str, Any] = {name: "{" + name + "}" for name in gaps.names(words)}
    known.update(SAMPLES[language])
    body = wording.compose(template, known, language, words)
    return Sample(body, measure(body))


def fault(template: str, language: str, words: str) -> str | None:
    """Return what is wrong with *words* as the text of *template*, or None."""
    promised = [each for each in PROMISES if each in wording.built_in(template, language)]
    if not words.strip() or len(words) > LONGEST:
        return N_("请写 1 至 500 个字")
    if gaps.broken(words) or gaps.names(words) - variables(template):
        return N_("有不认识的变量，请用下面列出的")
    if wording.LINK.search(words):
        return N_("短信里不能有网址")
    if not all(each in words for each in promised):
        return N_("评分的说法和“TD”退订要照原文保留")
    if sample(template, language, words).measure.count > MOST_SEGMENTS:
        return N_("太长了：按示例填写后不能超过 2 条")
    return None


def write(
    session: Session,
    template: str,
    language: str,
    words: str,
    reason: str,
    *,
    after: int,
    actor: Actor,
    now: dt.datetime,
) -> Wording:
    """Say *words* from now on, as the version that follows *after*; 0 is what came first.

    What was sent, and what has been handed over once, keeps its own words.

    Raises:
        Forbidden: *actor* writes no policy.
        Stale: Somebody wrote another version since.
        Invalid: The text is wrong (see `fault`), or no reason is given.
    """
    require(actor, Permission.POLICY_WRITE)
    require_known(template, language)
    last = newest(session, template, language)
    if (last.version if last else 0) != after:
        raise Stale
    wrong = {"words": said} if (said := fault(template, language, words)) else {}
    if not reason.strip() or len(reason) > LONGEST_REASON:
        wrong["reason"] = N_("请写明改了什么")
    if wrong:
        raise Invalid(wrong)
    row = Wording(
        template=template, language=language, version=after + 1, words=words.strip(),
        reason=reason.strip(), written_by=actor.id, written_at=now,
    )  # fmt: skip
    session.add(row)
    subject = f"wording:{template}:{language}"
    audit.note(session, actor, "wording.write", subject, now=now, version=row.version)
    session.flush()
    return row


def _kept_as(language: str) -> str:
    return "en" if language.startswith("en") else "zh"
