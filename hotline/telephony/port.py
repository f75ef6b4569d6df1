"""What the hotline asks of a carrier, and what a carrier tells the hotline."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, Self

from hotline.telephony.numbers import normalise


class OptOut(StrEnum):
    """A word that the carrier itself has recognised and answered."""

    STOP = "STOP"
    START = "START"
    HELP = "HELP"


@dataclass(frozen=True)
class InboundSms:
    """One SMS from the public; `from_` is None when the sender is nobody's number."""

    sid: str
    from_: str | None
    to: str
    body: str
    opt_out_type: OptOut | None = None
    raw_from: str = ""

    @classmethod
    def from_form(cls, form: Mapping[str, str]) -> Self:
        """Read the carrier's form. Pictures are named in brackets after the words."""
        said = form.get("OptOutType", "")
        pictures = form.get("NumMedia", "0")
        attached = f"[彩信附件 {pictures} 个]" if pictures.isdecimal() and pictures != "0" else ""
        return cls(
            sid=form.get("MessageSid") or form.get("SmsSid", ""),
            from_=normalise(form.get("From")),
            to=form.get("To", ""),
            body=f"{form.get('Body', '')} {attached}".strip() if attached else form.get("Body", ""),
            opt_out_type=OptOut(said) if said in set(OptOut) else None,
            raw_from=form.get("From", ""),
        )


@dataclass(frozen=True)
class InboundCall:
    """A call as the carrier describes it; `from_` is None when the caller hides."""

    sid: str
    from_: str | None
    to: str
    status: str
    raw_from: str
    forwarded_from: str | None = None

    @classmethod
    def from_form(cls, form: Mapping[str, str]) -> Self:
        """Read the carrier's form."""
        return cls(
            sid=form.get("CallSid", ""),
            from_=normalise(form.get("From")),
            to=form.get("To", ""),
            status=form.get("CallStatus", ""),
            raw_from=form.get("From", ""),
            forwarded_from=normalise(form.get("ForwardedFrom")),
        )


@dataclass(frozen=True)
class Sent:
    """What the carrier says of an SMS it has taken."""

    sid: str
    segments: int | None


@dataclass(frozen=True)
class CarrierMessage:
    """One SMS in the carrier's own list; *error* is the code of why it did not arrive."""

    sid: str
    to: str
    body: str
    sent_at: dt.datetime | None
    status: str
    from_: str = ""
    error: int | None = None


@dataclass(frozen=True)
class CarrierCall:
    """One call in the carrier's own list.

    *direction* is `inbound`, or begins with `outbound`: `outbound-api` is a call that was
    ordered, any other a leg that a document of ours dialled.
    """

    sid: str
    to: str
    started_at: dt.datetime | None
    status: str
    from_: str = ""
    direction: str = "inbound"
    ended_at: dt.datetime | None = None


@dataclass(frozen=True)
class CarrierRecording:
    """One recording in the carrier's own list: of a call, or of a conference."""

    sid: str
    call_sid: str | None
    conference_sid: str | None
    started_at: dt.datetime | None
    seconds: int
    status: str
    source: str


class CarrierError(Exception):
    """The base of what a carrier may answer instead of doing it."""


class CarrierRefused(CarrierError):
    """The carrier did not take it, and says why by *code*.

    *permanent*: asking again would be refused again. Otherwise it may be asked later.
    """

    def __init__(self, code: int, *, permanent: bool) -> None:
        """Keep the carrier's code."""
        super().__init__(f"refused with {code}")
        self.code = code
        self.permanent = permanent


class CarrierBusy(CarrierError):
    """The carrier did not take it and may take it later; *retry_after* in seconds if known."""

    def __init__(self, retry_after: float | None = None) -> None:
        """Keep when to come back."""
        super().__init__("busy")
        self.retry_after = retry_after


class CarrierUncertain(CarrierError):
    """The carrier may have taken it or not: its answer was lost, or an error of its own.

    *answered*: it did answer, with an error; then it most likely took nothing.
    """

    def __init__(self, what: str, *, answered: bool = False) -> None:
        """Keep what happened."""
        super().__init__(what)
        self.answered = answered


class Carrier(Protocol):
    """What the hotline asks for. Each method may raise the three errors above."""

    def send_sms(self, to: str, body: str, *, status_callback: str, valid_for: int) -> Sent:
        """Hand over one SMS that dies after *valid_for* seconds."""

    def place_call(
        self,
        to: str,
        *,
        url: str,
        status_callback: str,
        timeout: int,
        time_limit: int | None = None,
    ) -> str:
        """Ring *to* for *timeout* seconds, run the document at *url*, return the call's id.

        The carrier ends the call after *time_limit* seconds.
        """

    def redirect_call(self, sid: str, url: str) -> None:
        """Let a live call run the document at *url*."""

    def end_call(self, sid: str) -> None:
        """Hang up."""

    def find_conference(self, name: str) -> str | None:
        """Return the id of the live conference called *name*, None if there is none."""

    def adjust_participant(
        self,
        conference: str,
        sid: str,
        *,
        hold: bool | None = None,
        hold_url: str | None = None,
        muted: bool | None = None,
        coaching: str | None = None,
    ) -> None:
        """Change how the call *sid* takes part in a conference; None leaves a thing as it is.

        *hold_url*: the document that one on hold hears. *coaching*: the call that alone
        hears this one; empty for nobody in particular.
        """

    def list_sms(
        self, since: dt.datetime, until: dt.datetime | None = None, *, to: str | None = None
    ) -> Sequence[CarrierMessage]:
        """List every SMS since a moment, newest first; with *to* those to one number.

        Nothing before *until* is left out; what came later on the same day may be listed.
        """

    def list_calls(
        self, since: dt.datetime, until: dt.datetime | None = None
    ) -> Sequence[CarrierCall]:
        """List every call since a moment, newest first, up to *until* as `list_sms` does."""

    def fetch_call(self, sid: str) -> CarrierCall | None:
        """Return what the carrier says of a call, None if it knows of no such call."""

    def list_recordings(
        self, since: dt.datetime, until: dt.datetime | None = None
    ) -> Sequence[CarrierRecording]:
        """List the recordings that still have their sound, up to *until* as `list_sms` does."""

    def fetch_recording(self, sid: str, *, largest: int) -> Iterator[bytes]:
        """Yield the sound of a recording, a WAV file of at most *largest* bytes, in pieces."""

    def delete_recording(self, sid: str) -> None:
        """Delete the sound of a recording; one that is gone already is no error."""

    def hold_recording(self, sid: str, *, conference: bool, paused: bool) -> None:
        """Record silence in place of a live call or conference from now on, or its sound again."""
