"""One employer under many names: what is left of a name when place and legal form are gone."""

import re
from typing import Final

from hotline.core import chinese

PLACES: Final = (
    "内蒙古自治区", "内蒙古", "内蒙", "呼和浩特", "包头", "乌海", "赤峰", "通辽", "鄂尔多斯",
    "呼伦贝尔", "巴彦淖尔", "乌兰察布", "兴安", "锡林郭勒", "阿拉善", "满洲里", "二连浩特",
)  # fmt: skip
FORMS: Final = (
    "股份有限责任公司", "有限责任公司", "股份有限公司", "集团有限公司", "集团公司", "有限公司",
    "分公司", "总公司", "子公司", "集团", "公司", "合伙企业", "个体工商户",
)  # fmt: skip
PLACE: Final = re.compile(rf"^(?:{'|'.join(PLACES)})(?:市|盟)?")
FORM: Final = re.compile(rf"(?:{'|'.join(FORMS)})$")
BRACKETS: Final = re.compile(r"[(（\[【].*?[)）\]】]")


def core(name: str) -> str:
    """Return the heart of an employer's *name*: 内蒙古兴泰建设集团有限公司 → 兴泰建设."""
    folded = chinese.fold(BRACKETS.sub("", name)) or chinese.fold(name)
    heart = folded
    for pattern in (PLACE, FORM):
        while (shorter := pattern.sub("", heart)) != heart and shorter:
            heart = shorter
    return heart or folded


def alike(one: str, other: str) -> float:
    """Return how alike two names are, 0 to 1, place and legal form apart."""
    hearts = core(one), core(other)
    if hearts[0] == hearts[1]:
        return 1.0
    return chinese.likeness(chinese.bigrams(hearts[0]), chinese.bigrams(hearts[1]))
