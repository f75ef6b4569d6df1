"""What a caller, and an operator who picks up, hear: the documents of the voice routes.

Every caller is told of the recording before anything is recorded. Callers speak
Chinese to the carrier's voice, whatever language the desk is shown in.
https://www.twilio.com/docs/voice/twiml
"""

from typing import Final

from hotline.telephony import profile
from hotline.telephony.twiml import Xml, document, tag, words

GREETING: Final = (
    "您好，这里是内蒙古工会12351职工热线。为了保证服务质量，通话将被录音。"
    "请稍候，正在为您转接话务员。蒙古语服务请按9。"
)
CLOSED: Final = (
    "您好，这里是内蒙古工会12351职工热线。现在不是人工服务时间，请在提示音后留言，"
    "说明您的姓名、单位和诉求，留言将被录音，我们会给您回电。"
)
POSITION: Final = "您前面还有{ahead}位来电人。"
NEXT: Final = "您是下一位。"
EXPECTED: Final = "预计还要等{minutes}分钟。"
LONGER: Final = "可能要等{minutes}分钟以上。"
CHOICES: Final = (
    "请继续等待。不想等待，请按1留言，或者按2，我们按您的排队顺序给您回电。查询办理进度，请按3。"
)
LEAVE_WORD: Final = "话务员暂时都在忙。请在提示音后留言，说明您的姓名、单位和诉求，我们会给您回电。"
TAKEN: Final = "您的留言已经收到，我们会给您回电。再见。"
WILL_CALL: Final = "好的，轮到您时我们给您回电，请保持电话畅通。再见。"
APOLOGY: Final = (
    "您好，这里是内蒙古工会12351职工热线。系统暂时繁忙，请在提示音后留言，留言将被录音，"
    "我们会尽快给您回电。"
)
SORRY: Final = "抱歉，系统暂时繁忙，请稍后再拨。"
INCOMING: Final = "热线来电，正在接通。"
ASKED_FOR: Final = "这里是内蒙古工会12351职工热线，正在为您接通来电，通话将被录音。"
TOO_LATE: Final = "来电人已经挂断。"
LINE_LOST: Final = "抱歉，线路中断。您排在最前面，请不要挂机，马上为您接通话务员。"
CALLED_BACK: Final = "您好，这里是内蒙古工会12351职工热线给您回电，通话将被录音。"
CALLING: Final = "正在为您接通对方。"
HELD: Final = "请不要挂机，话务员正在为您联系，马上回来。"

LEAVE_A_MESSAGE: Final = "1"
CALL_ME_BACK: Final = "2"
MY_MATTER: Final = "3"
MONGOLIAN: Final = "9"
LONGEST_TOLD: Final = 10  # minutes; what is further off is not said more exactly
LISTEN: Final = 8  # seconds of quiet between two announcements
LONGEST_MESSAGE: Final = 180
LONGEST_CALL: Final = 3 * 60 * 60
RING: Final = 20  # seconds that an operator's telephone rings
ROOM_EVENTS: Final = "start end join leave hold mute"
TRANSCRIBED: Final = "cmn-Hans-CN"


def identity(staff_id: int) -> str:
    """Return the name under which an operator's browser is known to the carrier."""
    return f"operator-{staff_id}"


def address_of(staff_id: int) -> str:
    """Return the address at which an operator's browser is rung."""
    return f"client:{identity(staff_id)}"


def queue_of(sid: str) -> str:
    """Return the name of the queue in which one call waits, alone."""
    return f"call-{sid}"[:64]


def say(text: str) -> Xml:
    """Speak *text* in Mandarin."""
    return tag("Say", words(text), voice="Polly.Zhiyu", language="cmn-CN")


def room_of(call_id: int) -> str:
    """Return the name of the conference in which one call is spoken."""
    return f"call-{call_id}"


def greet(sid: str) -> str:
    """Welcome a caller, tell of the recording, and let them wait.

    The one key there is chooses a language, and silence goes on at once: no menu stands
    before a person (GB/T 33358).
    """
    asked = tag("Gather", say(GREETING), action="/phone/language", numDigits=1, timeout=1)
    return document(asked, _wait(sid))


def wait_again(sid: str) -> str:
    """Put a caller back into the queue: nobody came to the line."""
    return document(_wait(sid))


def wait_on(sid: str) -> str:
    """Apologise to a caller who was cut off, and let them wait."""
    return document(say(LINE_LOST), _wait(sid))


def _wait(sid: str) -> Xml:
    """Let a caller wait: in a queue, or in a loop of the waiting document."""
    if not profile.current().queues:
        return tag("Redirect", words("/phone/wait"))
    queue = words(queue_of(sid))
    return tag("Enqueue", queue, action="/phone/queue", waitUrl="/phone/wait")


def closed() -> str:
    """Tell that nobody is here now, and take a message."""
    return document(say(CLOSED), *_record("/phone/voicemail"))


def waiting(ahead: int, minutes: int | None = None) -> str:
    """Tell a caller how many are before them and what they may choose, then be quiet.

    *minutes* is how long they will still wait; where nobody can say it is not spoken of.
    """
    place = (POSITION.format(ahead=ahead) if ahead else NEXT) + _expected(minutes)
    quiet, again = _quiet("/phone/wait")
    asked = tag(
        "Gather",
        say(place + CHOICES),
        *quiet,
        action="/phone/choice",
        numDigits=1,
        timeout=LISTEN,
    )
    return document(asked, *again)


def _quiet(here: str) -> tuple[tuple[Xml, ...], tuple[Xml, ...]]:
    """Return what is quiet for a while, and what begins the document *here* anew.

    A queue begins its waiting document anew by itself.
    """
    if profile.current().queues:
        return (tag("Pause", length=LISTEN),), ()
    return (), (tag("Redirect", words(here)),)


def _expected(minutes: int | None) -> str:
    if not minutes:
        return ""
    longer = minutes > LONGEST_TOLD
    return (LONGER if longer else EXPECTED).format(minutes=min(minutes, LONGEST_TOLD))


def leave() -> str:
    """Let a caller who waits no longer go where a message is taken."""
    return document(tag("Leave")) if profile.current().queues else take_message()


def held(call_id: int) -> str:
    """Tell a caller on hold that they are not forgotten, again and again."""
    here = f"/phone/held/{call_id}"
    again = tag("Redirect", words(here))
    if profile.current().conferences:
        return document(say(HELD), tag("Pause", length=LISTEN), again)
    return document(tag("Gather", say(HELD), action=here, timeout=LISTEN), again)


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
    """Lead a caller who has spoken with somebody to where we part."""
    return document(tag("Redirect", words("/phone/farewell")))


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


def enter(
    order: int,
    call_id: int,
    label: str,
    *,
    greeting: str | None = None,
    muted: bool = False,
    coach: str | None = None,
) -> str:
    """Bring a line that was taken up into the room of a call, under a *label*.

    *greeting* is said first; *coach* is the leg of the one who alone hears this one.
    """
    noun = tag(
        "Conference",
        words(room_of(call_id)),
        participantLabel=label,
        muted=muted or None,
        coach=coach,
        **_room(call_id),
    )
    spoken = (say(greeting),) if greeting else ()
    return document(*spoken, tag("Dial", noun, action=f"/phone/desk/{order}/done"))


def meet(
    order: int,
    call_id: int,
    *,
    words_to: str | None,
    recorded: bool,
    greeting: str | None = None,
) -> str:
    """Bring the caller into the room; it ends when they go.

    *words_to*, an address, hears what they say; *greeting* is said first.
    """
    transcription = tag(
        "Transcription",
        statusCallbackUrl=words_to,
        languageCode=TRANSCRIBED,
        track="inbound_track",
    )
    listening = (tag("Start", transcription),) if words_to else ()
    noun = tag(
        "Conference",
        words(room_of(call_id)),
        participantLabel="caller",
        endConferenceOnExit=True,
        **_recording(order, "record-from-start", recorded=recorded),
        **_room(call_id),
    )
    action = f"/phone/meet/{order}/done"
    dial = tag("Dial", noun, action=action, timeLimit=LONGEST_CALL)
    return document(*([say(greeting)] if greeting else []), *listening, dial)


def _recording(order: int, since: str, *, recorded: bool) -> dict[str, str]:
    if not recorded:
        return {}
    return {"record": since, "recordingStatusCallback": f"/phone/recording/{order}"}


def _room(call_id: int) -> dict[str, str | bool]:
    """Return what everybody says of the room: the first one's settings count for all."""
    return {
        "beep": False,
        "startConferenceOnEnter": True,
        "waitUrl": "",
        "statusCallback": f"/phone/conference/{call_id}",
        "statusCallbackEvent": ROOM_EVENTS,
    }


def to_telephone(order: int, number: str, *, recorded: bool) -> str:
    """Connect a caller with an operator's telephone, where there are no conferences."""
    noun = tag("Number", words(number), url=f"/phone/announce/{order}")
    dial = tag(
        "Dial",
        noun,
        action=f"/phone/operator/{order}/done",
        timeout=RING,
        timeLimit=LONGEST_CALL,
        **_recording(order, "record-from-answer", recorded=recorded),
    )
    return document(dial)


def to_worker(order: int, number: str, *, recorded: bool) -> str:
    """Connect an operator's telephone with a worker, where there are no conferences."""
    noun = tag("Number", words(number), url=f"/phone/connect/{order}/answered")
    dial = tag(
        "Dial",
        noun,
        action=f"/phone/connect/{order}/done",
        timeout=RING,
        timeLimit=LONGEST_CALL,
        **_recording(order, "record-from-answer", recorded=recorded),
    )
    return document(say(CALLING), dial)


def called_back() -> str:
    """Tell a worker who calls, and that it is recorded."""
    return document(say(CALLED_BACK))


def announce() -> str:
    """Tell an operator who took up the telephone what comes."""
    return document(say(INCOMING))


def too_late() -> str:
    """Tell an operator that the caller is gone."""
    return document(say(TOO_LATE), tag("Hangup"))
