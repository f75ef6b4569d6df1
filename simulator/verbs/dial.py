"""Dial: connecting the call with telephones, browsers, a queue or a conference."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final
from xml.etree.ElementTree import Element

from simulator import conferences, lifecycle, progress, queues, recordings
from simulator.bridge import Bridge, Side
from simulator.interpreter import Run, verb, whisper
from simulator.leg import HANGUP, Activity, Callback, Leg, Stage
from simulator.verbs.enqueue import Waiting

_TIMEOUT: Final = "30"
_TIME_LIMIT: Final = "14400"


@verb("Dial")
def dial(run: Run, element: Element) -> bool:
    """Connect the call with what stands inside."""
    if element.get("answerOnBridge") != "true":
        run.answer()
    nouns = {noun.tag: noun for noun in element}
    activity: FromQueue | conferences.Taking | Dialling
    if "Queue" in nouns:
        activity = FromQueue(run, element, nouns["Queue"])
    elif "Conference" in nouns:
        activity = conferences.Taking(
            run, nouns["Conference"], partial(_conference_over, run, element)
        )
    else:
        activity = Dialling(run, element)
    run.act(activity)
    activity.begin()
    return False


@dataclass
class Result:
    """How a Dial ended, as its action is told."""

    status: str
    child: Leg | None = None
    seconds: int | None = None
    bridged: bool = False
    recording: recordings.Recording | None = None

    def parameters(self, run: Run) -> dict[str, str]:
        """Return the parameters of the action request."""
        params = {"DialCallStatus": self.status, "DialBridged": str(self.bridged).lower()}
        if self.child:
            params["DialCallSid"] = self.child.sid
        if self.seconds is not None:
            params["DialCallDuration"] = str(self.seconds)
        if self.recording:
            params["RecordingUrl"] = recordings.address(run.exchange, self.recording.sid)
            params["RecordingSid"] = self.recording.sid
            params["RecordingDuration"] = str(self.recording.seconds)
        return params


def report(run: Run, element: Element, result: Result) -> None:
    """Go on after a Dial: with its action, or with the verb that follows."""
    kind = f"voice.dial.action.{result.status}"
    if element.get("action"):
        run.follow(run.target(element), kind, result.parameters(run))
    else:
        run.proceed()


def report_gone(run: Run, element: Element, result: Result) -> None:
    """Tell the action of a Dial whose caller has hung up; its answer changes nothing."""
    if element.get("action"):
        params = progress.standard(run.exchange, run.leg) | result.parameters(run)
        kind = f"voice.dial.action.{result.status}"
        run.exchange.post.send(kind, run.target(element), params)


def _conference_over(run: Run, element: Element) -> None:
    report(run, element, Result("answered", bridged=True))


def connect(
    run: Run, element: Element, child: Leg, other: Callable[[], Side] | None = None
) -> None:
    """Bridge the leg of *run* with *child*; the Dial ends when either goes."""
    run.answer()
    recording = _recorded(run, element)
    bridge: Bridge

    def result() -> Result:
        if recording:
            recordings.complete(run.exchange, recording)
        return Result("completed", child, bridge.seconds, bridged=True, recording=recording)

    def gone(why: str) -> None:
        if why == HANGUP:
            report_gone(run, element, result())
        elif recording:
            recordings.complete(run.exchange, recording)

    mine = Side(run.leg, lambda: report(run, element, result()), gone)
    theirs = other() if other else _child_side(run, child)
    bridge = Bridge(run.exchange, mine, theirs, float(element.get("timeLimit", _TIME_LIMIT)))


def _child_side(run: Run, child: Leg) -> Side:
    over = partial(lifecycle.finish, run.exchange, child, reason="other side hung up")
    return Side(child, over, lambda _why: None)


def _recorded(run: Run, element: Element) -> recordings.Recording | None:
    how = element.get("record", "do-not-record")
    if how in ("do-not-record", "false"):
        return None
    url = element.get("recordingStatusCallback")
    return recordings.begin(
        run.exchange,
        run.leg,
        "DialVerb",
        callback=run.target(element, "recordingStatusCallback", "recordingStatusCallbackMethod")
        if url
        else None,
        events=element.get("recordingStatusCallbackEvent", ""),
        channels=2 if how.endswith("dual") else 1,
    )


class Dialling(Activity):
    """Telephones ring; the first who answers is connected, the others stop."""

    name = "dialling"

    def __init__(self, run: Run, element: Element) -> None:
        self._run = run
        self._element = element
        self._children: list[Leg] = []
        self._failures: list[str] = []
        self._answered: Leg | None = None
        self._open = True

    def begin(self) -> None:
        """Ring everybody at once."""
        nouns = [n for n in self._element if n.tag in ("Number", "Client", "Sip")]
        seconds = float(self._element.get("timeout", _TIMEOUT))
        calls = [(_child(self._run, self._element, noun), noun) for noun in nouns]
        if not nouns and (self._element.text or "").strip():
            calls = [(_child(self._run, self._element, self._element), self._element)]
        self._children = [child for child, _ in calls]
        patience = self._run.leg.script.patience
        if patience is not None:
            self._run.exchange.agenda.after(patience, self._lose_patience)
        for child, noun in calls:
            picked_up = partial(self._picked_up, child, noun)
            silent = partial(self._silent, child)
            lifecycle.ring(self._run.exchange, child, seconds, picked_up, silent)
        if not calls:
            self._over(Result("failed"))

    def leave(self, why: str) -> None:
        """Stop ringing; the caller is gone."""
        self._open = False
        status = "completed" if self._answered else "canceled"
        self._cancel_ringing(keep=None)
        if why == HANGUP:
            child = self._answered or next(iter(self._children), None)
            report_gone(self._run, self._element, Result(status, child))

    def _picked_up(self, child: Leg, noun: Element) -> None:
        self._answered = child
        self._cancel_ringing(keep=child)
        url = noun.get("url") if noun is not self._element else None
        if url is None:
            self._connect(child)
            return
        stage = child.activity = Whispering(self)
        connected = partial(self._connect, child)
        run = whisper(self._run.exchange, child, child.control, connected, stage)
        target = self._run.target(noun, "url")
        run.follow(target, f"voice.{noun.tag.lower()}.url")

    def _connect(self, child: Leg) -> None:
        if self._open and self._run.rest_from(self):
            connect(self._run, self._element, child)

    def declined(self) -> None:
        """Go on without the one who picked up: they hung up before being connected."""
        child = self._answered
        seconds = child.seconds if child else 0
        self._over(Result("completed", child, seconds))

    def _silent(self, child: Leg, status: str) -> None:
        lifecycle.finish(self._run.exchange, child, status, reason=status)
        self._failures.append(status)
        if len(self._failures) == len(self._children):
            self._over(Result(self._failures[-1], child if status != "failed" else None))

    def _over(self, result: Result) -> None:
        if self._open and self._run.rest_from(self):
            report(self._run, self._element, result)

    def _cancel_ringing(self, keep: Leg | None) -> None:
        for child in self._children:
            if child is not keep:
                status = "completed" if child.answered_at else "canceled"
                lifecycle.finish(self._run.exchange, child, status, reason="no longer wanted")

    def _lose_patience(self) -> None:
        if self._run.leg.activity is self:
            leg = self._run.leg
            status = "completed" if leg.answered_at else "no-answer"
            lifecycle.finish(self._run.exchange, leg, status, reason="lost patience")


class Whispering(Stage):
    """Somebody picked up and listens to a word before being connected."""

    name = "listening"

    def __init__(self, dialling: Dialling) -> None:
        super().__init__()
        self._dialling = dialling

    def leave(self, why: str) -> None:
        """Decline."""
        self.clear()
        self._dialling.declined()


def _child(run: Run, element: Element, noun: Element) -> Leg:
    """Return a new leg to what *noun* names."""
    identity = noun.findtext("Identity") or noun.text or ""
    to = f"client:{identity.strip()}" if noun.tag == "Client" else identity.strip()
    caller = element.get("callerId") or run.leg.from_
    child = lifecycle.open_leg(run.exchange, caller, to, "outbound-dial", run.leg)
    if noun is not element and noun.get("statusCallback"):
        target = run.target(noun, "statusCallback", "statusCallbackMethod")
        events = frozenset(noun.get("statusCallbackEvent", "completed").split())
        child.callback = Callback(target, events)
    return child


class FromQueue(Activity):
    """An operator's call takes the first caller of a queue, or waits for one."""

    name = "dialling"

    def __init__(self, run: Run, element: Element, noun: Element) -> None:
        self._run = run
        self._element = element
        self._noun = noun
        self._queue = queues.named(run.exchange, (noun.text or "").strip())
        self._timer = run.exchange.agenda.after(
            float(element.get("timeout", _TIMEOUT)), self._nobody
        )
        self._waiting: Waiting | None = None

    def begin(self) -> None:
        """Take the caller who waits longest."""
        if self._queue.members:
            self._take(self._queue.members[0])
        else:
            self._queue.takers.append(self._take)

    def leave(self, why: str) -> None:
        """Stop waiting for a caller; one already taken loses the connection."""
        self._stop()
        if why == HANGUP:
            status = "canceled" if self._waiting is None else "completed"
            report_gone(self._run, self._element, Result(status))
        if self._waiting and not self._waiting.leg.ended:
            self._waiting.release()

    def _take(self, waiting: Waiting) -> None:
        self._stop()
        self._waiting = waiting
        waiting.take()
        url = self._run.target(self._noun, "url") if self._noun.get("url") else None
        connected = partial(self._connect, waiting)
        waiting.introduce(url, self._run.leg, connected, self._caller_gone)

    def _caller_gone(self) -> None:
        if self._run.rest_from(self):
            report(self._run, self._element, Result("completed"))

    def _connect(self, waiting: Waiting) -> None:
        if waiting.leg.ended or not self._run.rest_from(self):
            return
        connect(self._run, self._element, waiting.leg, waiting.side)

    def _nobody(self) -> None:
        self._stop()
        if self._run.rest_from(self):
            report(self._run, self._element, Result("no-answer"))

    def _stop(self) -> None:
        self._timer.cancel()
        if self._take in self._queue.takers:
            self._queue.takers.remove(self._take)
