"""What a result tells beside its reply, by category: names and kinds. No framework here.

The lists follow the result column of the domain's category forms (section 3.3). Nothing in them
must be given, for a matter may end before there is anything to tell; what is not given is shown
to the reviewer, who may bounce the result for it.
"""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Final, NamedTuple

from hotline.core.words import N_

MOST_MONEY: Final = Decimal(10) ** 10  # yuan; more than any matter was ever about
MOST_COUNT: Final = 1_000_000


class Unreadable(ValueError):
    """A finding is not of its kind; its name is the message."""


class FindingKind(StrEnum):
    """How a finding is asked for and read."""

    MONEY = "money"  # yuan, to the fen
    COUNT = "count"
    DATE = "date"
    LINE = "line"
    CHOICE = "choice"


class Finding(NamedTuple):
    """One thing to tell; *choices* are pairs of code and label."""

    name: str
    kind: FindingKind
    label: str
    choices: tuple[tuple[str, str], ...] = ()


K = FindingKind
YES: Final = (("yes", N_("是")), ("no", N_("否")))
# fmt: off
FOUNDED: Final = Finding("founded", K.CHOICE, N_("诉求是否属实"), (
    ("founded", N_("属实")), ("partly", N_("部分属实")), ("unfounded", N_("不属实")),
    ("unverifiable", N_("无法核实"))))
PAID_ON: Final = Finding("paid_on", K.DATE, N_("到账日期"))
PAID: Final = Finding("paid", K.MONEY, N_("到账金额（元）"))
WAGES: Final = (
    Finding("claimed", K.MONEY, N_("主张金额（元）")),
    Finding("verified", K.MONEY, N_("核实金额（元）")),
    Finding("agreed", K.MONEY, N_("约定金额（元）")), PAID,
    Finding("workers", K.COUNT, N_("涉及人数")), PAID_ON,
    Finding("payer", K.CHOICE, N_("支付方"), (
        ("employer", N_("用人单位")), ("subcontractor", N_("分包单位")),
        ("contractor", N_("施工总承包单位")), ("owner", N_("建设单位")),
        ("deposit", N_("工资保证金")), ("fund", N_("应急周转金")))),
)
BY_GROUP: Final[dict[str, tuple[Finding, ...]]] = {
    "A": WAGES,
    "B": (Finding("signed", K.CHOICE, N_("已补签或纠正"), YES),
          Finding("signed_on", K.DATE, N_("签订日期"))),
    "C": (Finding("reinstated", K.CHOICE, N_("已恢复劳动关系"), YES), PAID),
    "D": (Finding("corrected", K.CHOICE, N_("已纠正"), YES), PAID),
    "E": (Finding("months", K.COUNT, N_("补缴月数")), PAID),
    "F": (Finding("applied_on", K.DATE, N_("提出工伤认定申请日期")),
          Finding("decision", K.LINE, N_("认定结论")), PAID),
    "G": (Finding("handed_to", K.LINE, N_("移交的主管部门")),
          Finding("corrected", K.CHOICE, N_("已整改"), YES)),
    "H": (Finding("corrected", K.CHOICE, N_("已纠正"), YES),),
    "I": (Finding("corrected", K.CHOICE, N_("平台已改正"), YES), PAID),
    "J": (Finding("aid", K.LINE, N_("帮扶类型")), PAID, PAID_ON),
    "K": (PAID, PAID_ON),
    "M": (Finding("placed", K.LINE, N_("岗位或培训")),),
    "N": (Finding("handed_to", K.LINE, N_("转介机构")),),
    "O": (Finding("set_up_on", K.DATE, N_("建会或办理日期")),),
    "P": (Finding("set_up_on", K.DATE, N_("建立或备案日期")),),
    "R": (Finding("measure", K.LINE, N_("整改或致歉")),),
}
# fmt: on


def of(category: str | None, demand_type: str | None) -> tuple[Finding, ...]:
    """Return what the result of a matter of *category* should tell; a complaint, if it is true."""
    founded = (FOUNDED,) if demand_type == "complaint" else ()
    return founded + BY_GROUP.get((category or "")[:1], ())


KNOWN: Final = {
    finding.name: finding for findings in ((FOUNDED,), *BY_GROUP.values()) for finding in findings
}


def read(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the findings *given*, each of a known name in its form; others as they are.

    Raises:
        Unreadable: One cannot be read.
    """
    found = {}
    for name, value in given.items():
        finding = KNOWN.get(name)
        if value in (None, ""):
            continue
        try:
            found[name] = READERS[finding.kind](value, finding) if finding else value
        except (ValueError, TypeError):
            raise Unreadable(name) from None
    return found


def missing(given: Mapping[str, Any], wanted: tuple[Finding, ...]) -> list[Finding]:
    """Return what of the findings *wanted* was not *given*."""
    return [finding for finding in wanted if given.get(finding.name) in (None, "")]


def money(value: Any) -> int:
    """Read an amount in yuan, as it is written or as a number, and return it in fen.

    Raises:
        Unreadable: It is negative, has parts of a fen, or is no amount.
    """
    try:
        amount = Decimal(str(value).replace(",", "").replace("，", "").strip())
    except InvalidOperation:
        raise Unreadable(value) from None
    if not amount.is_finite() or not 0 <= amount <= MOST_MONEY or amount * 100 % 1:
        raise Unreadable(value)
    return int(amount * 100)


def _money(value: Any, _finding: Finding) -> int | float:
    yuan = money(value) / 100
    return int(yuan) if yuan == int(yuan) else yuan


def _count(value: Any, _finding: Finding) -> int:
    count = int(value)
    if not 0 <= count <= MOST_COUNT or isinstance(value, bool):
        raise ValueError
    return count


def _date(value: Any, _finding: Finding) -> str:
    return dt.date.fromisoformat(value).isoformat()


def _choice(value: Any, finding: Finding) -> str:
    if value not in dict(finding.choices):
        raise ValueError
    return str(value)


def _line(value: Any, _finding: Finding) -> str:
    if not isinstance(value, str) or len(value) > 200:  # noqa: PLR2004 - a line, not a text
        raise ValueError
    return value.strip()


READERS: Final = {
    K.MONEY: _money,
    K.COUNT: _count,
    K.DATE: _date,
    K.CHOICE: _choice,
    K.LINE: _line,
}
