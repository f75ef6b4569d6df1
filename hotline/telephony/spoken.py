"""What a caller, and an operator who picks up, hear: the documents of the voice routes.

Every caller is told of the recording before anything is recorded. Callers speak
Chinese to the carrier's voice, whatever language the desk is shown in.
https://www.twilio.com/docs/voice/twiml
"""

from typing import Final

from hotline.telephony.twiml import Xml, document, silence, tag, words

GREETING: Final = (
    "您好，这里是内蒙古工会12351职工热线。为了保证服务质量，通话将被录音。"
    "请稍候，正在为您转接话务员。"
)
CLOSED: Final = (
    "您好，这里是内蒙古工会12351职工热线。现在不是人工服务时间，请在提示音后留言，"
    "说明您的姓名、单位和诉求，留言将被录音，我们会给您回电。"
)
POSITION: Final = "您前面还有{ahead}位来电人。"
NEXT: Final = "您是下一位。"
CHOICES: Final = "请继续等待。不想等待，请按1留言，或者按2，由我们给您回电。"
LEAVE_WORD: Final = "话务员暂时都在忙。请在提示音后留言，说明您的姓名、单位和诉求，我们会给您回电。"
TAKEN: Final = "您的留言已经收到，我们会给您回电。再见。"
WILL_CALL: Final = "好的，我们会尽快给您回电。再见。"
FAREWELL: Final = "感谢您的来电，再见。"
APOLOGY: Final = (
    "您好，这里是内蒙古工会12351职工热线。系统暂时繁忙，请在提示音后留言，留言将被录音，"
    "我们会尽快给您回电。"
)
SORRY: Final = "抱歉，系统暂时繁忙，请稍后再拨。"
INCOMING: Final = "热线来电，正在接通。"
TOO_LATE: Final = "来电人已经挂断。"

LEAVE_A_MESSAGE: Final = "1"
CALL_ME_BACK: Final = "2"
LISTEN: Final = 8  # seconds of quiet between two announcements
LONGEST_MESSAGE: Final = 180
LONGEST_CALL: Final = 3 * 60 * 60
TRANSCRIBED: Final = "cmn-Hans-CN"


def identity(staff_id: int) -> str:
    """Return the name under which an operator's browser is known to the carrier."""
    return f"operator-{staff_id}"


def queue_of(sid: str) -> str:
    """Return the name of the queue in which one call waits, alone."""
    return f"call-{sid}"[:64]


def say(text: str) -> Xml:
    """Speak *text* in Mandarin."""
    return tag("Say", words(text), voice="Polly.Zhiyu", language="cmn-CN")


def greet(sid: str) -> str:
    """Welcome a caller, tell of the recording, and let them wait."""
    return document(say(GREETING), _enqueue(sid))


def wait_again(sid: str) -> str:
    """Put a caller back into the queue: nobody came to the line."""
    return document(_enqueue(sid))


def _enqueue(sid: str) -> Xml:
    queue = words(queue_of(sid))
    return tag("Enqueue", queue, action="/phone/queue", waitUrl="/phone/wait")


def closed() -> str:
    """Tell that nobody is here now, and take a message."""
    return document(say(CLOSED), *_record("/phone/voicemail"))


def waiting(ahead: int) -> str:
    """Tell a caller how many are before them and what they may choose, then be quiet."""
    place = POSITION.format(ahead=ahead) if ahead else NEXT
    return document(
        tag(
            "Gather",
            say(place + CHOICES),
            tag("Pause", length=LISTEN),
            action="/phone/choice",
            numDigits=1,
            timeout=LISTEN,
        )
    )


def leave() -> str:
    """Let a waiting caller out of the queue; its action goes on."""
    return document(tag("Leave"))


def listen_on() -> str:
    """Go back to waiting after a key that means nothing."""
    return document(tag("Redirect", words("/phone/wait")))


def will_call() -> str:
    """Promise to call back, and end."""
    return document(say(WILL_CALL), tag("Hangup"))


def take_message() -> str:
    """Ask a caller who waited in vain for a message."""
    return document(say(LEAVE_WORD), *_record("/phone/voicemail"))


def message_taken() -> str:
    """Thank for a message, and end."""
    return document(say(TAKEN), tag("Hangup"))


def farewell() -> str:
    """Part from a caller who has spoken with somebody."""
    return document(say(FAREWELL), tag("Hangup"))


def go_on() -> str:
    """Say nothing to a caller who is just being connected."""
    return silence()


def hang_up() -> str:
    """End the call without a word."""
    return document(tag("Hangup"))


def apologise() -> str:
    """Take a message while nothing else of ours works; its action is the fallback again."""
    return document(say(APOLOGY), *_record("/phone/voice/fallback", callback=None))


def sorry() -> str:
    """Say that it does not work, in a document that is well formed even so."""
    return document(say(SORRY), tag("Hangup"))


def _record(action: str, callback: str | None = "/phone/recording") -> tuple[Xml, ...]:
    record = tag(
        "Record",
        action=action,
        maxLength=LONGEST_MESSAGE,
        timeout=LISTEN,
        finishOnKey="#",
        recordingStatusCallback=callback,
    )
    return record, tag("Hangup")


def to_operator(order: int, staff_id: int, *, words_to: str | None) -> str:
    """Connect a caller with an operator's browser; *words_to*, an address, hears what is said."""
    transcription = tag(
        "Transcription",
        statusCallbackUrl=words_to,
        languageCode=TRANSCRIBED,
        track="inbound_track",
    )
    listening = (tag("Start", transcription),) if words_to else ()
    client = tag("Client", words(identity(staff_id)))
    return document(*listening, _dial(client, f"/phone/operator/{order}/done", order))


def to_caller(order: int, sid: str) -> str:
    """Connect an operator who picked up their telephone with the caller who waits."""
    queue = tag("Queue", words(queue_of(sid)), url=f"/phone/bridged/{order}")
    return document(say(INCOMING), _dial(queue, f"/phone/desk/{order}/done", order))


def _dial(noun: Xml, action: str, order: int) -> Xml:
    return tag(
        "Dial",
        noun,
        action=action,
        timeout=10,
        timeLimit=LONGEST_CALL,
        record="record-from-answer-dual",
        recordingStatusCallback=f"/phone/recording/{order}",
    )


def too_late() -> str:
    """Tell an operator that the caller is gone."""
    return document(say(TOO_LATE), tag("Hangup"))
