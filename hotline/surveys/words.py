"""The phrases workers answer surveys with, and what each contributes to a reading."""

from enum import Enum, auto
from typing import Final, NamedTuple


class Kind(Enum):
    """What a piece of text contributes."""

    DIGIT = auto()  # a score on the invitation's scale
    STARS = auto()  # a score where five is best, already turned round
    WORD = auto()  # a score in words
    VAGUE = auto()  # an opinion without a place on the scale
    GOOD = auto()
    BAD = auto()
    DOUBT = auto()  # "but", "not yet", a question: what stands beside it may not hold
    POLITE = auto()
    BREAK = auto()  # punctuation and space
    OTHER = auto()


class Token(NamedTuple):
    """A piece of text and what it says."""

    kind: Kind
    text: str
    score: int = 0


CHINESE_SCORES: Final = {
    1: (
        "非常满意 很满意 十分满意 特别满意 太满意了 太满意 超满意 超级满意 相当满意 极其满意 "
        "完全满意 最满意 满意极了 非常非常满意 很好 非常好 太好了 特别好 满分"
    ),
    2: "满意 挺满意 比较满意 较满意 蛮满意 满意的 挺好 不错 很不错 好评",
    3: "基本满意 基本上满意 大体满意 大致满意 还算满意 勉强满意",
    4: (
        "不满意 不满 不太满意 不大满意 不怎么满意 不很满意 不是很满意 不够满意 不是太满意 "
        "不是非常满意 没有满意 未满意 并不满意 谈不上满意 不算满意 不好 不行 差 差评 较差 比较差"
    ),
    5: (
        "非常不满意 很不满意 十分不满意 特别不满意 极不满意 极其不满意 太不满意 太不满意了 "
        "最不满意 相当不满意 完全不满意 一点都不满意 一点也不满意 一点儿也不满意 根本不满意 "
        "非常非常不满意 很不满 非常不满 极度不满 强烈不满 很差 太差 太差了 极差 非常差 特别差 "
        "最差"
    ),
}
ENGLISH_SCORES: Final = {
    1: ("very satisfied", "extremely satisfied", "fully satisfied", "excellent", "very good"),
    2: ("satisfied", "good"),
    3: ("basically satisfied", "fairly satisfied"),
    4: (
        "dissatisfied",
        "unsatisfied",
        "not satisfied",
        "not very satisfied",
        "not good",
        "bad",
        "poor",
    ),
    5: (
        "very dissatisfied",
        "very unsatisfied",
        "extremely dissatisfied",
        "not satisfied at all",
        "very bad",
        "terrible",
    ),
}
CHINESE: Final = {
    Kind.VAGUE: (
        "一般 一般般 一般满意 还行 还可以 可以 可以的 好 好的 凑合 马马虎虎 就那样 不知道 说不清 "
        "不好说 无所谓 中等 中评 将就 过得去 差不多 差强人意 百分百"
    ),
    Kind.GOOD: (
        "非常感谢 太感谢 感谢你们 感谢工会 十分感谢 很快 及时 给力 点赞 解决了 已解决 热情 耐心 "
        "👍 👏 ❤ 😊"
    ),
    Kind.BAD: (
        "没解决 未解决 没有解决 还没解决 没人管 没结果 没用 敷衍 推诿 太慢 失望 投诉 骗 没给 "
        "不给 没发 没联系 态度差 态度恶劣 垃圾 👎 😡"
    ),
    Kind.DOUBT: (
        "但 但是 可是 不过 然而 只是 就是 还没 还没有 没有 没 未 怎么 怎么可能 哪里 哪 谁 如果 "
        "假如 要是 才怪 吗 么 ? 而是 不是 并非 难道 希望 以为 本来"
    ),
    Kind.POLITE: (
        "谢谢 谢谢您 谢谢你 谢谢你们 多谢 感谢 您好 你好 收到 麻烦了 辛苦 辛苦了 🙏 我选择 我选 "
        "我打 我给 选择 选 我觉得 我们 我对 我 对 你们 您 你 工会 热线 回复 答复 答案 评价 评分 "
        "评为 满意度 结果 处理 办理 服务 态度 工作 这次 本次 此次 整体 总体 给 打 是 的 了 吧 啊 "
        "呀 呢 哦 哈 嗯 都 也 为 号 工单 表示 感到 觉得 这个 事情 这件事 第 项 选项 回访"
    ),
}
ENGLISH: Final = {
    Kind.VAGUE: ("ok", "okay", "so so", "fine", "average"),
    Kind.DOUBT: ("but", "not", "if", "why"),
    Kind.POLITE: (
        *("thanks", "thank you", "i am", "i'm", "it is", "it was", "the", "with", "result"),
        *("service", "was", "my", "answer", "is", "score"),
    ),
}
#: What a reply may say besides its score: whether somebody called, whether it is solved.
CONTACTED: Final = {
    "yes": ("联系过我", "联系我了", "联系了我", "已联系", "联系了", "打过电话", "called me"),
    "no": (
        *("没联系", "没有联系", "没人联系", "没有人联系", "未联系", "没人打电话"),
        *("没联系过我", "没人联系过我", "没有联系过我", "nobody called"),
    ),
}
SOLVED: Final = {
    "yes": ("解决了", "已解决", "都解决了", "全部解决", "is solved"),
    "partly": ("部分解决", "解决了一部分", "解决一半", "解决了一半", "partly solved"),
    "no": ("没解决", "没有解决", "未解决", "还没解决", "没能解决", "not solved"),
}
BESIDES: Final = (CONTACTED, SOLVED)
SIGNS: Final = "【】[](){}<>《》“”‘’\"'`，,。.、;:!~…—–_=*#·^|/\\+-\u200b\ufe0f\u20e3 "
NUMERALS: Final = dict(
    zip("一二两三四五壹贰叁肆伍", (1, 2, 2, 3, 4, 5, 1, 2, 3, 4, 5), strict=True)
)
STAR_UNITS: Final = ("颗星", "星", "分")
MEASURES: Final = "个月天年元块人次点小时周日楼万千百岁位家名倍级%"  # `3个月` counts months


def _lexicon() -> dict[str, Token]:
    """Return every phrase; a phrase of two lists belongs to the one that comes first."""
    known: dict[str, Token] = {}
    for score in CHINESE_SCORES:
        for phrase in (*CHINESE_SCORES[score].split(), *ENGLISH_SCORES[score]):
            known.setdefault(phrase, Token(Kind.WORD, phrase, score))
    for kind, text in CHINESE.items():
        for phrase in (*text.split(), *ENGLISH.get(kind, ())):
            known.setdefault(phrase, Token(kind, phrase))
    return known | {sign: Token(Kind.BREAK, sign) for sign in SIGNS}


LEXICON: Final = _lexicon()
