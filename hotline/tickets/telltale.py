"""Words by which a caller could be known though no name is written. No framework here.

Domain reference, section 6.3: where few people fit what is told, leaving the name out hides
nobody. A person is warned and decides: another wording, the hotline's brief, a higher level.
"""

import re
from collections.abc import Sequence
from typing import Final

KEPT: Final = (1, 2)  # the levels at which somebody reads of the matter and not who it is
FEW: Final = range(2, 4)  # so many heads that a foreman thinks of each of them
_NUMBER: Final = r"[一二两三四五六七八九十\d]+"
_TELLTALE: Final = re.compile(
    rf"(?:{_NUMBER}月{_NUMBER}[日号])"
    rf"|{_NUMBER}(?:号|分)?(?:车间|班组|工段|生产线)"
    r"|夜班|白班|中班|早班|晚班|倒班"
    r"|只有我|就我一个|唯一|我一个人|(?:就|只有)?我们[两俩三23]个?人"
    r"|班长|组长|领班|主管|电焊工|钢筋工|架子工|油漆工|维修工|塔吊|叉车|挖掘机|质检|仓管"
    r"|会计|出纳|文员|厨师|收银|保洁|保安|护士|司机"
)


def signs(text: str, heads: int | None) -> Sequence[str]:
    """Return what in *text* may give its teller away, in the order it is told, each once.

    Where *heads* says that two or three claim, their number is one of the signs.
    """
    found = dict.fromkeys(_TELLTALE.findall(text))
    few = [f"{heads}人"] if heads in FEW else []
    return [*found, *few]
