"""The simulated carrier: the whole of it behind one object."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

import simulator.verbs  # noqa: F401 - makes the verbs known to the interpreter
from simulator import calls, inbound_sms, rest
from simulator.clock import Clock, VirtualClock
from simulator.exchange import Account, Exchange, Line
from simulator.faults import Faults
from simulator.inbound_sms import SimMessage
from simulator.journal import Journal
from simulator.phones import Phone, Sms
from simulator.rest.request import Request, Response, Wsgi
from simulator.script import Pace, Script
from simulator.sids import Sids
from simulator.simcall import SimCall
from simulator.webhook import Target, Transport

NUMBER: Final = "+8647112351"


class Carrier:
    """A carrier with one customer, and everybody who has a telephone.

    With a `VirtualClock` nothing happens by itself: `call`, `text` and what one does
    with a call run everything due at that moment, `advance` runs what comes later.
    What the REST API sets off waits for the next of these, so that no webhook meets
    the hotline in the middle of its own request. With a `RealClock` some thread has
    to call `run_due` again and again.

    Args:
        clock: Virtual in tests, real in the demo.
        account_sid: The only account.
        auth_token: Signs the webhooks and opens the API.
        number: The hotline's number.
        app_url: The hotline's public address, without a slash at its end.
        transport: Sends one webhook and returns the answer.
        faults: What goes wrong; nothing by default.
        seed: Makes identifiers repeatable.
        api_key: A second name that opens the API, with `api_secret`.
        pace: How long announcements and people take.
        journal_limit: How many webhooks a long-running carrier remembers.
        basic: Know the least that carriers share: no queues, conferences or browsers.
    """

    def __init__(
        self,
        clock: Clock,
        account_sid: str,
        auth_token: str,
        app_url: str,
        transport: Transport,
        *,
        number: str = NUMBER,
        faults: Faults | None = None,
        seed: int = 0,
        api_key: str | None = None,
        api_secret: str | None = None,
        pace: Pace | None = None,
        journal_limit: int | None = None,
        basic: bool = False,
    ) -> None:
        sids = Sids(seed)
        self.exchange = Exchange(
            clock=clock,
            account=Account(account_sid, auth_token, api_key, api_secret),
            line=_line(sids.new("PN"), number, app_url.rstrip("/")),
            app_url=app_url.rstrip("/"),
            transport=transport,
            faults=faults or Faults(seed=seed),
            sids=sids,
            pace=pace or Pace(),
            journal=Journal(journal_limit),
            basic=basic,
        )
        self.wsgi = Wsgi(self.exchange)
        self._sms_tokens: dict[str, str] = {}

    @property
    def clock(self) -> Clock:
        """The clock everything follows."""
        return self.exchange.clock

    @property
    def faults(self) -> Faults:
        """What goes wrong, and how often it did."""
        return self.exchange.faults

    @property
    def journal(self) -> Journal:
        """Every webhook with its answer."""
        return self.exchange.journal

    @property
    def ledger(self) -> list[Sms]:
        """Every SMS that reached a phone, in order: the truth."""
        return self.exchange.ledger

    def phone(self, number: str) -> Phone:
        """Return the phone with *number*, or the operator's browser `client:…`."""
        return self.exchange.phones[number]

    def call(
        self,
        from_: str,
        *,
        says: Sequence[str] = (),
        presses: Mapping[str | int, str] | None = None,
        patience: float | None = 60.0,
        hangs_up_after: float | None = None,
        stays: float | None = None,
    ) -> SimCall:
        """Let *from_* (a number, or `anonymous`) call the hotline.

        The call runs at once as far as it can without time passing. The other
        arguments are the caller's `Script`.
        """
        script = Script(list(says), presses or {}, patience, hangs_up_after, stays)
        with self.exchange.turn:
            call = calls.arrive(self.exchange, from_, script)
        self.exchange.pump()
        return call

    def text(self, from_: str, body: str, *, sid: str | None = None) -> SimMessage:
        """Let *from_* send *body* to the hotline; the same *sid* again is a repetition."""
        with self.exchange.turn:
            sms = inbound_sms.receive(self.exchange, from_, body, sid, self._sms_tokens)
        self.exchange.pump()
        return sms

    def rest(
        self,
        method: str,
        url: str,
        params: Mapping[str, object] | None = None,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
    ) -> tuple[int, str]:
        """Answer one request to the REST API with its status and body.

        Raises:
            ConnectionResetError: By a fault the answer was lost; the request was obeyed.
            TimeoutError: By a fault the request was neither obeyed nor answered.
        """
        response = self.respond(Request.of(method, url, params, data, auth))
        return response.status, response.text

    def respond(self, request: Request) -> Response:
        """Answer one request to the REST API."""
        with self.exchange.turn:
            return rest.respond(self.exchange, request)

    def advance(self, seconds: float = 0.0) -> None:
        """Let *seconds* pass, with everything that happens meanwhile in its order."""
        clock = self.clock
        if not isinstance(clock, VirtualClock):
            raise TypeError("Only a virtual clock can be advanced.")
        until = clock.now() + dt.timedelta(seconds=seconds)
        self.exchange.pump()
        while (due := self.exchange.agenda.next_at()) is not None and due <= until:
            clock.move_to(due)
            self.exchange.pump()
        clock.move_to(until)

    def run_due(self) -> int:
        """Do everything due now and return how many things that was."""
        return self.exchange.pump()


def _line(sid: str, number: str, app_url: str) -> Line:
    return Line(
        sid,
        number,
        voice=Target(f"{app_url}/phone/voice"),
        voice_fallback=Target(f"{app_url}/phone/voice/fallback"),
        status=Target(f"{app_url}/phone/status"),
        sms=Target(f"{app_url}/phone/sms"),
    )
