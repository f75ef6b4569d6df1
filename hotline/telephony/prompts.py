"""What callers hear, by name and language: a recording of ours, or words for the carrier's voice.

No carrier has a voice that speaks Mongolian: those callers hear what was recorded, and
Chinese where nothing was.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from hotline.telephony.twiml import Xml, tag, words

DEFAULT: Final = "zh"
LANGUAGES: Final = ("zh", "mn", "en")
FORMATS: Final = {".mp3": "audio/mpeg", ".wav": "audio/wav"}


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
    "greeting": {
        "zh": (
            "您好，这里是内蒙古工会12351职工热线。为了保证服务质量，通话将被录音。请稍候"
            "，正在为您转接话务员。蒙古语服务请按9。"
        ),
        "en": (
            "This is the trade union hotline 12351 of Inner Mongolia. This call is recorded. "
            "Please hold for a person. For Mongolian press 9."
        ),
    },
    "english": {
        "zh": "英语服务请按8。",
        "en": "For English press 8.",
    },
    "closed": {
        "zh": (
            "您好，这里是内蒙古工会12351职工热线。现在不是人工服务时间，请在提示音后留言"
            "，说明您的姓名、单位和诉求，留言将被录音，我们会给您回电。"
        ),
        "en": (
            "This is the trade union hotline 12351 of Inner Mongolia. Nobody is here at this "
            "hour. After the tone please leave your name, your employer and your request. "
            "The message is recorded, and we will call you back."
        ),
    },
    "position": {
        "zh": "您前面还有{ahead}位来电人。",
        "en": "There are {ahead} callers before you.",
    },
    "next": {
        "zh": "您是下一位。",
        "en": "You are next.",
    },
    "expected": {
        "zh": "预计还要等{minutes}分钟。",
        "en": "It will take about {minutes} minutes.",
    },
    "longer": {
        "zh": "可能要等{minutes}分钟以上。",
        "en": "It may take more than {minutes} minutes.",
    },
    "choices": {
        "zh": (
            "请继续等待。不想等待，请按1留言，或者按2，我们按您的排队顺序给您回电。查询办"
            "理进度，请按3。"
        ),
        "en": (
            "Please keep waiting. To leave a message press 1. To be called back in your turn "
            "press 2. To ask how your request stands press 3."
        ),
    },
    "leave_word": {
        "zh": ("话务员暂时都在忙。请在提示音后留言，说明您的姓名、单位和诉求，我们会给您回电。"),
        "en": (
            "All our people are busy. After the tone please leave your name, your employer "
            "and your request; we will call you back."
        ),
    },
    "taken": {
        "zh": "您的留言已经收到，我们会给您回电。再见。",
        "en": "We have your message and will call you back. Goodbye.",
    },
    "will_call": {
        "zh": "好的，轮到您时我们给您回电，请保持电话畅通。再见。",
        "en": "We will call you when your turn comes. Please keep your telephone at hand. Goodbye.",
    },
    "apology": {
        "zh": (
            "您好，这里是内蒙古工会12351职工热线。系统暂时繁忙，请在提示音后留言，留言将"
            "被录音，我们会尽快给您回电。"
        ),
        "en": (
            "This is the trade union hotline 12351 of Inner Mongolia. We cannot take your "
            "call at this moment. Please leave a message after the tone; it is recorded, and "
            "we will call you back soon."
        ),
    },
    "sorry": {
        "zh": "抱歉，系统暂时繁忙，请稍后再拨。",
        "en": "We are sorry, our system is busy. Please call again later.",
    },
    "incoming": {
        "zh": "热线来电，正在接通。",
        "en": "A call of the hotline is being connected.",
    },
    "asked_for": {
        "zh": "这里是内蒙古工会12351职工热线，正在为您接通来电，通话将被录音。",
        "en": (
            "This is the trade union hotline 12351 of Inner Mongolia. We connect you with "
            "a caller. This call is recorded."
        ),
    },
    "too_late": {
        "zh": "来电人已经挂断。",
        "en": "The caller has hung up.",
    },
    "line_lost": {
        "zh": "抱歉，线路中断。您排在最前面，请不要挂机，马上为您接通话务员。",
        "en": "We are sorry, the line was lost. You are first in the queue: please hold on.",
    },
    "called_back": {
        "zh": "您好，这里是内蒙古工会12351职工热线给您回电，通话将被录音。",
        "en": (
            "This is the trade union hotline 12351 of Inner Mongolia calling you back. This "
            "call is recorded."
        ),
    },
    "calling": {
        "zh": "正在为您接通对方。",
        "en": "You are being connected.",
    },
    "held": {
        "zh": "请不要挂机，话务员正在为您联系，马上回来。",
        "en": "Please hold on. We are asking for you and will be back at once.",
    },
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


_recorded: list[Mapping[tuple[str, str], Path]] = [{}]


def use(folder: Path | None) -> None:
    """Say from now on by recording what *folder* holds as `<language>/<prompt>.mp3` or `.wav`.

    Raises:
        ValueError: A file there is no prompt, or one with a gap that only a voice can fill.
    """
    files = sorted(path for path in folder.glob("*/*") if path.is_file()) if folder else []
    for path in files:
        if path.parent.name not in LANGUAGES or path.suffix not in FORMATS:
            raise ValueError(f"{path}: write <{'|'.join(LANGUAGES)}>/<prompt>.mp3 or .wav")
        if path.stem not in PROMPTS or not recordable(path.stem):
            raise ValueError(f"{path}: no prompt that can be recorded; `flask prompts` lists them")
    _recorded[0] = {(path.parent.name, path.stem): path for path in files}


def recordable(name: str) -> bool:
    """Return whether a prompt always says the same: no gap is filled as it is said."""
    return "{" not in PROMPTS[name][DEFAULT]


def recording(language: str, name: str) -> Path | None:
    """Return the recording of a prompt, if there is one."""
    return _recorded[0].get((language, name))


def speak(name: str, language: str = DEFAULT, **gaps: str) -> Xml:
    """Return what says the prompt *name*, its *gaps* filled.

    Raises:
        KeyError: There is no such prompt, or a gap has no value.
    """
    if recording(language, name):
        return tag("Play", words(f"/prompts/{language}/{name}"))
    if language not in VOICES:
        return speak(name, DEFAULT, **gaps)
    voice = VOICES[language]
    text = PROMPTS[name][language].format(**gaps)
    return tag("Say", words(text), voice=voice.name, language=voice.language)
