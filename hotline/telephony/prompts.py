"""What callers hear, by name and language, in the words that the carrier's voice speaks.

No carrier has a voice that speaks Mongolian: those callers hear Chinese.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from hotline.telephony.twiml import Xml, tag, words

DEFAULT: Final = "zh"


class Voice(NamedTuple):
    """A voice of the carrier's."""

    name: str
    language: str


VOICES: Final[Mapping[str, Voice]] = {
    "zh": Voice("Polly.Zhiyu", "cmn-CN"),
    "en": Voice("Polly.Joanna", "en-US"),
}

#: Each prompt in the languages that a carrier can speak; a gap is filled when it is said.
PROMPTS: Final[Mapping[str, Mapping[str, str]]] = {
    "farewell": {
        "zh": "感谢您的来电，再见。",
        "en": "Thank you for calling. Goodbye.",
    },
    "alone": {
        "zh": "抱歉，话务员的线路中断了，我们会再次给您回电。再见。",
        "en": "We are sorry, our line was lost. We will call you again. Goodbye.",
    },
    "score_call": {
        "zh": "您好，这里是内蒙古工会12351职工热线，想请您评价一下我们的办理结果。",
        "en": "This is the trade union hotline 12351. We ask you to rate how we did.",
    },
    "score": {
        "zh": (
            "您的诉求{number}已经办结，请您评价：非常满意请按1，满意请按2，基本满意请按3，"
            "不满意请按4，非常不满意请按5。"
        ),
        "en": (
            "Your request {number} is settled. Please rate it: for very satisfied press 1, "
            "for satisfied 2, fairly satisfied 3, dissatisfied 4, very dissatisfied 5."
        ),
    },
    "score_again": {
        "zh": "没有听到有效的按键。请按1到5评价，1为非常满意，5为非常不满意。",
        "en": "That was no key from 1 to 5. Please press 1 for very satisfied up to 5 for very "
        "dissatisfied.",
    },
    "score_taken": {
        "zh": "您的评价已经记录，谢谢，再见。",
        "en": "Your rating is recorded. Thank you and goodbye.",
    },
    "matter_number": {
        "zh": "查询办理进度，请输入工单编号，按井号键结束。",
        "en": "To ask after your request, enter its number and press hash.",
    },
    "matter_pin": {
        "zh": "请输入受理短信中的四位查询码。",
        "en": "Enter the four digits of the code in our first SMS.",
    },
    "matter_wrong": {
        "zh": "工单编号或查询码不对。",
        "en": "The number or the code is not right.",
    },
    "matter_refused": {
        "zh": "输入错误次数过多，今天不能再用按键查询，请等候话务员为您查询。",
        "en": "There were too many wrong entries today. Please wait for a person to help you.",
    },
    "matter_received": {
        "zh": "您的诉求已受理，正在安排承办单位。",
        "en": "Your request is registered and is being assigned.",
    },
    "matter_working": {
        "zh": "您的诉求正在办理。",
        "en": "Your request is being worked on.",
    },
    "matter_awaiting": {
        "zh": "您的诉求正在等您补充情况，请回复短信，或者等候话务员。",
        "en": "Your request waits for more facts from you. Reply to our SMS, or hold on.",
    },
    "matter_settled": {
        "zh": "您的诉求已有办理结果，结果已经告知您。",
        "en": "Your request has a result, of which you were told.",
    },
    "matter_due": {
        "zh": "办理期限是{due}。",
        "en": "It is due by {due}.",
    },
    "matter_heard": {
        "zh": "如果没有别的问题，您可以挂机；需要话务员请继续等候，您的位置已为您保留。",
        "en": "You may hang up now, or hold on for a person: your place in the line is kept.",
    },
}


def speak(name: str, language: str = DEFAULT, **gaps: str) -> Xml:
    """Return what says the prompt *name*, its *gaps* filled.

    Raises:
        KeyError: There is no such prompt, or a gap has no value.
    """
    if language not in VOICES:
        return speak(name, DEFAULT, **gaps)
    voice = VOICES[language]
    text = PROMPTS[name][language].format(**gaps)
    return tag("Say", words(text), voice=voice.name, language=voice.language)
