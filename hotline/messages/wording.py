"""The texts of our SMS in both languages.

Each is one or two parts long, has no address to click on, and ends with the signature.
A gap (`%(number)s`) is filled when the text is sent.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from hotline.core.language import local

SIGNED: Final = "【工会12351】"
SIGNED_EN: Final = " Trade Union 12351"
LONGEST_GAP: Final = 240
LONGEST: Final = 500  # eight parts, the most that is advised
ELLIPSIS: Final = "…"

SCALE: Final = "1非常满意 2满意 3基本满意 4不满意 5非常不满意"
SCALE_EN: Final = (
    "1 very satisfied, 2 satisfied, 3 fairly satisfied, 4 dissatisfied, 5 very dissatisfied"
)

CHINESE: Final = {
    # the caller
    "ack": (
        "您的诉求已受理，编号%(number)s，查询码%(pin)s。我们将在%(due)s前先行答复，请保持电话畅通。"
    ),
    "ack_classified": (
        "您的诉求已受理，编号%(number)s，查询码%(pin)s，办理期限为%(due)s。请保持电话畅通。"
    ),
    "progress_received": "您的诉求%(number)s已受理，正在安排承办单位。",
    "progress_working": "您的诉求%(number)s正在办理，办结后会告知您结果。",
    "progress_awaiting": "您的诉求%(number)s需要您补充情况，请直接回复短信说明。",
    "progress_settled": "您的诉求%(number)s已有办理结果。如有异议，请直接回复短信或拨打12351。",
    "progress_none": "没有查到您名下的诉求。请直接回复短信说明情况，或拨打12351。",
    "opted_in": "已为您恢复短信通知。不想再收到请回复TD。",
    "ask": "办理您的诉求%(number)s还需要补充：%(missing)s。请直接回复本短信。",
    "ask_again": "您的诉求%(number)s仍在等您补充：%(missing)s。请直接回复本短信。",
    "result": "您的诉求%(number)s有了结果：%(reply)s",
    "rejected": "您的诉求%(number)s不属于工会受理范围：%(reason)s。建议您：%(route)s",
    "transferred": "您的诉求%(number)s已转交%(receiver)s办理，我们会继续跟踪。",
    "extension": "您的诉求%(number)s经批准延期，将于%(due)s前办结。",
    "rework": "您对诉求%(number)s的意见已收到，我们将重新办理并告知您结果。",
    "upheld": "您对诉求%(number)s的评价已经复核：%(reason)s。如有疑问请拨打12351。",
    "survey": f"您的诉求%(number)s已办结，请您评价，回复数字：{SCALE}。退订回TD",
    "survey_again": f"诉求%(number)s还在等您的评价，回复一个数字即可：{SCALE}。退订回TD",
    "callback_tried": "我们刚才给您回电没有接通，会再次回电。您也可以直接回复短信说明情况。",
    # members of staff
    "staff_reminder": "工单%(number)s已用去%(percent)s%%的时限，应于%(due)s前办结。",
    "staff_overdue": "工单%(number)s已超过时限%(due)s，现为第%(rung)s级督办，请立即处理。",
    "staff_second": "工单%(number)s等待第二人处理，所在单位没有可以处理的人，请接手或指定人员。",
    "staff_crisis": "有语音留言说到危险，请马上登录工作台安排回拨，最迟5分钟内。",
    "staff_bundle": "您有%(count)s件工单需要处理，请登录工作台，最早一件为%(number)s。",
}

ENGLISH: Final = {
    "ack": (
        "We have your request, number %(number)s, code %(pin)s. You will hear from us first"
        " before %(due)s; please keep your phone on."
    ),
    "ack_classified": (
        "We have your request, number %(number)s, code %(pin)s. It is due by %(due)s;"
        " please keep your phone on."
    ),
    "progress_received": "Your request %(number)s is registered and is being assigned.",
    "progress_working": "Your request %(number)s is being worked on. We will tell you the result.",
    "progress_awaiting": "Your request %(number)s waits for more facts. Please reply to this SMS.",
    "progress_settled": (
        "Your request %(number)s has a result. If you disagree, reply to this SMS or call 12351."
    ),
    "progress_none": (
        "We found no request from your number. Reply with what happened, or call 12351."
    ),
    "opted_in": "You will receive our messages again. Reply TD to stop.",
    "ask": "For your request %(number)s we still need: %(missing)s. Please reply to this SMS.",
    "ask_again": "Your request %(number)s still waits for: %(missing)s. Please reply to this SMS.",
    "result": "Your request %(number)s has a result: %(reply)s",
    "rejected": (
        "Your request %(number)s is outside the union's remit: %(reason)s. You can: %(route)s"
    ),
    "transferred": "Your request %(number)s went to %(receiver)s. We keep following it.",
    "extension": "Your request %(number)s takes longer, by approval until %(due)s.",
    "rework": "We have your opinion on request %(number)s and will work on it again.",
    "upheld": "Your rating of request %(number)s was reviewed: %(reason)s. Questions: call 12351.",
    "survey": (
        f"Your request %(number)s is settled. Please rate it with one digit: {SCALE_EN}."
        " Reply TD to stop."
    ),
    "survey_again": (
        f"Please rate request %(number)s with one digit: {SCALE_EN}. Reply TD to stop."
    ),
    "callback_tried": "We called you back in vain and will try again, or reply to this SMS.",
    "staff_reminder": "Ticket %(number)s has used %(percent)s%% of its time; due %(due)s.",
    "staff_overdue": "Ticket %(number)s is overdue since %(due)s, rung %(rung)s. Act now.",
    "staff_second": "Ticket %(number)s waits for a second person; its unit has none. Step in.",
    "staff_crisis": "A voicemail speaks of danger. Have them called back within 5 minutes.",
    "staff_bundle": "%(count)s tickets wait for you, the first is %(number)s. See your desk.",
}


def compose(template: str, params: Mapping[str, Any], language: str) -> str:
    """Return the text of *template* with its gaps filled, Chinese unless *language* is `en`.

    Raises:
        KeyError: There is no such template, or a gap has no value.
    """
    texts, end = (ENGLISH, SIGNED_EN) if language.startswith("en") else (CHINESE, SIGNED)
    filled = {name: _shortened(str(value), LONGEST_GAP) for name, value in params.items()}
    return _shortened(texts[template] % filled, LONGEST - len(end)) + end


def moment(at: dt.datetime, language: str) -> str:
    """Return a moment as an SMS says it, in the hotline's zone: `11月23日12:00`."""
    here = local(at)
    return f"{here:%d %b %H:%M}" if language.startswith("en") else f"{here:%-m月%-d日%H:%M}"


def signed(body: str) -> str:
    """Return somebody's own words as they are sent: shortened and with the signature."""
    if body.endswith((SIGNED, SIGNED_EN)):
        return body
    return _shortened(body, LONGEST - len(SIGNED)) + SIGNED


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + ELLIPSIS
