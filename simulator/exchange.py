"""The switchboard's memory: everything the parts of the carrier share."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from simulator.agenda import Agenda
from simulator.clock import Clock
from simulator.faults import Faults
from simulator.journal import Journal
from simulator.phones import PhoneBook, Sms
from simulator.post import PostOffice
from simulator.script import Pace
from simulator.sids import Sids
from simulator.turn import Turn
from simulator.webhook import Target, Transport

if TYPE_CHECKING:
    from simulator.conferences import Conference
    from simulator.leg import Leg
    from simulator.messages import Message
    from simulator.queues import Queue
    from simulator.recordings import Recording


@dataclass
class Line:
    """The hotline's number and where its calls and texts go."""

    sid: str
    number: str
    voice: Target
    voice_fallback: Target | None
    status: Target | None
    sms: Target
    sms_fallback: Target | None = None


@dataclass
class Account:
    """Who may use the API."""

    sid: str
    auth_token: str
    api_key: str | None = None
    api_secret: str | None = None


@dataclass
class Exchange:
    """State only; what happens to it stands beside each thing it holds."""

    clock: Clock
    account: Account
    line: Line
    app_url: str
    transport: Transport
    faults: Faults
    sids: Sids
    pace: Pace
    journal: Journal
    basic: bool = False
    agenda: Agenda = field(init=False)
    post: PostOffice = field(init=False)
    turn: Turn = field(default_factory=Turn)
    phones: PhoneBook = field(default_factory=PhoneBook)
    ledger: list[Sms] = field(default_factory=list)
    legs: "dict[str, Leg]" = field(default_factory=dict)
    messages: "dict[str, Message]" = field(default_factory=dict)
    queues: "dict[str, Queue]" = field(default_factory=dict)
    conferences: "dict[str, Conference]" = field(default_factory=dict)
    recordings: "dict[str, Recording]" = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.agenda = Agenda(self.clock)
        self.post = PostOffice(
            self.agenda, self.sids, self.faults, self.journal, self.turn, self.transport,
            self.account.auth_token,
        )  # fmt: skip

    def pump(self) -> int:
        """Do everything that is due now; return how many things that was."""
        done = 0
        while True:
            with self.turn:
                action = self.agenda.pop_due()
                if action is None:
                    return done
                action()
                done += 1
