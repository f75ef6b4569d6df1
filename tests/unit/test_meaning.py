"""What an SMS means, by its words and by who sends it."""

import pytest

from hotline.intake.meaning import A_DAY, Meaning, Situation, decide, read
from hotline.telephony.port import OptOut

STRANGER = Situation()
OPEN = Situation(has_open=True)
SETTLED = Situation(has_settled=True)
ASKED = Situation(has_settled=True, asked=True)
M = Meaning


@pytest.mark.parametrize(
    ("text", "who", "meaning"),
    [
        ("老板三个月没发工资", STRANGER, M.MATTER),
        ("老板三个月没发工资", OPEN, M.WORD),
        ("老板三个月没发工资", SETTLED, M.AFTERWORD),
        ("你好", STRANGER, M.MATTER),
        ("查询社保怎么补缴，单位没交", STRANGER, M.MATTER),
        ("我想问一下工会怎么入会", STRANGER, M.MATTER),
        ("１", ASKED, M.ANSWER),
        ("满意", ASKED, M.ANSWER),
        ("5分", ASKED, M.ANSWER),
        ("不满意，钱还没给", ASKED, M.ANSWER),
        ("2", SETTLED, M.ANSWER),  # nobody has asked yet, the answer counts all the same
        ("2", OPEN, M.WORD),
        ("2", STRANGER, M.UNREADABLE),
        ("满意", Situation(has_open=True, asked=True), M.ANSWER),
        ("工资还是没有到账，请再催一下单位", ASKED, M.AFTERWORD),
        ("查询", STRANGER, M.PROGRESS),
        ("查询", OPEN, M.PROGRESS),
        ("请查询进度，谢谢", OPEN, M.PROGRESS),
        ("查询261122-0007", OPEN, M.PROGRESS),
        ("我的事情怎么样了？", OPEN, M.PROGRESS),
        ("我的事情怎么样了？", STRANGER, M.MATTER),
        ("谢谢！", STRANGER, M.COURTESY),
        ("谢谢！", OPEN, M.WORD),
        ("", STRANGER, M.UNREADABLE),
        ("？！🙏", STRANGER, M.UNREADABLE),
        ("13800000002", STRANGER, M.MATTER),  # a number to call: somebody has to look
        ("【自动回复】我在开会", STRANGER, M.NOISE),
        ("【自动回复】我在开会", OPEN, M.NOISE),
    ],
)
def test_words_mean_what_the_sender_makes_of_them(
    text: str, who: Situation, meaning: Meaning
) -> None:
    assert decide(read(text, who)) is meaning


@pytest.mark.parametrize("who", [STRANGER, OPEN, ASKED])
@pytest.mark.parametrize(
    "text",
    ["STOP", "stop", " Stop. ", "退订", "退订！", "请退订，谢谢", "TD", "ｔｄ", "T", "退订短信"],
)
def test_whoever_wants_to_be_left_alone_is_heard(text: str, who: Situation) -> None:
    assert decide(read(text, who)) is M.OPT_OUT


@pytest.mark.parametrize(
    "text", ["公司要求我退订工会服务", "stop the boss", "取消", "单位停止发工资"]
)
def test_a_word_inside_a_sentence_is_no_wish_to_leave(text: str) -> None:
    assert decide(read(text, STRANGER)) is M.MATTER


@pytest.mark.parametrize("text", ["START", "开通", "恢复", "unstop"])
def test_consent_is_given_again(text: str) -> None:
    assert decide(read(text, Situation(opted_out=True))) is M.OPT_IN


def test_yes_is_consent_only_from_somebody_who_had_left() -> None:
    assert decide(read("YES", Situation(opted_out=True))) is M.OPT_IN
    assert decide(read("YES", OPEN)) is M.WORD


@pytest.mark.parametrize(
    ("type_", "meaning"),
    [(OptOut.STOP, M.OPT_OUT), (OptOut.START, M.OPT_IN), (OptOut.HELP, M.HELP)],
)
def test_what_the_carrier_recognised_comes_first(type_: OptOut, meaning: Meaning) -> None:
    assert decide(read("满意", ASKED, type_)) is meaning


def test_nobody_reachable_makes_no_ticket() -> None:
    assert decide(read("退订", Situation(reachable=False))) is M.NOISE


def test_more_than_a_day_holds_is_a_flood_but_leaving_always_works() -> None:
    flood = Situation(has_open=True, today=A_DAY)
    assert decide(read("还有", flood)) is M.FLOOD
    assert decide(read("退订", flood)) is M.OPT_OUT
