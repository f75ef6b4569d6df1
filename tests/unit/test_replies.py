"""What workers answer to a survey, and how it is read."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.surveys.replies import read
from hotline.surveys.words import LEXICON

SCORES = {
    1: """1|１|①|1️⃣|【1】|(1)|“1”|1.|1、|1。|1!!|+1|选1|我选 1|回复1|评价：1|答案是1|我的评价是1
    |1 谢谢|1，谢谢你们|1 非常满意|非常满意1|非常满意|非常满意！！！|十分满意|很满意|很滿意
    |特别满意|超级满意|满意极了|太好了|很好|非常好|5分|5星|5颗星|5 星|５分|五星|五分|5星好评
    |5分好评|给你们打5分|五颗星|⭐⭐⭐⭐⭐|★★★★★|满分|5分满意|5分 非常满意|very satisfied
    |Very Satisfied!|excellent|一|壹|1，办得很快|1 解决了|1,非常感谢|非常满意，感谢工会|1号""",
    2: """2|２|②|2满意|2 满意|满意|滿意|满意。|满意，谢谢|谢谢，满意|比较满意|挺满意的
    |我对处理结果满意|不错|挺好|好评|4分|4星|四星|★★★★☆|⭐⭐⭐⭐|satisfied|I am satisfied
    |good|二|满意，办得很快|对工会的服务满意|二。""",
    3: """3|３|③|3基本满意|基本满意|基本满意吧|还算满意|勉强满意|大体满意|3分|3星|三星|三|3 一般
    |3，还可以|★★★☆☆""",
    4: """4|４|④|4不满意|不满意|不滿意|不满|不太满意|不怎么满意|不是很满意|不够满意|谈不上满意
    |没有满意|不好|差评|不行|差|2分|2星|两星|两分|二星|dissatisfied|not satisfied
    |Not satisfied.|不满意，钱还没给|不满意！！|4，钱没给|没解决，不满意|不满意，没人管
    |不满意？|4 谢谢|我不满意|我对你们的服务不满意|四""",
    5: """5|５|⑤|非常不满意|5非常不满意|很不满意|十分不满意|极不满意|太不满意了|一点都不满意
    |一点也不满意|完全不满意|很差|太差了|1分|1星|一星|一分|★|⭐|⭐☆☆☆☆|very dissatisfied
    |terrible|not satisfied at all|1分不满意|5 不满意|非常不满意，老板到现在也没发钱
    |5，没人联系我|五|伍""",
}
UNCLEAR = """0|6|9|10|12|100|100分|10分|0分|6星|1.5|2.5|4.5分|1/2|5/5|1 2|1 2 3 4 5|1和2|1或者2|4-5
    |1~2|一般|一般般|还行|还可以|可以|好|好的|凑合|马马虎虎|不知道|ok|OK|fine|So so|5 满意
    |5非常满意|5 很好|5，非常感谢|4 满意|1 不满意|2不满意|1分 满意|5分不满意|5分 差|1星好评
    |1 没解决|1，钱还没给|满意，但是钱还没给|满意吗|满意？|满意?|1?|不是不满意|没有不满意
    |谁满意|怎么可能满意|难道满意|满意才怪|哪里满意了|如果发工资就满意|满意个屁|不非常满意
    |很不 满意|满意 不满意|非常满意 非常不满意|满意 一般|12 满意
    |非常感谢|很快|👍|点赞|☆☆☆☆☆
    |1工资没发|老板不满意|希望满意|1非常满意 2满意 3基本满意 4不满意 5非常不满意"""
SOMETHING_ELSE = """|你好|谢谢|收到|退订|TD|老板欠我3个月工资|3个月没发工资了|3天了还没结果
    |2022年入职|5年工龄怎么赔|1个月工资没发|5分钟前打过电话|13800000001|12351|电话是13800000001，请回电
    |没解决|没人管|钱还没给|我一直在等消息|工伤认定怎么办|我想问一下加班费怎么算
    |我在1号线上班受伤了|十分着急|等了一分钟没人接|包头市昆都仑区|？|???|。|wages|hello
    |什么时候给答复|我们三十个人被欠薪了|每天干12个小时|1000元押金不退
    |满足条件可以申请援助吗，我在工地干了两年多现在腰受伤了老板不管也不签合同"""


def _each(text: str) -> list[str]:
    return [case.strip() for case in text.split("|")]


@pytest.mark.parametrize(
    ("text", "score"), [(text, score) for score, table in SCORES.items() for text in _each(table)]
)
def test_a_plain_answer_is_read(text: str, score: int) -> None:
    reading = read(text)
    assert (reading.score, reading.ambiguous) == (score, False)


@pytest.mark.parametrize("text", _each(UNCLEAR))
def test_an_unclear_answer_goes_to_a_person(text: str) -> None:
    reading = read(text)
    assert (reading.score, reading.ambiguous) == (None, True)
    assert reading.comment == text


@pytest.mark.parametrize("text", _each(SOMETHING_ELSE))
def test_what_is_no_answer_is_left_alone(text: str) -> None:
    reading = read(text)
    assert (reading.score, reading.ambiguous) == (None, False)


def test_the_ticket_number_is_no_score() -> None:
    assert read("261122-0007 2").number == "261122-0007"
    assert read("261122-0007 2").score == 2
    assert read("２６１１２２-０００７号工单 非常满意").score == 1
    assert read("261122-0007").score is None


def test_a_comment_is_kept_and_a_bare_score_has_none() -> None:
    assert read("不满意，钱还没给").comment == "不满意，钱还没给"
    assert not read(" 2，谢谢 ").comment


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    reading = read(text)
    assert reading.score in {None, 1, 2, 3, 4, 5}
    assert not (reading.score and reading.ambiguous)


@given(st.lists(st.sampled_from(sorted(LEXICON)), max_size=12))
def test_any_heap_of_known_words_is_read(phrases: list[str]) -> None:
    reading = read("".join(phrases))
    assert not (reading.score and reading.ambiguous)


@given(st.integers(1, 3), st.sampled_from(["不满意", "很差", "没解决", "才怪", "差评"]))
def test_a_good_figure_beside_bad_words_never_counts(figure: int, words: str) -> None:
    assert read(f"{figure} {words}").score is None


@pytest.mark.parametrize(
    "unit", ["1", "1 ", "满意", "不", " ", "一", "★", "ok", "5分", "not satisfie"]
)
def test_a_long_text_costs_no_more_than_its_length(unit: str) -> None:
    started = time.process_time()
    for _ in range(20):
        read(unit * 100_000)
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("text", "contacted", "solved"),
    [
        ("满意，解决了", None, "yes"),
        ("1 解决了", None, "yes"),
        ("5，没人联系我", "no", None),
        ("4 没解决 没人联系过我", "no", "no"),
        ("非常不满意，没有联系，也没有解决", "no", "no"),
        ("3，部分解决，联系过我", "yes", "partly"),
        ("5 说解决了其实没解决", None, None),
        ("2", None, None),
        ("没解决", None, None),  # no score: what it says goes to a person, or to the ticket
    ],
)
def test_a_reply_may_answer_the_other_questions_too(
    text: str, contacted: str | None, solved: str | None
) -> None:
    reading = read(text)
    assert (reading.contacted, reading.solved) == (contacted, solved)
