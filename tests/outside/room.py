"""A conference of our own carrier, by the protocol's text (reference, sections 1.6 and 4)."""

import datetime as dt
from dataclasses import dataclass, field
from email.utils import format_datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

if TYPE_CHECKING:
    from tests.outside.carrier import Carrier
    from tests.outside.line import Form, Leg

ENOUGH = 2


@dataclass
class Room:
    """A conference while it lasts: who is in it, whom it tells, who is recorded."""

    carrier: "Carrier"
    name: str
    sid: str
    members: "dict[Leg, Element]" = field(default_factory=dict)
    held: "set[Leg]" = field(default_factory=set)
    report_to: str = ""
    events: frozenset[str] = frozenset()
    record_to: str = ""
    began: bool = False
    told: int = 0

    def enters(self, leg: "Leg", url: str, noun: Element) -> None:
        """Let somebody in; the settings of the first count for what is told of it all."""
        if not self.members:
            self.report_to = urljoin(url, noun.get("statusCallback", ""))
            self.events = frozenset(noun.get("statusCallbackEvent", "").split())
        labels = [other.get("participantLabel") for other in self.members.values()]
        assert noun.get("participantLabel") not in labels, "a label is one participant's"
        self.members[leg] = noun
        if noun.get("record") == "record-from-start":
            self.record_to = urljoin(url, noun.get("recordingStatusCallback", ""))
        self.tells("join", "participant-join", leg)
        starters = [n.get("startConferenceOnEnter", "true") for n in self.members.values()]
        if not self.began and len(self.members) >= ENOUGH and "true" in starters:
            self.began = True
            self.tells("start", "conference-start", None)

    def leaves(self, leg: "Leg", reason: str = "participant_hung_up") -> None:
        """Let somebody out; it is over with whom it depends on, or with the last."""
        noun = self.members.pop(leg)
        self.tells("leave", "participant-leave", leg, ReasonParticipantLeft=reason)
        if self.name not in self.carrier.rooms:
            return
        if noun.get("endConferenceOnExit") == "true" or not self.members:
            del self.carrier.rooms[self.name]
            for other in list(self.members):
                other.is_let_go()
            self.tells("end", "conference-end", None)
            self._reports_recording()

    def tells(self, group: str, event: str, leg: "Leg | None", **more: str) -> None:
        """Tell the hotline; a taciturn carrier leaves out numbers, labels and reasons."""
        if group not in self.events:
            return
        told: Form = {"ConferenceSid": self.sid, "FriendlyName": self.name}
        told |= {"StatusCallbackEvent": event}
        told |= {"Timestamp": format_datetime(dt.datetime.now(dt.UTC))}
        told |= {"CallSid": leg.sid} if leg is not None else {}
        if self.carrier.announces:
            self.told += 1
            told |= {"SequenceNumber": str(self.told), **more}
        self.carrier.tell(self.report_to, told)

    def _reports_recording(self) -> None:
        if not self.record_to:
            return
        sid = f"RE-{self.sid}"
        told: Form = {"ConferenceSid": self.sid, "RecordingStatus": "completed"}
        told |= {"RecordingSource": "Conference", "RecordingChannels": "1", "RecordingSid": sid}
        told |= {"RecordingUrl": f"{self.carrier.url}/Recordings/{sid}", "RecordingDuration": "7"}
        self.carrier.tell(self.record_to, told)
