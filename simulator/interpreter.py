"""Carrying out the hotline's documents on a leg, verb by verb."""

from collections.abc import Callable
from functools import partial
from typing import Final, Protocol
from xml.etree.ElementTree import Element

from simulator import lifecycle, progress, twiml
from simulator.exchange import Exchange
from simulator.leg import Activity, Leg, Token
from simulator.post import Outcome
from simulator.webhook import Target

#: How many documents in a row may be fetched without any time passing.
_MOST_DOCUMENTS: Final = 25
_APOLOGY: Final = "We are sorry, an application error has occurred. Goodbye."

#: Carries out one verb; returns whether the next verb follows at once.
Handler = Callable[["Run", Element], bool]
_HANDLERS: Final[dict[str, Handler]] = {}


def verb(name: str) -> Callable[[Handler], Handler]:
    """Register the decorated function as what carries out the verb *name*."""

    def register(handler: Handler) -> Handler:
        _HANDLERS[name] = handler
        return handler

    return register


class Host(Protocol):
    """Where a run puts the activity it is in: its leg, or a wait in a queue."""

    activity: Activity | None


class Run:
    """One thread of documents on a leg.

    A call has one main run. While a caller waits in a queue or listens to a whisper,
    a run of its own plays there. A run works only while its token is valid; what
    happens after its last verb is *on_end*, and after a failure *on_error*.
    """

    def __init__(
        self,
        exchange: Exchange,
        leg: Leg,
        token: Token,
        *,
        on_end: Callable[[], None],
        on_error: Callable[[int, str], None],
        host: Host | None = None,
        allowed: frozenset[str] | None = None,
    ) -> None:
        self.exchange = exchange
        self.leg = leg
        self.token = token
        self.host: Host = host or leg
        self.source = Target(exchange.app_url)
        self._on_end = on_end
        self._on_error = on_error
        self._allowed = allowed
        self._verbs: list[Element] = []
        self._next = 0
        self._fetched_at = exchange.clock.now()
        self._fetched = 0

    @property
    def alive(self) -> bool:
        """Whether this run still leads its leg."""
        return self.token.valid and not self.leg.ended

    @property
    def waits(self) -> bool:
        """Whether this run plays to somebody who waits: there, sound takes its time."""
        return self._allowed is not None

    def follow(self, target: Target, kind: str, extra: dict[str, str] | None = None) -> None:
        """Fetch the document at *target* and go on with it."""
        if self._too_many_documents():
            self._on_error(twiml.TOO_MANY_REDIRECTS, target.address)
            return
        params = progress.standard(self.exchange, self.leg) | (extra or {})
        self.exchange.post.send(kind, target, params, partial(self._take_up, target))

    def perform(self, document: twiml.Document) -> None:
        """Go on with *document*."""
        self.source = document.source
        self._verbs = [v for v in document.verbs if not self._allowed or v.tag in self._allowed]
        self._next = 0
        self.proceed()

    def proceed(self) -> None:
        """Carry out the verbs that follow, until one takes time or leads elsewhere."""
        while self.alive:
            if self._next >= len(self._verbs):
                self._on_end()
                return
            element = self._verbs[self._next]
            self._next += 1
            if not _HANDLERS[element.tag](self, element):
                return

    def pause(self, seconds: float) -> bool:
        """Go on after *seconds*; returns True when that is at once."""
        if seconds <= 0:
            return True
        self.exchange.agenda.after(seconds, self.proceed)
        return False

    def act(self, activity: Activity) -> None:
        """Be busy with *activity*."""
        self.host.activity = activity

    def rest_from(self, activity: Activity) -> bool:
        """End *activity*; returns False when the run was led elsewhere meanwhile."""
        if self.host.activity is activity:
            self.host.activity = None
        return self.alive

    @property
    def is_first_verb(self) -> bool:
        """Whether the verb at hand is the first of its document."""
        return self._next == 1

    def answer(self) -> None:
        """Pick up the inbound call, if nothing has done so yet."""
        lifecycle.answer(self.exchange, self.leg)

    def target(self, element: Element, url: str = "action", method: str = "method") -> Target:
        """Return where the attribute *url* of *element* leads; by default to this document."""
        address = element.get(url)
        return self.source.relative(address or self.source.address, element.get(method))

    def start_over(self) -> None:
        """Forget how many documents came in a row."""
        self._fetched = 0

    def _too_many_documents(self) -> bool:
        now = self.exchange.clock.now()
        self._fetched = self._fetched + 1 if now == self._fetched_at else 1
        self._fetched_at = now
        return self._fetched > _MOST_DOCUMENTS

    def _take_up(self, target: Target, outcome: Outcome) -> None:
        if not self.alive:
            return
        if outcome.error is not None or outcome.answer is None:
            self._on_error(outcome.error or twiml.RETRIEVAL_FAILED, target.address)
            return
        try:
            document = twiml.read_voice(outcome.answer, target, basic=self.exchange.basic)
        except twiml.BadDocument as bad:
            outcome.entry.error = bad.code
            outcome.entry.warnings.append(f"{bad.code} {bad}")
            self._on_error(bad.code, target.address)
            return
        outcome.entry.warnings.extend(document.warnings)
        self.perform(document)


def lead(exchange: Exchange, leg: Leg) -> Run:
    """Return a new main run of *leg*, which replaces whatever led it before."""
    token = leg.take_over()
    fallen_back = False

    def end() -> None:
        lifecycle.answer(exchange, leg)
        lifecycle.finish(exchange, leg, reason="hotline hung up")

    def fail(code: int, url: str) -> None:
        nonlocal fallen_back
        if leg.fallback is None or fallen_back:
            leg.heard.append(_APOLOGY)
            lifecycle.finish(exchange, leg, _failed_status(leg), reason="application error")
            return
        fallen_back = True
        extra = {"ErrorCode": str(code), "ErrorUrl": url}
        run.start_over()
        run.follow(leg.fallback, "voice.fallback", extra)

    run = Run(exchange, leg, token, on_end=end, on_error=fail)
    return run


def whisper(
    exchange: Exchange, leg: Leg, token: Token, then: Callable[[], None], host: Host | None = None
) -> Run:
    """Return a run that plays to one side before *then*; its failures are passed over."""
    return Run(exchange, leg, token, on_end=then, on_error=lambda _code, _url: then(), host=host)


def _failed_status(leg: Leg) -> str:
    return "completed" if leg.answered_at else "failed"
