"""Words that speak of danger. No framework here.

The kinds are those of the domain reference, section 1.7. A hit calls somebody to look at
once; it decides nothing, and no hit proves nothing: it is a help, never a filter.
"""

import re
import unicodedata
from enum import StrEnum
from typing import Final


class Danger(StrEnum):
    """What somebody may be in."""

    SELF_HARM = "self_harm"
    VIOLENCE = "violence"
    TRAPPED = "trapped"
    GATHERING = "gathering"
    FORCED = "forced"
    EXTREME = "extreme"


_SIGNS: Final = {
    Danger.SELF_HARM: (
        "自杀 自残 自尽 轻生 寻短见 不想活 活不下去 活够了 没法活 死给 死了算 一死了之 跳楼 跳河"
        " 跳桥 割腕 上吊 喝农药 安眠药 遗书 同归于尽 SUICIDE KILLMYSELF ENDMYLIFE WANTTODIE"
    ),
    Danger.VIOLENCE: (
        "打死 砍人 砍死 杀人 杀了他 要杀 捅死 动刀 拿刀 放火 炸药 爆炸 挟持 绑架 殴打 被打"
        " 威胁我 弄死 WITHAKNIFE KILLHIM THREATENSME"
    ),
    Danger.TRAPPED: (
        "被困 塌方 坍塌 塌了 矿难 透水 埋在 压在 着火 火灾 中毒 触电 坠落 掉下来 没有呼吸"
        " 快不行了 大出血 TRAPPED COLLAPSED"
    ),
    Danger.GATHERING: "堵门 堵路 围堵 聚集 几十个人 上百人 拉横幅 静坐 罢工 打起来",
    Danger.FORCED: (
        "童工 未成年 不让走 不让离开 关起来 锁起来 限制自由 扣身份证 没收手机 看守"
        " LOCKEDIN FORCEDLABOUR"
    ),
    Danger.EXTREME: "爬塔吊 爬上塔吊 上塔吊 塔吊上 楼顶 天台 跳下去 爬烟囱 汽油 点火 自焚",
}
SIGNS: Final = {danger: tuple(words.split()) for danger, words in _SIGNS.items()}
BETWEEN: Final = re.compile(r"[\W_]+")


def dangers(text: str) -> list[Danger]:
    """Return the dangers that *text* speaks of, in the order of the table."""
    bare = BETWEEN.sub("", unicodedata.normalize("NFKC", text).upper())
    return [danger for danger, words in SIGNS.items() if any(word in bare for word in words)]
