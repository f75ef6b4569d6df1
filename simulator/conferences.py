"""Conferences: several people in one conversation."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element

from simulator import grammar, progress, recordings, speech, transcripts
from simulator.exchange import Exchange
from simulator.interpreter import Run
from simulator.leg import HANGUP, Stage, Token
from simulator.webhook import Target

_ENOUGH: Final = 2


@dataclass(eq=False)
class Conference:
    """One conference as the API knows it."""

    sid: str
    name: str
    created: dt.datetime
    status: str = "init"
    members: "list[Taking]" = field(default_factory=list)
    callback: Target | None = None
    events: frozenset[str] = frozenset()
    sequence: int = 0
    reason: str | None = None
    ended_by: str | None = None
    updated: dt.datetime | None = None
    recording: recordings.Recording | None = None

    @property
    def started(self) -> bool:
        """Whether people can hear one another."""
        return self.status == "in-progress"


def find(exchange: Exchange, key: str) -> Conference | None:
    """Return the conference with the identifier or, while it lasts, the name *key*."""
    if key in exchange.conferences:
        return exchange.conferences[key]
    alive = (c for c in exchange.conferences.values() if c.status != "completed")
    return next((c for c in alive if c.name == key), None)


def named(exchange: Exchange, name: str) -> Conference:
    """Return the running conference called *name*, made now if there is none."""
    conference = find(exchange, name)
    if conference is None or conference.status == "completed":
        conference = Conference(exchange.sids.new("CF"), name, exchange.clock.now())
        exchange.conferences[conference.sid] = conference
    return conference


class Taking(Stage):
    """Somebody takes part in a conference."""

    name = "conference"

    def __init__(self, run: Run, noun: Element, over: Callable[[], None]) -> None:
        super().__init__()
        self.run = run
        self.leg = run.leg
        self.label = noun.get("participantLabel")
        self.muted = noun.get("muted") == "true"
        self.hold = False
        self.coach = noun.get("coach")
        self.starts = noun.get("startConferenceOnEnter", "true") == "true"
        self.ends = noun.get("endConferenceOnExit") == "true"
        self.records = noun.get("record") in ("record-from-start", "true")
        self.joined = run.exchange.clock.now()
        self.conference = named(run.exchange, (noun.text or "").strip())
        self._noun = noun
        self._over = over
        self._token = Token()

    def begin(self) -> None:
        """Join; the conference starts once two are there and one of them may start it."""
        conference, noun = self.conference, self._noun
        if conference.callback is None and noun.get("statusCallback"):
            conference.callback = self.run.target(noun, "statusCallback", "statusCallbackMethod")
            conference.events = frozenset(noun.get("statusCallbackEvent", "").split())
        conference.members.append(self)
        tell(self, "join", "participant-join")
        if conference.started:
            self.talk()
        elif len(conference.members) >= _ENOUGH and any(m.starts for m in conference.members):
            self._start()
        elif noun.get("waitUrl"):
            self.play(self.run.target(noun, "waitUrl", "waitMethod"))

    def leave(self, why: str) -> None:
        """Go; the last one, or one on whom it depends, ends the conference."""
        reason = "participant_hung_up" if why == HANGUP else "participant_updated_via_api"
        self._part(reason)

    def over(self, reason: str = "moderator_ended_conference") -> None:
        """Be put out of the conference, by its end or by the API."""
        self._part(reason)
        if self.run.rest_from(self):
            self._over()

    def hear_words(self, words: str) -> None:
        """Let everybody else hear, unless muted, on hold or alone."""
        if self.muted or self.hold or not self.conference.started:
            return
        for member in self.conference.members:
            if member is not self and not member.hold:
                transcripts.note(self.run.exchange, member.leg, words, "outbound_track")

    def play(self, target: Target) -> None:
        """Play the document at *target* to this one alone."""
        self._token = Token()
        run = Run(
            self.run.exchange,
            self.leg,
            self._token,
            on_end=lambda: None,
            on_error=lambda _code, _url: None,
            host=self,
            allowed=grammar.HOLDING,
        )
        run.follow(
            target,
            "conference.wait",
            {"ConferenceSid": self.conference.sid, "FriendlyName": self.conference.name},
        )

    def silence(self) -> None:
        """Stop what plays to this one alone."""
        self._token.valid = False
        self.clear()

    def _start(self) -> None:
        conference = self.conference
        conference.status = "in-progress"
        tell(conference.members[0], "start", "conference-start", about_member=False)
        recorder = next((m for m in conference.members if m.records), None)
        if recorder:
            recorder.record()
        for member in conference.members:
            member.talk()

    def record(self) -> None:
        """Record the conference the way this participant's document says."""
        noun, exchange = self._noun, self.run.exchange
        url = noun.get("recordingStatusCallback")
        method = noun.get("recordingStatusCallbackMethod")
        self.conference.recording = recordings.begin(
            exchange,
            None,
            "Conference",
            callback=self.run.source.relative(url, method) if url else None,
            events=noun.get("recordingStatusCallbackEvent", ""),
            conference_sid=self.conference.sid,
        )

    def talk(self) -> None:
        """Join the conversation that has started."""
        self.silence()
        others = [m.leg.far_end for m in self.conference.members if m is not self]
        self.leg.bridged_to = others[0] if others else None
        for member in self.conference.members:
            member.leg.bridged_to = member.leg.bridged_to or self.leg.far_end
        speech.converse(self.run.exchange, self.leg, self)

    def _part(self, reason: str) -> None:
        conference = self.conference
        if self not in conference.members:
            return
        self.silence()
        conference.members.remove(self)
        extra = {"ParticipantCallStatus": self.leg.status, "ReasonParticipantLeft": reason}
        tell(self, "leave", "participant-leave", extra)
        if self.ends or not conference.members:
            kicked = reason == "participant_updated_via_api" and not self.leg.ended
            end(self, _why_ended(self.ends, kicked=kicked))


def _why_ended(depended: bool, *, kicked: bool) -> str:
    how = "kicked" if kicked else "left"
    return (
        f"participant-with-end-conference-on-exit-{how}" if depended else f"last-participant-{how}"
    )


def end(by: Taking, reason: str) -> None:
    """End the conference that *by* takes or took part in."""
    conference = by.conference
    if conference.status == "completed":
        return
    conference.status = "completed"
    conference.reason = reason
    conference.ended_by = by.leg.sid
    conference.updated = by.run.exchange.clock.now()
    if conference.recording:
        recordings.complete(by.run.exchange, conference.recording)
    for member in list(conference.members):
        member.over()
    extra = {
        "CallSidEndingConference": by.leg.sid,
        "ParticipantLabelEndingConference": by.label or "",
        "ReasonConferenceEnded": reason,
        "Reason": reason.replace("-", " ").capitalize(),
    }
    tell(by, "end", "conference-end", extra, about_member=False)


def tell(
    member: Taking,
    group: str,
    event: str,
    extra: dict[str, str] | None = None,
    *,
    about_member: bool = True,
) -> None:
    """Send the status callback *event* if its *group* was asked for."""
    conference, exchange = member.conference, member.run.exchange
    if conference.callback is None or group not in conference.events:
        return
    conference.sequence += 1
    params = {
        "AccountSid": exchange.account.sid,
        "ConferenceSid": conference.sid,
        "FriendlyName": conference.name,
        "SequenceNumber": str(conference.sequence),
        "StatusCallbackEvent": event,
        "Timestamp": progress.rfc2822(exchange.clock.now()),
    }
    if about_member:
        params |= _state(member)
    exchange.post.send(f"conference.event.{event}", conference.callback, params | (extra or {}))


def _state(member: Taking) -> dict[str, str]:
    flags = {
        "Coaching": member.coach is not None,
        "EndConferenceOnExit": member.ends,
        "Hold": member.hold,
        "Muted": member.muted,
        "StartConferenceOnEnter": member.starts,
    }
    state = {name: str(value).lower() for name, value in flags.items()}
    return state | {"CallSid": member.leg.sid, "ParticipantLabel": member.label or ""}
