"""Enqueue: waiting in a queue until somebody takes the call."""

from collections.abc import Callable
from typing import Final
from xml.etree.ElementTree import Element

from simulator import grammar, lifecycle, progress, queues
from simulator.bridge import Side
from simulator.interpreter import Run, lead, verb, whisper
from simulator.leg import HANGUP, Leg, Stage, Token
from simulator.webhook import Target

_SHORTEST_LOOP: Final = 1.0  # a wait document that takes no time is not fetched in a whirl


@verb("Enqueue")
def enqueue(run: Run, element: Element) -> bool:
    """Join a queue, unless it is full."""
    run.answer()
    size = element.get("maxQueueSize")
    name = (element.text or "").strip()
    queue = queues.named(run.exchange, name, int(size) if size else None)
    waiting = Waiting(run, element, queue)
    if len(queue.members) >= queue.max_size:
        return waiting.turn_away()
    run.act(waiting)
    waiting.begin()
    return False


class Waiting(Stage):
    """A caller waits in a queue; a run of its own plays to them meanwhile."""

    name = "queued"

    def __init__(self, run: Run, element: Element, queue: queues.Queue) -> None:
        super().__init__()
        self.run = run
        self.queue = queue
        self.since = run.exchange.clock.now()
        self._element = element
        self._token = Token()

    @property
    def leg(self) -> Leg:
        """The caller's leg."""
        return self.run.leg

    @property
    def seconds(self) -> int:
        """How long the caller has waited."""
        return round((self.run.exchange.clock.now() - self.since).total_seconds())

    def begin(self) -> None:
        """Join, and be taken at once if somebody waits for a caller."""
        self.queue.members.append(self)
        if self.queue.takers:
            self.queue.takers.pop(0)(self)
            return
        patience = self.leg.script.patience
        if patience is not None:
            self.run.exchange.agenda.after(patience, self._lose_patience)
        if self._element.get("waitUrl"):
            self._play()

    def turn_away(self) -> bool:
        """Report a full queue; returns whether the next verb follows."""
        return self._report({"QueueResult": "queue-full"})

    def leave(self, why: str) -> None:
        """Go without having been put through."""
        extra = self._gone("hangup" if why == HANGUP else "redirected")
        self._tell(extra)

    def depart(self, result: str) -> None:
        """Leave the queue by the document's own will and go on after it."""
        extra = self._gone(result)
        if self.run.rest_from(self) and self._report(extra):
            self.run.proceed()

    def take(self) -> int:
        """Take the caller out of the queue for somebody; returns the seconds waited."""
        self._gone("bridged")
        return self.seconds

    def side(self) -> Side:
        """Return the caller's side of the conversation that follows the queue."""
        waited = self.leg.queue_time
        result = {"QueueSid": self.queue.sid, "QueueTime": str(waited)}

        def over() -> None:
            if self._report({"QueueResult": "bridged"} | result):
                self.run.proceed()

        def left(why: str) -> None:
            word = "bridged" if why == HANGUP else "redirected-from-bridged"
            self._tell({"QueueResult": word} | result)

        return Side(self.leg, over, left)

    def introduce(
        self,
        target: Target | None,
        taker: Leg,
        then: Callable[[], None],
        gone: Callable[[], None],
    ) -> None:
        """Play the document at *target* to the caller who was just taken.

        Then goes on with *then*, or with *gone* when the caller left while it played.
        """
        stage = self.leg.activity = PutThrough(self, gone)
        if target is None:
            then()
            return
        run = whisper(self.run.exchange, self.leg, stage.token, then, stage)
        run.follow(target, "voice.queue.url", self.dequeued(taker))

    def release(self) -> None:
        """Go on after the queue: whoever took the caller went before the connection stood."""
        stage, self.leg.activity = self.leg.activity, None
        if isinstance(stage, PutThrough):
            stage.silence()
        self.side().over()

    def dequeued(self, taker: Leg | None) -> dict[str, str]:
        """Return the parameters of the document a taken caller hears."""
        extra = {"QueueSid": self.queue.sid, "QueueTime": str(self.leg.queue_time)}
        return extra | ({"DequeingCallSid": taker.sid} if taker else {})

    def redirect(self, target: Target) -> None:
        """Take the caller out of the queue and lead them to *target*."""
        self.leg.leave_activity("redirected")
        lead(self.run.exchange, self.leg).follow(target, "voice.queue.url", self.dequeued(None))

    def _gone(self, result: str) -> dict[str, str]:
        self._token.valid = False
        self.clear()
        waited = self.seconds
        self.leg.queue_time = waited
        if self in self.queue.members:
            self.queue.members.remove(self)
            self.queue.waits.append(waited)
        return {
            "QueueResult": result,
            "QueueSid": self.queue.sid,
            "QueueTime": str(waited),
        }

    def _report(self, extra: dict[str, str]) -> bool:
        if not self._element.get("action"):
            return True
        self.run.follow(self.run.target(self._element), _kind(extra), extra)
        return False

    def _tell(self, extra: dict[str, str]) -> None:
        """Report a result whose answer nobody will carry out."""
        if self._element.get("action"):
            params = progress.standard(self.run.exchange, self.leg) | extra
            self.run.exchange.post.send(_kind(extra), self.run.target(self._element), params)

    def _lose_patience(self) -> None:
        if self.leg.activity is self:
            lifecycle.finish(self.run.exchange, self.leg, reason="lost patience")

    def _play(self) -> None:
        began = self.run.exchange.clock.now()

        def again() -> None:
            elapsed = (self.run.exchange.clock.now() - began).total_seconds()
            self.run.exchange.agenda.after(max(0.0, _SHORTEST_LOOP - elapsed), self._replay)

        inner = Run(
            self.run.exchange,
            self.leg,
            self._token,
            on_end=again,
            on_error=lambda _code, _url: self.depart("error"),
            host=self,
            allowed=grammar.WAITING,
        )
        inner.follow(
            self.run.target(self._element, "waitUrl", "waitUrlMethod"),
            "voice.enqueue.wait",
            self._position(),
        )

    def _replay(self) -> None:
        if self._token.valid:
            self._play()

    def _position(self) -> dict[str, str]:
        return {
            "QueueSid": self.queue.sid,
            "QueuePosition": str(self.queue.members.index(self) + 1),
            "QueueTime": str(self.seconds),
            "AvgQueueTime": str(self.queue.average_wait),
            "CurrentQueueSize": str(len(self.queue.members)),
            "MaxQueueSize": str(self.queue.max_size),
        }


class PutThrough(Stage):
    """A caller has been taken from the queue and is about to be connected."""

    name = "queued"

    def __init__(self, waiting: Waiting, gone: Callable[[], None]) -> None:
        super().__init__()
        self.token = Token()
        self._waiting = waiting
        self._gone = gone

    def silence(self) -> None:
        """Stop what plays."""
        self.token.valid = False
        self.clear()

    def leave(self, why: str) -> None:
        """Go before the connection stood."""
        self.silence()
        self._waiting.side().left(why)
        self._gone()


def _kind(extra: dict[str, str]) -> str:
    return f"voice.enqueue.action.{extra['QueueResult']}"
