"""Which unit a matter goes to, and the sentence that says why. No framework here.

The most specific category wins (leaf, group, all), and within it the nearest region,
going up the tree. A complaint about a union goes one level above the unit complained of.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from hotline.core.errors import GuardFailed
from hotline.core.words import N_

ABOUT_A_UNION: Final = "R"  # the group of complaints that the unit itself must not handle


@dataclass(frozen=True)
class Place:
    """A unit as far as routing knows it."""

    id: int
    name: str


@dataclass(frozen=True)
class Rule:
    """One row of the routing table, with the unit above the one it names."""

    id: int
    region: str | None
    category: str | None
    unit: Place
    superior: Place | None = None


@dataclass(frozen=True)
class Proposal:
    """The unit proposed, and why: `规则 12：150102 × A1 → 新城区总工会`."""

    unit_id: int
    reason: str


def propose(rules: Iterable[Rule], regions_up: Sequence[str], category: str) -> Proposal:
    """Return the unit for *category* in the first of *regions_up* (a region, then those above).

    Raises:
        GuardFailed: No rule fits; the table lacks its last resort.
    """
    fitting = [
        rule
        for rule in rules
        if (rule.region is None or rule.region in regions_up)
        and (rule.category is None or category.startswith(rule.category))
    ]
    if not fitting:
        raise GuardFailed(N_("没有适用的派单规则。"), guard="routing")
    rule = min(fitting, key=lambda rule: _distance(rule, regions_up))
    unit, above = rule.unit, ""
    if category.startswith(ABOUT_A_UNION) and rule.superior:
        unit, above = rule.superior, f"（涉及{rule.unit.name}，由上一级办理）"
    where = f"{rule.region or '全区'} × {rule.category or '全部'}"
    return Proposal(unit.id, f"规则 {rule.id}：{where} → {unit.name}{above}")


def _distance(rule: Rule, regions_up: Sequence[str]) -> tuple[int, int, int]:
    """Order rules: longest category first, nearest region next, and no ties."""
    steps = regions_up.index(rule.region) if rule.region else len(regions_up)
    return -len(rule.category or ""), steps, rule.id
