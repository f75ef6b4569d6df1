"""What a reviewer should look at twice: pure remarks on a result, none of them a verdict.

The codes are those of the domain's defects (transition 24) as far as a program can see them.
"""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, NamedTuple

from hotline.core.words import N_
from hotline.tickets.contact import Way

SHORT: Final = 20  # characters; what is said in fewer rarely answers a complaint


class Remark(StrEnum):
    """Something the program noticed."""

    NO_CONTACT = "no_contact"
    SHORT_REPLY = "short_reply"
    BOILERPLATE = "boilerplate"
    FIELDS_MISSING = "fields_missing"
    DEMAND_UNSOLVED = "demand_unsolved"
    DISCLOSES = "discloses"


R = Remark
LABELS: Final = {
    R.NO_CONTACT: N_("没有联系职工"),
    R.SHORT_REPLY: N_("答复很短"),
    R.BOILERPLATE: N_("与其他工单的答复一字不差"),
    R.FIELDS_MISSING: N_("结果要素未填全"),
    R.DEMAND_UNSOLVED: N_("结果写已解决，但有诉求没有解决"),
    R.DISCLOSES: N_("答复里有职工的号码或姓名"),
}


class Looked(NamedTuple):
    """What the remarks are made of.

    Attributes:
        demands: The outcomes of the demands.
        twin: Whether another ticket has the same reply.
        missing: How many facts of the category were not told.
        secrets: The caller's number and name, as far as known.
    """

    reply: str
    outcome: str
    way: Way | None
    demands: Sequence[str | None] = ()
    twin: bool = False
    missing: int = 0
    secrets: Collection[str] = ()


def remarks(seen: Looked) -> list[Remark]:
    """Return what there is to remark, in the order of `Remark`."""
    found: Mapping[Remark, Any] = {
        R.NO_CONTACT: seen.way is Way.NONE,
        R.SHORT_REPLY: len("".join(seen.reply.split())) < SHORT,
        R.BOILERPLATE: seen.twin,
        R.FIELDS_MISSING: seen.missing,
        R.DEMAND_UNSOLVED: seen.outcome == "solved"
        and any(each != "solved" for each in seen.demands),
        R.DISCLOSES: any(secret in seen.reply for secret in seen.secrets if len(secret) > 1),
    }
    return [remark for remark in Remark if found[remark]]
