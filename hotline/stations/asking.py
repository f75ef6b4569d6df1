"""Whether somebody asks for a place or a number. No framework here."""

import re
from typing import Final

CATEGORIES: Final = frozenset({"I5", "Q1"})  # 驿站 of couriers, 驿站 and mothers' rooms
ASKS: Final = re.compile(
    "驿站|母婴室|歇脚|休息的地方|在哪办|去哪里办|在哪里办|地址|怎么走|办公时间|热线号码|打哪个电话"
)


def asks(told: str, category: str | None) -> bool:
    """Return whether what is *told*, or its category, asks where to go or whom to ring."""
    return category in CATEGORIES or ASKS.search(told) is not None
