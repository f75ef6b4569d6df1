"""The public's telephones: what reached them, and whether they are answered."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.simcall import SimCall


@dataclass(frozen=True)
class Sms:
    """One SMS that reached a phone: a line of the ledger."""

    at: dt.datetime
    sid: str
    from_: str
    to: str
    body: str
    status_callback: str


@dataclass(eq=False)
class Phone:
    """A telephone, or the browser of an operator (`client:…`).

    `answers` says whether somebody picks up, `answers_after` how many seconds of
    ringing that takes. A phone that is not answered may have a `voicemail`, which
    picks up after 20 seconds. What the person who picks up says and presses stands
    in `says` and `presses` (see `Script`). An unreachable phone gets no SMS.
    """

    number: str
    answers: bool = True
    answers_after: float = 2.0
    busy: bool = False
    voicemail: bool = False
    reachable: bool = True
    landline: bool = False
    opted_out: bool = False
    says: list[str] = field(default_factory=list)
    presses: Mapping[str | int, str] = field(default_factory=dict)
    hangs_up_after: float | None = None
    on_text: Callable[["Phone", Sms], None] | None = None
    received: list[Sms] = field(default_factory=list)
    calls: list["SimCall"] = field(default_factory=list)

    @property
    def inbox(self) -> list[str]:
        """The texts that reached this phone, oldest first."""
        return [sms.body for sms in self.received]


class PhoneBook(dict[str, Phone]):
    """Every phone by its number; a number nobody mentioned yet has one too.

    `newcomer` sees each phone before it is first used.
    """

    newcomer: Callable[[Phone], None] | None = None

    def __missing__(self, number: str) -> Phone:
        # An operator's browser rings only when the operator has clicked.
        phone = Phone(number, answers_after=0.0 if number.startswith("client:") else 2.0)
        if self.newcomer:
            self.newcomer(phone)
        self[number] = phone
        return phone
