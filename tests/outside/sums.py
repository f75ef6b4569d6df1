"""Chapters of the day: money that came back, and the operator's time by a watch beside the desk.

What is divided here are sums. They are added up by hand, from the forms that were filled in and
from a stop-watch; nothing is asked of the hotline's own formulas.
"""

import datetime as dt
import re
from typing import Final

from tests.outside.day import Day
from tests.outside.installation import Visitor

CLAIM: Final = re.compile(r"/money/(\d+)/payments")
SLACK: Final = 3000  # ms, of half a minute: an offer is made before it rings, and seen after it

CLAIMED: Final = {"演示职工甲": 18_000_00, "演示职工乙": 9_000_00, "演示职工丙": 500_05}
AGREED: Final = {"演示职工甲": 15_000_00, "演示职工丙": 500_05}
PAID: Final = (("演示职工甲", 5_000_00, "bank"), ("演示职工甲", 2_500_50, "worker"))


def money_is_recovered(day: Day) -> None:
    """Write down what three workers claim, what two agreed on, and what reached one of them."""
    desk, number = Visitor(day.site.base), day.numbers["wrote in trouble"]
    desk.signs_in("desk")
    ids = {}
    for name, fen in CLAIMED.items():
        desk.sends(f"/tickets/{number}/money", name=name, claimed=yuan(fen))
        known = CLAIM.findall(desk.sees(f"/tickets/{number}"))
        (ids[name],) = {*known} - {*ids.values()}
    for name, fen in AGREED.items():
        given = {"verified": yuan(fen), "agreed": yuan(fen)}
        desk.sends(f"/tickets/{number}/money/{ids[name]}", **given)
    today = dt.datetime.now(dt.timezone(dt.timedelta(hours=8))).date()
    for name, fen, proof in PAID:
        given = {"amount": yuan(fen), "paid_on": str(today), "proof": proof}
        desk.sends(f"/tickets/{number}/money/{ids[name]}/payments", **given)
    claimed, agreed = sum(CLAIMED.values()), sum(AGREED.values())
    paid = {proof: fen for _, fen, proof in PAID}
    whole = sum(paid.values())
    wanted = {
        "T13": (whole, claimed),
        "T13-agreed": (whole, agreed),
        "T13-people": (1, len(CLAIMED)),
        "T13-bank": (paid["bank"], whole),
        "T13-worker": (paid["worker"], whole),
        "T13-unit": (0, whole),
    }
    day.finds(lambda: {code: day.rate(code)[:2] for code in wanted}, wanted)
    assert day.rate("T13-agreed")[2] == {"not_agreed": 1}


def the_desk_was_timed(day: Day) -> None:
    """Find the operator's time at the desk, away and busy as the watch has it."""
    day.presence("offline")
    timed = day.watch.spent()
    at_hand, gone = timed["ready"] + timed["busy"], timed["away"] + timed["missed"]
    whole = at_hand + gone
    wanted = {
        "C10": (timed["busy"], at_hand),
        "C11": (at_hand, whole),
        "C11-away": (timed["away"], whole),
        "C11-missed": (timed["missed"], whole),
    }
    day.finds(lambda: day.rate("C11")[2], {"running": 0})
    for code, (above, below) in wanted.items():
        numerator, denominator, _ = day.rate(code)
        assert abs(numerator - above) < SLACK, (code, numerator, above)
        assert abs(denominator - below) < SLACK, (code, denominator, below)


def yuan(fen: int) -> str:
    """Write an amount as people do."""
    return f"{fen // 100}.{fen % 100:02d}"
