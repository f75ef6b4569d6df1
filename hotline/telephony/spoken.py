"""What a caller, and an operator who picks up, hear: the documents of the voice routes.

Every caller is told of the recording before anything is recorded. The words are in
`prompts`, by name.
https://www.twilio.com/docs/voice/twiml
"""

from typing import Final

from hotline.telephony import profile
from hotline.telephony.prompts import DEFAULT, speak
from hotline.telephony.twiml import Xml, document, tag, words

LEAVE_A_MESSAGE: Final = "1"
CALL_ME_BACK: Final = "2"
MY_MATTER: Final = "3"
LANGUAGES: Final = {"9": "mn", "8": "en"}  # by the key that chooses each
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


def room_of(call_id: int) -> str:
    """Return the name of the conference in which one call is spoken."""
    return f"call-{call_id}"


def greet(sid: str) -> str:
    """Welcome a caller, tell of the recording, and let them wait.

    The one key there is chooses a language, and silence goes on at once: no menu stands
    before a person (GB/T 33358).
    """
    asked = tag(
        "Gather",
        speak("greeting"),
        speak("english", "en"),
        action="/phone/language",
        numDigits=1,
        timeout=1,
    )
    return document(asked, _wait(sid))


def wait_again(sid: str) -> str:
    """Put a caller back into the queue: nobody came to the line."""
    return document(_wait(sid))


def wait_on(sid: str, language: str = DEFAULT) -> str:
    """Apologise to a caller who was cut off, and let them wait."""
    return document(speak("line_lost", language), _wait(sid))


def _wait(sid: str) -> Xml:
    """Let a caller wait: in a queue, or in a loop of the waiting document."""
    if not profile.current().queues:
        return tag("Redirect", words("/phone/wait"))
    queue = words(queue_of(sid))
    return tag("Enqueue", queue, action="/phone/queue", waitUrl="/phone/wait")


def closed() -> str:
    """Tell that nobody is here now, and take a message."""
    return document(speak("closed"), *_record("/phone/voicemail"))


def waiting(ahead: int, minutes: int | None = None, language: str = DEFAULT) -> str:
    """Tell a caller how many are before them and what they may choose, then be quiet.

    *minutes* is how long they will still wait; where nobody can say it is not spoken of.
    """
    first = speak("position", language, ahead=str(ahead)) if ahead else speak("next", language)
    place = (first, *_expected(minutes, language))
    quiet, again = _quiet("/phone/wait")
    asked = tag(
        "Gather",
        *place,
        speak("choices", language),
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


def _expected(minutes: int | None, language: str) -> tuple[Xml, ...]:
    if not minutes:
        return ()
    name = "longer" if minutes > LONGEST_TOLD else "expected"
    return (speak(name, language, minutes=str(min(minutes, LONGEST_TOLD))),)


def leave(language: str = DEFAULT) -> str:
    """Let a caller who waits no longer go where a message is taken."""
    return document(tag("Leave")) if profile.current().queues else take_message(language)


def held(call_id: int) -> str:
    """Tell a caller on hold that they are not forgotten, again and again."""
    here = f"/phone/held/{call_id}"
    again = tag("Redirect", words(here))
    if profile.current().conferences:
        return document(speak("held"), tag("Pause", length=LISTEN), again)
    return document(tag("Gather", speak("held"), action=here, timeout=LISTEN), again)


def listen_on() -> str:
    """Go back to waiting after a key that means nothing."""
    return document(tag("Redirect", words("/phone/wait")))


def will_call(language: str = DEFAULT) -> str:
    """Promise to call back, and end."""
    return document(speak("will_call", language), tag("Hangup"))


def take_message(language: str = DEFAULT) -> str:
    """Ask a caller who waited in vain for a message."""
    return document(speak("leave_word", language), *_record("/phone/voicemail"))


def message_taken(language: str = DEFAULT) -> str:
    """Thank for a message, and end."""
    return document(speak("taken", language), tag("Hangup"))


def farewell() -> str:
    """Lead a caller who has spoken with somebody to where we part."""
    return document(tag("Redirect", words("/phone/farewell")))


def hang_up() -> str:
    """End the call without a word."""
    return document(tag("Hangup"))


def apologise() -> str:
    """Take a message while nothing else of ours works; its action is the fallback again."""
    return document(speak("apology"), *_record("/phone/voice/fallback", callback=None))


def sorry() -> str:
    """Say that it does not work, in a document that is well formed even so."""
    return document(speak("sorry"), tag("Hangup"))


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

    *greeting*, a prompt, is said first; *coach* is the leg of the one who alone hears this one.
    """
    noun = tag(
        "Conference",
        words(room_of(call_id)),
        participantLabel=label,
        muted=muted or None,
        coach=coach,
        **_room(call_id),
    )
    spoken = (speak(greeting),) if greeting else ()
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

    *words_to*, an address, hears what they say; *greeting*, a prompt, is said first.
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
    return document(*([speak(greeting)] if greeting else []), *listening, dial)


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
    return document(speak("calling"), dial)


def called_back() -> str:
    """Tell a worker who calls, and that it is recorded."""
    return document(speak("called_back"))


def announce() -> str:
    """Tell an operator who took up the telephone what comes."""
    return document(speak("incoming"))


def too_late() -> str:
    """Tell an operator that the caller is gone."""
    return document(speak("too_late"), tag("Hangup"))
