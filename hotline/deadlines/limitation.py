"""Until when the law lets a worker act: last days by rule, from facts that somebody entered.

These are hints, never a certainty: whether a time limit runs, stands still or begins anew is for a
lawyer to judge, and a call to the hotline interrupts none. A last day is shown as it is counted,
though one that falls on a public holiday may move on (Civil Code, art. 203): to be early harms
nobody. No framework here.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hotline.core.words import N_

WAGES: Final = "A"  # the group of categories in which somebody employed has no limit yet
AID_FIRST_DAYS: Final = 7  # 法律援助法 §44: aid may come first and the papers later


class Fact(StrEnum):
    """A day that a rule counts from."""

    KNEW = "knew_on"
    CLAIMED = "claimed_on"
    LEFT = "left_on"
    VIOLATED = "violated_on"
    INJURED = "injured_on"
    ASSESSED = "assessed_on"
    AWARDED = "awarded_on"
    AGREED = "agreed_on"


QUESTIONS: Final[dict[Fact, str]] = {
    Fact.KNEW: N_("知道权利被侵害之日"),
    Fact.CLAIMED: N_("最近一次主张权利、请求救济或对方同意履行之日"),
    Fact.LEFT: N_("劳动关系终止之日"),
    Fact.VIOLATED: N_("违法行为发生或终了之日"),
    Fact.INJURED: N_("事故伤害发生或确诊职业病之日"),
    Fact.ASSESSED: N_("收到劳动能力鉴定结论之日"),
    Fact.AWARDED: N_("收到仲裁裁决书之日"),
    Fact.AGREED: N_("调解协议生效之日"),
}


class Interest(StrEnum):
    """Whose matters a rule concerns: all, those about wages, or those about anything else."""

    ALL = "all"
    WAGES = "wages"
    OTHERS = "others"


@dataclass(frozen=True)
class Rule:
    """One limit of the law.

    Attributes:
        what: What must be done by then.
        since: The fact it counts from.
        years, days: Its length; the day of the fact itself does not count.
        law, article: Where it stands.
        version: Since when that text is in force.
        renewed: Whether claiming, seeking relief or an acknowledgement begins it anew.
    """

    code: str
    what: str
    since: Fact
    law: str
    article: str
    version: dt.date
    years: int = 0
    days: int = 0
    renewed: bool = False
    interest: Interest = Interest.ALL


_ARBITRATION: Final = N_("劳动争议调解仲裁法")
_SINCE_2008: Final = dt.date(2008, 5, 1)
_INJURY: Final = N_("工伤保险条例")
_SINCE_2011: Final = dt.date(2011, 1, 1)
RULES: Final = (
    Rule("arbitration", N_("申请劳动仲裁"), Fact.KNEW, _ARBITRATION, "27.1", _SINCE_2008,
         years=1, renewed=True, interest=Interest.OTHERS),
    Rule("arbitration_wages", N_("申请劳动仲裁（拖欠劳动报酬）"), Fact.LEFT, _ARBITRATION, "27.4",
         _SINCE_2008, years=1, renewed=True, interest=Interest.WAGES),
    Rule("inspection", N_("向劳动保障监察投诉"), Fact.VIOLATED, N_("劳动保障监察条例"), "20",
         dt.date(2004, 12, 1), years=2),
    Rule("injury_employer", N_("单位申请工伤认定"), Fact.INJURED, _INJURY, "17.1", _SINCE_2011,
         days=30),
    Rule("injury_worker", N_("职工、近亲属或工会申请工伤认定"), Fact.INJURED, _INJURY, "17.2",
         _SINCE_2011, years=1),
    Rule("reassessment", N_("申请再次鉴定"), Fact.ASSESSED, _INJURY, "26", _SINCE_2011, days=15),
    Rule("suit", N_("对仲裁裁决起诉"), Fact.AWARDED, _ARBITRATION, "48、50", _SINCE_2008, days=15),
    Rule("confirmation", N_("共同申请司法确认"), Fact.AGREED, N_("人民调解法"), "33", _SINCE_2011,
         days=30),
)  # fmt: skip
TONES: Final = ((7, "act"), (30, "warn"), (60, "wait"))


@dataclass(frozen=True)
class LastDay:
    """Until when something must be done, as a rule counts it.

    Attributes:
        since: The day it was counted from.
        left: How many days are left; negative once it is over.
    """

    rule: Rule
    since: dt.date
    day: dt.date
    left: int

    @property
    def tone(self) -> str:
        """How it is coloured: at 60, at 30 and at 7 days."""
        return next((tone for days, tone in TONES if self.left <= days), "plain")

    @property
    def aid_first(self) -> bool:
        """Whether legal aid may come before its papers (法律援助法 §44)."""
        return 0 <= self.left <= AID_FIRST_DAYS


def last_days(facts: Mapping[Fact, dt.date], category: str | None, today: dt.date) -> list[LastDay]:
    """Return the last days that follow from *facts*, the earliest first.

    Args:
        facts: What was entered.
        category: The code of the ticket's category; its first letter is the group.
        today: The hotline's day.
    """
    wages = (category or "").startswith(WAGES)
    unconcerned = Interest.OTHERS if wages else Interest.WAGES
    found = [
        _counted(rule, facts, today)
        for rule in RULES
        if rule.interest is not unconcerned and rule.since in facts
    ]
    return sorted(found, key=lambda last: last.day)


def _counted(rule: Rule, facts: Mapping[Fact, dt.date], today: dt.date) -> LastDay:
    since = facts[rule.since]
    claimed = facts.get(Fact.CLAIMED)
    if rule.renewed and claimed is not None and since <= claimed <= _end(rule, since):
        since = claimed  # what was over before it was claimed does not begin anew
    day = _end(rule, since)
    return LastDay(rule, since, day, (day - today).days)


def _end(rule: Rule, since: dt.date) -> dt.date:
    if rule.days:
        return since + dt.timedelta(days=rule.days)
    try:
        return since.replace(year=since.year + rule.years)
    except ValueError:  # 29 February: the last day of the month, Civil Code art. 202
        return since.replace(year=since.year + rule.years, day=28)
