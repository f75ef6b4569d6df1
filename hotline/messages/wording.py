"""The texts of our SMS in both languages, as they come with the program.

Each is one or two parts long, has no address to click on, and ends with the signature.
A gap (`{number}`) is filled when the text is sent. `wordings.py` keeps what is said instead.
"""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, Final

from hotline.core import gaps
from hotline.core.language import local

SIGNED: Final = "【工会12351】"
SIGNED_EN: Final = " Trade Union 12351"
LONGEST_GAP: Final = 240
LONGEST: Final = 500  # eight parts, the most that is advised
ELLIPSIS: Final = "…"
LINK: Final = re.compile(r"://|www\.", re.IGNORECASE)

SCALE: Final = "1非常满意 2满意 3基本满意 4不满意 5非常不满意"
SCALE_EN: Final = (
    "1 very satisfied, 2 satisfied, 3 fairly satisfied, 4 dissatisfied, 5 very dissatisfied"
)

CHINESE: Final = {
    # the caller
    "ack": ("您的诉求已受理，编号{number}，查询码{pin}。我们将在{due}前先行答复，请保持电话畅通。"),
    "ack_classified": (
        "您的诉求已受理，编号{number}，查询码{pin}，办理期限为{due}。请保持电话畅通。"
    ),
    "progress_received": "您的诉求{number}已受理，正在安排承办单位。",
    "progress_working": "您的诉求{number}正在办理，办结后会告知您结果。",
    "progress_awaiting": "您的诉求{number}需要您补充情况，请直接回复短信说明。",
    "progress_settled": "您的诉求{number}已有办理结果。如有异议，请直接回复短信或拨打12351。",
    "merged": "您的诉求{number}与已受理的同一件事合并办理，编号继续有效，结果会告知您。",
    "progress_none": "没有查到您名下的诉求。请直接回复短信说明情况，或拨打12351。",
    "opted_in": "已为您恢复短信通知。不想再收到请回复TD。",
    "ask": "办理您的诉求{number}还需要补充：{missing}。请直接回复本短信。",
    "ask_again": "您的诉求{number}仍在等您补充：{missing}。请直接回复本短信。",
    "result": "您的诉求{number}有了结果：{reply}",
    "rejected": "您的诉求{number}不属于工会受理范围：{reason}。建议您：{route}",
    "transferred": "您的诉求{number}已转交{receiver}办理，我们会继续跟踪。",
    "extension": "您的诉求{number}经批准延期，将于{due}前办结。",
    "rework": "您对诉求{number}的意见已收到，我们将重新办理并告知您结果。",
    "upheld": "您对诉求{number}的评价已经复核：{reason}。如有疑问请拨打12351。",
    "survey": f"您的诉求{{number}}已办结，请您评价，回复数字：{SCALE}。退订回TD",
    "survey_again": f"诉求{{number}}还在等您的评价，回复一个数字即可：{SCALE}。退订回TD",
    "station": "您问的地方：{what}。",
    "station_ask": "请回复“驿站”加旗县区的名字，例如：驿站赛罕区。",
    "station_none": "没有查到那里的驿站，请拨打12351。",
    "callback_tried": "我们刚才给您回电没有接通，会再次回电。您也可以直接回复短信说明情况。",
    # members of staff
    "staff_reminder": "工单{number}已用去{percent}%的时限，应于{due}前办结。",
    "staff_overdue": "工单{number}已超过时限{due}，现为第{rung}级督办，请立即处理。",
    "staff_crisis_brief": "{at}的危机来电30分钟内没有呈报领导，请马上登录工作台补报。",
    "staff_crisis_follow": "{at}的危机来电24小时内没有跟进电话，请马上登录工作台安排。",
    "staff_mass": "疑似群体事件，{count}件工单，最早一件{number}，请登录工作台确认。",
    "staff_mass_report": "群体事件{number}须在{due}前向上级报情况，请登录工作台办理。",
    "staff_second": "工单{number}等待第二人处理，所在单位没有可以处理的人，请接手或指定人员。",
    "staff_urged": "工单{number}列为{level}级督办，请在{due}前登录工作台反馈办理情况。",
    "staff_crisis": "有语音留言说到危险，请马上登录工作台安排回拨，最迟5分钟内。",
    "staff_bundle": "您有{count}件工单需要处理，请登录工作台，最早一件为{number}。",
}

ENGLISH: Final = {
    "ack": (
        "We have your request, number {number}, code {pin}. You will hear from us first"
        " before {due}; please keep your phone on."
    ),
    "ack_classified": (
        "We have your request, number {number}, code {pin}. It is due by {due};"
        " please keep your phone on."
    ),
    "progress_received": "Your request {number} is registered and is being assigned.",
    "progress_working": "Your request {number} is being worked on. We will tell you the result.",
    "progress_awaiting": "Your request {number} waits for more facts. Please reply to this SMS.",
    "progress_settled": (
        "Your request {number} has a result. If you disagree, reply to this SMS or call 12351."
    ),
    "merged": (
        "Your request {number} is handled together with one about the same matter. Its number"
        " stays valid and you will be told the result."
    ),
    "progress_none": (
        "We found no request from your number. Reply with what happened, or call 12351."
    ),
    "opted_in": "You will receive our messages again. Reply TD to stop.",
    "ask": "For your request {number} we still need: {missing}. Please reply to this SMS.",
    "ask_again": "Your request {number} still waits for: {missing}. Please reply to this SMS.",
    "result": "Your request {number} has a result: {reply}",
    "rejected": ("Your request {number} is outside the union's remit: {reason}. You can: {route}"),
    "transferred": "Your request {number} went to {receiver}. We keep following it.",
    "extension": "Your request {number} takes longer, by approval until {due}.",
    "rework": "We have your opinion on request {number} and will work on it again.",
    "upheld": "Your rating of request {number} was reviewed: {reason}. Questions: call 12351.",
    "survey": (
        f"Your request {{number}} is settled. Please rate it with one digit: {SCALE_EN}."
        " Reply TD to stop."
    ),
    "survey_again": (
        f"Please rate request {{number}} with one digit: {SCALE_EN}. Reply TD to stop."
    ),
    "station": "You asked for: {what}.",
    "station_ask": "Send that word again with the name of a banner or district after it.",
    "station_none": "We know of no service station there. Please call 12351.",
    "callback_tried": "We called you back in vain and will try again, or reply to this SMS.",
    "staff_reminder": "Ticket {number} has used {percent}% of its time; due {due}.",
    "staff_overdue": "Ticket {number} is overdue since {due}, rung {rung}. Act now.",
    "staff_crisis_brief": "No leader was briefed within 30 minutes of the crisis call of {at}.",
    "staff_crisis_follow": "Nobody rang again within 24 hours of the crisis call of {at}.",
    "staff_mass": (
        "A mass matter is proposed: {count} tickets, the first {number}. Please decide."
    ),
    "staff_mass_report": "Mass matter {number}: report upwards before {due}. See your desk.",
    "staff_second": "Ticket {number} waits for a second person; its unit has none. Step in.",
    "staff_urged": "Ticket {number} is under supervision {level}. Report before {due}.",
    "staff_crisis": "A voicemail speaks of danger. Have them called back within 5 minutes.",
    "staff_bundle": "{count} tickets wait for you, the first is {number}. See your desk.",
}


def built_in(template: str, language: str) -> str:
    """Return the text of *template* that came with the program, unsigned.

    Raises:
        KeyError: There is no such template.
    """
    return (ENGLISH if _english(language) else CHINESE)[template]


def compose(
    template: str, params: Mapping[str, Any], language: str, words: str | None = None
) -> str:
    """Return the text of *template* with its gaps filled, Chinese unless *language* is English.

    *words* are said in place of those that came with the program.

    Raises:
        KeyError: There is no such template, or a gap has no value.
    """
    end = SIGNED_EN if _english(language) else SIGNED
    filled = {name: _shortened(str(value), LONGEST_GAP) for name, value in params.items()}
    text = built_in(template, language) if words is None else words
    return _shortened(gaps.fill(text, filled), LONGEST - len(end)) + end


def moment(at: dt.datetime, language: str) -> str:
    """Return a moment as an SMS says it, in the hotline's zone: `11月23日12:00`."""
    here = local(at)
    return f"{here:%d %b %H:%M}" if _english(language) else f"{here:%-m月%-d日%H:%M}"


def signed(body: str) -> str:
    """Return somebody's own words as they are sent: shortened and with the signature."""
    if body.endswith((SIGNED, SIGNED_EN)):
        return body
    return _shortened(body, LONGEST - len(SIGNED)) + SIGNED


def _english(language: str) -> bool:
    return language.startswith("en")


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + ELLIPSIS
