"""One matter on the stage: its ticket, what it is about, and acting on it as the doors do."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from hotline.core.roles import Actor
from hotline.demo.stage import Stage
from hotline.demo.stories import Story, gaps, names_employer
from hotline.surveys import actions
from hotline.tickets import service
from hotline.tickets.models import Ticket, Urgency
from hotline.tickets.records import Approval
from hotline.tickets.states import Action, State
from hotline.units import queries as units


@dataclass
class Case:
    """A matter.

    Attributes:
        banner: The code of the place it is about.
        filled: What fills the gaps of its story.
        turns: What must happen to it; by chance where nothing is named.
        pace: How long everything takes; below 1 nobody waits for working hours.
        number: The last digits of the caller's number; None for a hidden one.
        joins: The same matter of another caller.
    """

    stage: Stage
    story: Story
    banner: str
    number: int | None
    operator: Actor
    turns: frozenset[str] = frozenset()
    pace: float = 1.0
    ticket_id: int = 0
    filled: dict[str, Any] = field(default_factory=dict)
    joins: "Case | None" = None

    def __post_init__(self) -> None:
        """Fill the gaps."""
        self.filled = self.filled or gaps(self.stage.chance, self.stage.places[self.banner])

    @property
    def ticket(self) -> Ticket:
        """Return the ticket as it is now."""
        return self.stage.ticket(self.ticket_id)

    @property
    def handler(self) -> Actor:
        """Return who handles matters in the unit that holds the ticket."""
        return self.stage.cast.handlers[self.ticket.unit_id]

    def is_in(self, state: State | None) -> bool:
        """Return whether the ticket stands in *state* now."""
        return self.ticket.state is state

    def says(self, text: str) -> str:
        """Return *text* with its gaps filled."""
        return text.format(**self.filled)

    def takes(self, turn: str, share: float) -> bool:
        """Return whether the matter takes a *turn* that so large a share of matters takes."""
        if self.turns:
            return turn in self.turns
        return self.stage.chance.random() < share

    def pause(self, least: float, most: float) -> dt.datetime:
        """Return when somebody gets to it: minutes of working time, or of any time if urgent."""
        waits = self.story.urgency is Urgency.NORMAL and self.pace >= 1
        wait = self.stage.at_work if waits else self.stage.soon
        return wait(self.pace * least, self.pace * most)

    def at_centre(self, least: float, most: float) -> dt.datetime:
        """Return when the centre gets to it: minutes of any day, the night excepted."""
        moment = self.stage.soon(self.pace * least, self.pace * most)
        return moment if self.pace < 1 else self.stage.awake(moment)

    def act(self, action: Action, actor: Actor, **given: Any) -> Ticket | Approval:
        """Let *actor* take one action now."""
        return actions.perform(
            self.stage.session, self.ticket, action, given, actor=actor, now=self.stage.now
        )

    def approve(self, request: Ticket | Approval, actor: Actor, reason: str) -> None:
        """Let a second person say yes to what was asked."""
        assert isinstance(request, Approval)  # noqa: S101 - the table asks for two people here
        service.decide(
            self.stage.session, request, self.ticket,
            approve=True, reason=reason, actor=actor, now=self.stage.now,
        )  # fmt: skip

    def intake(self) -> dict[str, Any]:
        """Return the fields of the intake form."""
        story = self.story
        return {
            "subject": self.says(story.about),
            "narrative": self.says(story.words),
            "category": story.category,
            "demand_type": story.demand,
            "region": self.banner,
            "employer": self.filled["employer"] if names_employer(story) else None,
            "confidential_level": story.level,
            "anonymous": story.anonymous,
            "head_count": self.filled["people"] if story.mass else None,
            "urgency": story.urgency,
            "mass": story.mass,
        }

    def result(self) -> dict[str, Any]:
        """Return the fields of a result."""
        chance = self.stage.chance
        code = chance.choices(
            ("solved", "partly_solved", "explained_not_solved", "channelled"), (70, 15, 10, 5)
        )[0]
        wages = self.story.category.startswith("A") and names_employer(self.story)
        owed = self.filled["sum"]
        paid = owed if code == "solved" else owed // 2
        facts = {"claimed": owed, "verified": owed, "agreed": owed, "paid": paid, "workers": 1}
        return {
            "reply": self.says(self.story.reply),
            "result_code": code,
            "contact": "已电话联系职工本人，告知办理情况" if self.number else "匿名，无法联系",
            "fields": facts if wages else {},
        }

    @property
    def above(self) -> str:
        """Return the code of the unit above the union of the matter's banner."""
        own = units.unit(self.stage.session, self.banner)
        above = units.superior(self.stage.session, own)
        return above.code if above else own.code

    @property
    def answerable(self) -> str:
        """Return the code of the union that answers for it: none judges a complaint of itself."""
        return self.above if self.ticket.about_unit_id else self.banner
