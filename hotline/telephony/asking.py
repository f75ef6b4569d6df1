"""What a caller is asked to press, and what they hear of it: one document a step.

Only what every carrier knows is used: Gather, Say, Play, Redirect, Hangup. So they work
in a waiting caller's queue and in their loop alike.
https://www.twilio.com/docs/voice/twiml/gather
"""

from typing import Final

from hotline.telephony.prompts import speak
from hotline.telephony.twiml import Xml, document, tag, words

TIME_TO_PRESS: Final = 8  # seconds between two keys
WAITING: Final = "/phone/wait"


def for_matter() -> str:
    """Lead a waiting caller to where they ask after a matter."""
    return document(_go("/phone/matter"))


def for_number(go: int, language: str, *, wrong: bool = False) -> str:
    """Ask for a ticket's number, for the *go*-th time; silence leads back to waiting."""
    said = (speak("matter_wrong", language),) if wrong else ()
    asked = (*said, speak("matter_number", language))
    return document(_gather(f"/phone/matter/{go}", *asked, key="#"), _go(WAITING))


def for_pin(go: int, number: str, language: str) -> str:
    """Ask for the PIN of the ticket whose digits are *number*."""
    asked = speak("matter_pin", language)
    return document(_gather(f"/phone/pin/{number}/{go}", asked, digits=4), _go(WAITING))


def refused(language: str) -> str:
    """Refuse further tries, and let the caller wait on."""
    return document(speak("matter_refused", language), _go(WAITING))


def told(state: str, due: str | None, language: str) -> str:
    """Tell how a matter stands and what was promised; then note that all of it was heard."""
    promised = (speak("matter_due", language, due=due),) if due else ()
    ending = speak("matter_heard", language)
    return document(speak(f"matter_{state}", language), *promised, ending, _go("/phone/heard"))


def wait_on() -> str:
    """Let the caller wait on, in the place they have."""
    return document(_go(WAITING))


def for_score(survey: int, number: str, language: str, *, first: str | None = None) -> str:
    """Ask for a score of 1 to 5; *first* is said before."""
    said = (speak(first, language),) if first else ()
    asked = _gather(
        f"/phone/score/{survey}", *said, speak("score", language, number=number), digits=1
    )
    return document(asked, _go(f"/phone/score/{survey}"))


def for_score_again(survey: int, language: str) -> str:
    """Ask once more after a wrong key or none."""
    asked = _gather(f"/phone/score/{survey}/again", speak("score_again", language), digits=1)
    return document(asked, _go(f"/phone/score/{survey}/again"))


def alone() -> str:
    """Part from a worker whom we called and who has nobody to speak with."""
    return document(speak("alone"), tag("Hangup"))


def goodbye(language: str, *, scored: bool = False) -> str:
    """Part from a caller, with thanks for a score."""
    return document(speak("score_taken" if scored else "farewell", language), tag("Hangup"))


def _gather(action: str, *asked: Xml, digits: int | None = None, key: str | None = None) -> Xml:
    return tag(
        "Gather",
        *asked,
        action=action,
        numDigits=digits,
        finishOnKey=key,
        timeout=TIME_TO_PRESS,
    )


def _go(to: str) -> Xml:
    return tag("Redirect", words(to))
