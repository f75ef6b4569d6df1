"""Sending webhooks: signed, retried, redirected, and spoiled by faults."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode, urljoin, urlsplit

from simulator import signing, twiml
from simulator.agenda import Agenda
from simulator.faults import Faults
from simulator.journal import Entry, Journal
from simulator.sids import Sids
from simulator.turn import Turn
from simulator.webhook import CONNECT_FAILED, READ_FAILED, Answer, Target, Transport, Webhook

PATIENCE: Final = 15.0  # seconds the carrier waits for an answer
CONNECT_PATIENCE: Final = 10.0
_MOST_REDIRECTS: Final = 10
_HEADERS: Final = {
    "User-Agent": "TwilioProxy/1.1",
    "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
    "Cache-Control": "max-age=259200",
}
_ACCEPT_DOCUMENT: Final = "text/xml, application/xml, text/html"


@dataclass(frozen=True)
class Outcome:
    """How a webhook ended: with an answer, or with the carrier's error code."""

    answer: Answer | None
    error: int | None
    entry: Entry


@dataclass
class Letter:
    """One webhook on its way, through all its attempts."""

    kind: str
    target: Target
    params: dict[str, str]
    then: Callable[[Outcome], None] | None
    token: str
    voice: bool = True
    document: bool = False
    attempt: int = 1
    redirects: int = 0
    fault: str = ""


@dataclass
class PostOffice:
    """The carrier's way out to the hotline."""

    agenda: Agenda
    sids: Sids
    faults: Faults
    journal: Journal
    turn: Turn
    transport: Transport
    auth_token: str

    def send(
        self,
        kind: str,
        target: Target,
        params: dict[str, str],
        then: Callable[[Outcome], None] | None = None,
        *,
        voice: bool = True,
        token: str | None = None,
    ) -> None:
        """Send a webhook on the next turn; *then* gets the outcome of the last attempt.

        A webhook with *then* asks for a document and is not dropped or held back;
        all others are notices that the carrier does not miss.
        """
        letter = Letter(
            kind, target, params, then, token or self.sids.token(), voice, document=then is not None
        )
        if self.faults.strikes("bad_signature"):
            self._extra(letter, "bad_signature", 0)
        if self.faults.strikes("duplicate"):
            self._extra(letter, "duplicate", self.faults.seconds(2))
        self.agenda.after(self._held_back(letter), partial(self._deliver, letter))

    def send_now(self, kind: str, target: Target, params: dict[str, str]) -> None:
        """Send a notice of messaging before anything else happens."""
        self._deliver(Letter(kind, target, params, None, self.sids.token(), voice=False))

    def _extra(self, letter: Letter, fault: str, seconds: float) -> None:
        copy = Letter(
            letter.kind, letter.target, letter.params, None, letter.token, letter.voice,
            letter.document, fault=fault,
        )  # fmt: skip
        self.agenda.after(seconds, partial(self._deliver, copy))

    def _held_back(self, letter: Letter) -> float:
        if letter.document and letter.voice:
            return 0.0  # a caller is on the line: late is the same as never
        if self.faults.strikes("drop"):
            letter.fault = "drop"
        if self.faults.strikes("delay"):
            return self.faults.seconds(self.faults.delay_seconds)
        return self.faults.seconds(5) if self.faults.strikes("reorder") else 0.0

    def _deliver(self, letter: Letter) -> None:
        webhook = self._webhook(letter)
        entry = self.journal.write(
            Entry(
                self.agenda.now(), letter.kind, webhook.method, webhook.url, letter.params,
                letter.token, letter.attempt, letter.fault,
            )
        )  # fmt: skip
        if letter.fault == "drop":
            return
        answer, failure = self._exchange(webhook, entry)
        if answer is not None and _is_redirect(answer):
            self._follow(letter, answer, entry)
            return
        if failure and self._tries_again(letter, failure):
            return
        waited = {CONNECT_FAILED: CONNECT_PATIENCE, READ_FAILED: PATIENCE}.get(failure or "", 0.0)
        finish = partial(self._finish, letter, Outcome(answer, entry.error, entry))
        if waited:
            self.agenda.after(waited, finish)
        else:
            finish()

    def _exchange(self, webhook: Webhook, entry: Entry) -> tuple[Answer | None, str | None]:
        """Do one HTTP exchange; return its answer and what failed about it."""
        began = time.perf_counter()
        try:
            with self.turn.laid_down():
                answer = self.transport(webhook)
        except TimeoutError:
            entry.error = twiml.RETRIEVAL_FAILED
            return None, READ_FAILED
        except ConnectionError:
            entry.error = twiml.NO_CONNECTION
            return None, CONNECT_FAILED
        finally:
            entry.ms = (time.perf_counter() - began) * 1000
        entry.status, entry.body = answer.status, answer.text
        entry.content_type = answer.header("Content-Type")
        if answer.status >= HTTPStatus.BAD_REQUEST:
            entry.error = twiml.RETRIEVAL_FAILED
            return answer, f"{answer.status // 100}xx"
        return answer, None

    def _webhook(self, letter: Letter) -> Webhook:
        method, url = letter.target.method, letter.target.address
        form = urlencode(letter.params)
        if method == "GET":
            url = f"{url}{'&' if urlsplit(url).query else '?'}{form}" if form else url
        signed = signing.voice_address(url) if letter.voice else url
        params = () if method == "GET" else letter.params.items()
        key = "a forger's guess" if letter.fault == "bad_signature" else self.auth_token
        headers = {
            **_HEADERS,
            "Accept": _ACCEPT_DOCUMENT if letter.document else "*/*",
            "I-Twilio-Idempotency-Token": letter.token,
            "X-Twilio-Signature": signing.signature(key, signed, params),
        }
        return Webhook(method, url, headers, "" if method == "GET" else form)

    def _tries_again(self, letter: Letter, failure: str) -> bool:
        target = letter.target
        if letter.fault or letter.attempt > target.retries or not target.retried_after(failure):
            return False
        letter.attempt += 1
        self.agenda.soon(partial(self._deliver, letter))
        return True

    def _follow(self, letter: Letter, answer: Answer, entry: Entry) -> None:
        letter.redirects += 1
        if letter.redirects > _MOST_REDIRECTS:
            entry.error = twiml.TOO_MANY_REDIRECTS
            self._finish(letter, Outcome(None, entry.error, entry))
            return
        url = urljoin(letter.target.address, answer.header("Location"))
        letter.target = Target(url, letter.target.method)
        self.agenda.soon(partial(self._deliver, letter))

    @staticmethod
    def _finish(letter: Letter, outcome: Outcome) -> None:
        if letter.then:
            letter.then(outcome)
        elif outcome.answer is not None and not letter.fault:
            _judge_notice(outcome)


def _judge_notice(outcome: Outcome) -> None:
    """Complain of an answer to a notice that the carrier would log as an error."""
    entry = outcome.entry
    if entry.status == HTTPStatus.OK and not entry.body and not entry.content_type:
        entry.warnings.append("11200 An empty 200 without Content-Type reads as 502; answer 204.")
    if entry.error == twiml.RETRIEVAL_FAILED:
        entry.warnings.append(f"15003 The callback was answered with {entry.status}.")


def _is_redirect(answer: Answer) -> bool:
    return answer.status in (301, 302, 303, 307, 308) and bool(answer.header("Location"))
