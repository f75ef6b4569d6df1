"""What the carrier calls us for, route by route: the form becomes a sign, the sign an answer.

An event is taken once: its key and its answer are entered in the transaction of its
effect, and whoever tells it again gets the same answer. Two routes need no entry: the
call's own row is that of `voice`, and `wait` is asked again and again and only looks.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from hotline.calls import meeting, outbound, policy, queries, rooms, service, signs
from hotline.calls.models import Call
from hotline.calls.queries import language_of
from hotline.calls.signs import Next
from hotline.calls.states import CallState
from hotline.core import inbox
from hotline.staff.presence import Line
from hotline.telephony import asking, spoken
from hotline.telephony.port import InboundCall
from hotline.telephony.progress import (
    DialEnd,
    Progress,
    QueueEnd,
    Recording,
    RoomEvent,
    Spoken,
)

#: What tells two events of one route apart; a carrier may add other parameters at will.
TELLING: Final = (
    "Digits",
    "QueueResult",
    "QueueTime",
    "RecordingSid",
    "DialCallStatus",
    "DialCallSid",
    "TranscriptionSid",
    "SequenceId",
    "ErrorCode",
    "CallStatus",
    "ConferenceSid",
    "StatusCallbackEvent",
    "Timestamp",
)


@dataclass(frozen=True)
class Told:
    """One form that the carrier sent to one of our routes.

    Attributes:
        route: The route's name in `ROUTES`.
        form: Its first value of each name.
        at: When it came.
        about: The order or call that the address names; 0 for none.
        base: The public address that documents point to.
    """

    route: str
    form: Mapping[str, str]
    at: dt.datetime
    about: int = 0
    base: str = ""

    @property
    def call(self) -> InboundCall:
        """The call as the form describes it."""
        return InboundCall.from_form(self.form)

    @property
    def sid(self) -> str:
        """The carrier's id of the leg that asks."""
        return self.form.get("CallSid", "")

    @property
    def fingerprint(self) -> str:
        """The hash of all that was told."""
        return hashlib.sha256(json.dumps(sorted(self.form.items())).encode()).hexdigest()

    @property
    def key(self) -> str:
        """Under which name the event is entered (reliability, section 4.1)."""
        if "RecordingStatus" in self.form:
            return f"rec:{self.form.get('RecordingSid')}:{self.form['RecordingStatus']}"
        if self.form.get("SequenceNumber") and self.route == "conference":
            return f"conf:{self.form.get('ConferenceSid')}:{self.form['SequenceNumber']}"
        if self.route in {"status", "leg", "callee_status", "connect_status"}:
            number = self.form.get("SequenceNumber") or ""
            return f"call.st:{self.sid}:{number}:{self.form.get('CallStatus')}"
        stable = json.dumps([self.form.get(name) for name in TELLING])
        digest = hashlib.sha256(stable.encode()).hexdigest()[:32]
        return f"call:{self.sid}:{self.route}:{self.about}:{digest}"


Answer = str | None
Route = Callable[[Session, Told], Answer]

#: What a caller hears next, by the carrier's id of the call; few ask for the language chosen.
NEXT: Final[dict[Next, Callable[[Session, str], Answer]]] = {
    Next.GREETING: lambda _, sid: spoken.greet(sid),
    Next.CLOSED: lambda _, __: spoken.closed(),
    Next.TAKE_MESSAGE: lambda session, sid: spoken.take_message(language_of(session, sid)),
    Next.FAREWELL: lambda _, __: spoken.farewell(),
    Next.WAIT: lambda _, sid: spoken.wait_again(sid),
    Next.WAIT_ON: lambda session, sid: spoken.wait_on(sid, language_of(session, sid)),
    Next.NOTHING: lambda _, __: spoken.hang_up(),
}


def take(session: Session, told: Told) -> Answer:
    """Take one event and return its answer: a document, or None where none is wanted."""
    if told.route in LOOKING:
        return ROUTES[told.route](session, told)
    entered = inbox.seen(session, told.key, told.fingerprint)
    if entered is not None:
        return entered.answer
    answer = ROUTES[told.route](session, told)
    inbox.enter(session, told.key, told.fingerprint, answer=answer, now=told.at)
    if told.route in MOVING:
        service.offer_waiting(session, now=told.at)
    return answer


def _voice(session: Session, told: Told) -> Answer:
    return _next(session, told, signs.ring(session, told.call, now=told.at))


def _next(session: Session, told: Told, step: Next) -> Answer:
    return NEXT[step](session, told.sid)


def _language(session: Session, told: Told) -> Answer:
    if language := spoken.LANGUAGES.get(told.form.get("Digits", "")):
        signs.choose_language(session, told.call, language, now=told.at)
    return spoken.wait_again(told.sid)


def _wait(session: Session, told: Told) -> Answer:
    place = signs.wait(session, told.call, now=told.at)
    service.offer_waiting(session, now=told.at)
    if place.enough:
        return spoken.leave(place.language)
    return spoken.waiting(place.ahead, place.minutes, place.language)


def _choice(session: Session, told: Told) -> Answer:
    digits = told.form.get("Digits")
    if digits == spoken.LEAVE_A_MESSAGE:
        signs.stop_waiting(session, told.call, now=told.at)
        return spoken.leave(language_of(session, told.sid))
    if digits == spoken.MY_MATTER:
        return asking.for_matter()
    if digits != spoken.CALL_ME_BACK:
        return spoken.listen_on()
    signs.ask_back(session, told.call, now=told.at)
    return spoken.will_call(language_of(session, told.sid))


def _queue(session: Session, told: Told) -> Answer:
    end = QueueEnd.from_form(told.form)
    return _next(session, told, signs.leave_queue(session, told.call, end, now=told.at))


def _voicemail(session: Session, told: Told) -> Answer:
    recording = Recording.from_form(told.form)
    signs.leave_message(session, told.call, recording, now=told.at)
    return spoken.message_taken(language_of(session, told.sid))


def _fallback(session: Session, told: Told) -> Answer:
    code = told.form.get("ErrorCode", "")
    recording = Recording.from_form(told.form)
    signs.fall_back(session, told.call, code, recording, now=told.at)
    return None


def _status(session: Session, told: Told) -> Answer:
    signs.progress(session, told.call, Progress.from_form(told.form), now=told.at)
    return None


def _message_recorded(session: Session, told: Told) -> Answer:
    call = queries.by_sid(session, told.sid)
    if call is not None:
        heard = InboundCall(told.sid, None, "", "", "")
        signs.leave_message(session, heard, Recording.from_form(told.form), now=told.at)
    return None


def _recording(session: Session, told: Told) -> Answer:
    signs.record(session, told.about, Recording.from_form(told.form), now=told.at)
    return None


def _words(session: Session, told: Told) -> Answer:
    signs.hear(session, told.about, Spoken.from_form(told.form), now=told.at)
    return None


def _desk(session: Session, told: Told) -> Answer:
    found = meeting.pick_up(session, told.about, told.sid, now=told.at)
    return rooms.enter(session, told.about, *found) if found else spoken.too_late()


def _desk_done(session: Session, told: Told) -> Answer:
    meeting.out_of_room(session, told.about, DialEnd.from_form(told.form), now=told.at)
    return spoken.hang_up()


def _meet(session: Session, told: Told) -> Answer:
    call = meeting.meet(session, told.about, now=told.at)
    if call is None:
        return spoken.wait_again(told.sid)
    listened = call.line is Line.SIMULATED
    words_to = f"{told.base}/phone/words/{call.id}" if listened else None
    return spoken.meet(
        told.about, call.id, words_to=words_to, recorded=policy.is_recorded(call.line)
    )


def _conference(session: Session, told: Told) -> Answer:
    meeting.room_event(session, told.about, RoomEvent.from_form(told.form), now=told.at)
    return None


def _requeue(session: Session, told: Told) -> Answer:
    return _next(session, told, meeting.back_in_line(session, told.about, now=told.at))


def _operator(session: Session, told: Told) -> Answer:
    order = meeting.dialled(session, told.about, now=told.at)
    if order is None:
        return spoken.wait_again(told.sid)
    return spoken.to_telephone(
        order.id, order.address or "", recorded=policy.is_recorded(Line.DESK)
    )


def _announce(session: Session, told: Told) -> Answer:
    meeting.announce(session, told.about, now=told.at)
    return spoken.announce()


def _dial_done(session: Session, told: Told) -> Answer:
    end = DialEnd.from_form(told.form)
    return _next(session, told, meeting.hung_up(session, told.about, end, now=told.at))


def _leg(session: Session, told: Told) -> Answer:
    progress = Progress.from_form(told.form)
    meeting.leg_progress(session, told.about, told.sid, progress, now=told.at)
    return None


def _callee(session: Session, told: Told) -> Answer:
    outbound.worker_answered(session, told.about, told.sid, now=told.at)
    call = meeting.meet(session, told.about, now=told.at)
    if call is None:
        return asking.alone()
    recorded = policy.is_recorded(call.line)
    return spoken.meet(
        told.about, call.id, words_to=None, recorded=recorded, greeting="called_back"
    )


def _callee_status(session: Session, told: Told) -> Answer:
    progress = Progress.from_form(told.form)
    outbound.worker_progress(session, told.about, told.sid, progress, now=told.at)
    return None


def _connect(session: Session, told: Told) -> Answer:
    call = outbound.operator_answered(session, told.about, told.sid, now=told.at)
    if call is None:
        return spoken.too_late()
    return spoken.to_worker(told.about, call.raw_from, recorded=policy.is_recorded(Line.DESK))


def _connect_status(session: Session, told: Told) -> Answer:
    progress = Progress.from_form(told.form)
    outbound.operator_progress(session, told.about, told.sid, progress, now=told.at)
    return None


def _connected(session: Session, told: Told) -> Answer:
    outbound.connected(session, told.about, now=told.at)
    return spoken.called_back()


def _connect_done(session: Session, told: Told) -> Answer:
    outbound.parted(session, told.about, DialEnd.from_form(told.form), now=told.at)
    return spoken.hang_up()


ROUTES: Final[dict[str, Route]] = {
    "voice": _voice,
    "language": _language,
    "wait": _wait,
    "choice": _choice,
    "queue": _queue,
    "voicemail": _voicemail,
    "fallback": _fallback,
    "status": _status,
    "recorded": _message_recorded,
    "recording": _recording,
    "words": _words,
    "desk": _desk,
    "desk_done": _desk_done,
    "leg": _leg,
    "meet": _meet,
    "meet_done": _dial_done,
    "conference": _conference,
    "requeue": _requeue,
    "operator": _operator,
    "announce": _announce,
    "operator_done": _dial_done,
    "callee": _callee,
    "callee_status": _callee_status,
    "connect": _connect,
    "connect_status": _connect_status,
    "connected": _connected,
    "connect_done": _connect_done,
}
LOOKING: Final = frozenset({"voice", "wait"})
MOVING: Final = frozenset(
    {
        *("choice", "queue", "status", "leg", "desk_done", "conference"),
        *("meet_done", "requeue", "operator_done"),
        *("callee_status", "connect_status", "connect_done"),
    }
)


def concerned(session: Session, told: Told) -> Call | None:
    """Return the call an event is about once it was answered or is over, for what follows."""
    call = queries.by_sid(session, told.sid)
    decided = call is not None and call.state in {CallState.TALKING, CallState.ENDED}
    return call if decided else None
