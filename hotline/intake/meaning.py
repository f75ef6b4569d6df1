"""What an SMS means, from its words and what is known of its sender. No framework here.

Read `MEANINGS` top to bottom: the first line that holds decides. Nothing is thrown away:
what belongs to no ticket is kept with the reason why.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from hotline.surveys import replies
from hotline.surveys.replies import Reading
from hotline.telephony.port import OptOut


class Meaning(StrEnum):
    """What an SMS is to us."""

    NOISE = "noise"  # from nobody who can be answered: a bank, our own number, a robot
    OPT_OUT = "opt_out"
    OPT_IN = "opt_in"
    HELP = "help"  # the carrier has answered it
    FLOOD = "flood"  # more than anybody writes in a day
    STATION = "station"  # where is the nearest 驿站?
    PROGRESS = "progress"  # how far is my matter?
    ANSWER = "answer"  # to a survey
    WORD = "word"  # on an open ticket
    AFTERWORD = "afterword"  # on a settled one
    COURTESY = "courtesy"  # thanks, received
    UNREADABLE = "unreadable"  # no words at all
    MATTER = "matter"  # something new


@dataclass(frozen=True)
class Situation:
    """What is known of the sender when the SMS comes.

    Attributes:
        reachable: It is a telephone number, and not the hotline's own.
        has_open: A ticket of theirs is open.
        has_settled: A ticket of theirs is resolved, its survey not over.
        asked: A survey of theirs still takes an answer.
        today: How many SMS came from them in 24 hours.
    """

    reachable: bool = True
    opted_out: bool = False
    has_open: bool = False
    has_settled: bool = False
    asked: bool = False
    today: int = 0

    @property
    def known(self) -> bool:
        """Whether there is a matter the words may be about."""
        return self.has_open or self.has_settled


@dataclass(frozen=True)
class Said:
    """An SMS in the forms in which it is compared, and who says it."""

    bare: str  # half-width capitals without spaces and punctuation
    reading: Reading
    opt_out: OptOut | None
    who: Situation

    @property
    def word(self) -> str:
        """The words without greeting and thanks."""
        return POLITE.sub("", self.bare)


class Line(NamedTuple):
    """One line of the table."""

    meaning: Meaning
    holds: Callable[[Said], bool]


A_DAY: Final = 60
SHORT: Final = 24
PUNCTUATION: Final = re.compile(r"[\W_]+")
POLITE: Final = re.compile(r"^(您好|你好|请|麻烦)|(谢谢|谢谢您|谢谢你|吧|了|吗|呢|啊)$")

_LEAVE: Final = (
    "STOP STOPALL UNSUBSCRIBE END QUIT CANCEL REVOKE OPTOUT T TD TDD 退订 退訂 退订短信 取消订阅"
    " 取消短信 拒收 拒收短信 停止 停止短信 不要再发 不要再发短信 别再发 别再发短信 不要发短信"
)
_RETURN: Final = "START UNSTOP 开通 開通 恢复 恢复短信 恢复订阅 订阅 开通短信"
_ASK: Final = (
    "查询 查詢 进度 進度 查进度 查询进度 进度查询 办理进度 进展 查询进展 CX PROGRESS STATUS"
)
_THANK: Final = (
    "谢谢 谢谢您 谢谢你 谢谢你们 多谢 感谢 非常感谢 收到 收到谢谢 好的 好的谢谢 好 好谢谢 知道"
    " 知道了 明白 明白了 嗯 嗯嗯 哦 OK THANKS THANKYOU 不客气 再见"
)
OPT_OUTS: Final = frozenset(_LEAVE.split())
OPT_INS: Final = frozenset(_RETURN.split())
QUESTIONS: Final = frozenset(_ASK.split())
THANKS: Final = frozenset(_THANK.split())
YES: Final = "YES"  # consent only from somebody who had left
ASKS: Final = re.compile(
    "进度|进展|到哪一步|怎么样|办得如何|处理得如何|有结果|办好|处理好|什么时候"
)
ROBOT: Final = re.compile("自动回复|自动应答|AUTOREPLY|OUTOFOFFICE|本短信由系统")
STATION: Final = re.compile("(?:工会|附近)?驿站(?P<place>[\u4e00-\u9fff]{1,8}[区旗县市盟])?")
NUMBER: Final = re.compile(r"\d{10}")  # a ticket number without its dash
DIGITS: Final = 2  # so many alone say nothing; more may be a telephone number


def place_asked(bare: str) -> str | None:
    """Return the place in `驿站赛罕区`, empty for the bare word; None if no place is asked for."""
    found = STATION.fullmatch(bare)
    return (found["place"] or "") if found else None


def _asks_progress(said: Said) -> bool:
    if POLITE.sub("", NUMBER.sub("", said.bare)) in QUESTIONS:
        return True
    return said.who.known and len(said.bare) <= SHORT and ASKS.search(said.bare) is not None


def _answers(said: Said) -> bool:
    who = said.who
    if said.reading.score is not None:
        return who.asked or (who.has_settled and not who.has_open)
    return said.reading.ambiguous and who.asked and not who.has_open


def _says_nothing(said: Said) -> bool:
    return not said.bare or (said.bare.isdecimal() and len(said.bare) <= DIGITS)


# fmt: off
M = Meaning
MEANINGS: Final = (
    Line(M.NOISE,      lambda said: not said.who.reachable),
    Line(M.OPT_OUT,    lambda said: said.opt_out is OptOut.STOP),
    Line(M.OPT_IN,     lambda said: said.opt_out is OptOut.START),
    Line(M.HELP,       lambda said: said.opt_out is OptOut.HELP),
    Line(M.OPT_OUT,    lambda said: said.word in OPT_OUTS),
    Line(M.OPT_IN,     lambda said: said.word in OPT_INS),
    Line(M.OPT_IN,     lambda said: said.who.opted_out and said.bare == YES),
    Line(M.NOISE,      lambda said: ROBOT.search(said.bare) is not None),
    Line(M.FLOOD,      lambda said: said.who.today >= A_DAY),
    Line(M.ANSWER,     _answers),
    Line(M.STATION,    lambda said: place_asked(said.bare) is not None),
    Line(M.PROGRESS,   _asks_progress),
    Line(M.WORD,       lambda said: said.who.has_open),
    Line(M.COURTESY,   lambda said: said.bare in THANKS),
    Line(M.UNREADABLE, _says_nothing),
    Line(M.AFTERWORD,  lambda said: said.who.has_settled),
    Line(M.MATTER,     lambda _: True),
)
# fmt: on


def read(
    text: str, who: Situation, opt_out: OptOut | None = None, reading: Reading | None = None
) -> Said:
    """Return *text* in the forms in which it is compared; *reading* if it was read before."""
    return Said(bare(text), reading or replies.read(text), opt_out, who)


def bare(text: str) -> str:
    """Return *text* in half-width capitals without spaces and punctuation."""
    return PUNCTUATION.sub("", unicodedata.normalize("NFKC", text).upper())


def decide(said: Said) -> Meaning:
    """Return what an SMS means."""
    return next(line.meaning for line in MEANINGS if line.holds(said))
