"""Presence: an operator's choice, what a call does to it, and one operator for one call."""

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core.db import transaction
from hotline.core.errors import GuardFailed, Invalid, TransitionNotAllowed
from hotline.core.roles import Actor, Role
from hotline.staff import queries, service
from hotline.staff.models import PresenceChange
from hotline.staff.presence import CHOICES, Act, Line, PresenceState, step

NOW = dt.datetime(2026, 11, 22, 6, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
MINUTE = dt.timedelta(minutes=1)
ADMIN = Actor(None, "cli@1", frozenset({Role.ADMIN}))
S = PresenceState
MOVES: dict[Act, Callable[[Session, int], bool]] = {
    Act.RING: lambda session, person: service.ring(session, person, 5, NOW),
    Act.TALK: lambda session, person: service.talk(session, person, NOW),
    Act.MISS: lambda session, person: service.miss(session, person, NOW),
    Act.HANG_UP: lambda session, person: service.wrap_up(session, person, NOW),
    Act.FREE: lambda session, person: service.back(session, person, 5, NOW),
    Act.DROP: lambda session, person: service.drop(session, person, NOW, reason="line_lost"),
    Act.RUN_OUT: lambda session, _: service.end_wrap_ups(session, now=NOW + MINUTE) == 1,
}


def add(session: Session, login: str = "operator1", phone: str | None = None) -> int:
    """Add an operator without a password and return the id."""
    return service.add(
        session,
        login=login,
        roles=[Role.OPERATOR],
        unit_id=2,
        actor=ADMIN,
        now=NOW,
        phone=phone,
    ).id


def ready(session: Session, login: str = "operator1", now: dt.datetime = NOW) -> int:
    """Add an operator who is ready."""
    person = add(session, login)
    service.set_presence(session, person, S.READY, Line.SIMULATED, now=now)
    return person


def state(session: Session, person: int) -> PresenceState:
    """Return where somebody stands."""
    presence = queries.presence(session, person)
    assert presence is not None
    return presence.state


def test_a_call_takes_an_operator_through_the_table(session: Session) -> None:
    person = ready(session)
    walk = [state(session, person)]
    for move in (
        lambda: service.ring(session, person, 5, NOW + SECOND),
        lambda: service.talk(session, person, NOW + 2 * SECOND),
        lambda: service.wrap_up(session, person, NOW + 3 * SECOND),
        lambda: service.back(session, person, 5, NOW + 4 * SECOND),
    ):
        assert move()
        walk.append(state(session, person))
    assert walk == [S.READY, S.RINGING, S.TALKING, S.WRAP_UP, S.READY]
    presence = queries.presence(session, person)
    assert presence is not None
    assert (presence.call_id, presence.since, presence.missed) == (None, NOW + 4 * SECOND, 0)
    changes = session.execute(
        select(PresenceChange.to_state, PresenceChange.call_id).order_by(PresenceChange.id)
    ).all()
    assert [tuple(row) for row in changes] == [
        (S.READY, None),
        (S.RINGING, 5),
        (S.TALKING, 5),
        (S.WRAP_UP, 5),
        (S.READY, None),
    ]


def test_who_lets_it_ring_is_away_until_they_say_otherwise(session: Session) -> None:
    person = ready(session)
    for n in (1, 2):
        service.ring(session, person, n, NOW)
        assert service.miss(session, person, NOW)
        presence = queries.presence(session, person)
        assert presence is not None
        assert (presence.state, presence.reason, presence.missed) == (S.AWAY, "missed", n)
        service.set_presence(session, person, S.READY, Line.SIMULATED, now=NOW)
    service.ring(session, person, 3, NOW)
    service.miss(session, person, NOW, reason="declined")
    assert presence.missed == 2
    service.set_presence(session, person, S.READY, Line.SIMULATED, now=NOW)
    service.ring(session, person, 4, NOW)
    service.talk(session, person, NOW)
    assert presence.missed == 0


def test_the_longest_idle_comes_first(session: Session) -> None:
    late = ready(session, "late", NOW + 2 * SECOND)
    early = ready(session, "early", NOW)
    middle = ready(session, "middle", NOW + SECOND)
    assert [row.staff_id for row in queries.ready(session)] == [early, middle, late]
    service.set_presence(session, early, S.READY, Line.BROWSER, now=NOW + 9 * SECOND)
    found = queries.ready(session)
    assert [row.staff_id for row in found] == [early, middle, late], "ready again keeps the turn"
    assert found[0].line is Line.BROWSER
    assert found[0].version > 1


def test_a_disabled_operator_is_offered_no_call(session: Session) -> None:
    person = ready(session)
    service.ring(session, person, 5, NOW)
    service.disable(session, person, actor=ADMIN, now=NOW)
    assert state(session, person) is S.RINGING, "a live call is not cut"
    service.back(session, person, 5, NOW)
    assert not queries.ready(session)


@pytest.mark.parametrize("busy", [S.RINGING, S.TALKING])
@pytest.mark.parametrize("wanted", [S.READY, S.AWAY, S.OFFLINE])
def test_nobody_walks_out_of_a_live_call(
    session: Session, busy: PresenceState, wanted: PresenceState
) -> None:
    person = ready(session)
    service.ring(session, person, 5, NOW)
    if busy is S.TALKING:
        service.talk(session, person, NOW)
    with pytest.raises(TransitionNotAllowed):
        service.set_presence(session, person, wanted, Line.BROWSER, now=NOW)
    assert state(session, person) is busy


@pytest.mark.parametrize("wanted", [S.RINGING, S.TALKING, S.WRAP_UP])
def test_only_calls_bring_about_their_states(session: Session, wanted: PresenceState) -> None:
    with pytest.raises(Invalid):
        service.set_presence(session, add(session), wanted, Line.BROWSER, now=NOW)


def test_a_desk_line_needs_a_telephone(session: Session) -> None:
    with pytest.raises(GuardFailed) as refused:
        service.set_presence(session, add(session), S.READY, Line.DESK, now=NOW)
    assert refused.value.guard == "desk-phone"
    person = add(session, "operator2", "+8613900000001")
    service.set_presence(session, person, S.READY, Line.DESK, now=NOW)
    assert state(session, person) is S.READY


def test_the_board_shows_who_is_there(session: Session) -> None:
    person = ready(session)
    gone = ready(session, "gone")
    service.set_presence(session, gone, S.OFFLINE, Line.SIMULATED, now=NOW)
    away = ready(session, "away")
    service.set_presence(session, away, S.AWAY, Line.SIMULATED, reason="meal", now=NOW)
    assert [(row.id, presence.reason) for row, presence in queries.seats(session)] == [
        (away, "meal"),
        (person, None),
    ]


def test_one_operator_takes_one_of_many_calls(app: Flask) -> None:
    person = transaction(ready)
    start = threading.Barrier(8)
    won: list[int] = []

    def offer(call: int) -> None:
        with app.app_context():
            start.wait()
            if transaction(lambda session: service.ring(session, person, call, NOW)):
                won.append(call)

    threads = [threading.Thread(target=offer, args=(call,)) for call in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    presence = transaction(lambda session: queries.presence(session, person))
    assert presence is not None


class Walk(RuleBasedStateMachine):
    """Walk at random; the database always stands where the table says."""

    person: int

    def __init__(self) -> None:
        super().__init__()
        self.expected = S.OFFLINE
        self.unfinished = False
        transaction(self._go_home)

    def _go_home(self, session: Session) -> None:
        service.wrap_up(session, self.person, NOW)
        service.back(session, self.person, 5, NOW)
        service.set_presence(session, self.person, S.OFFLINE, Line.BROWSER, now=NOW)

    @rule(wanted=st.sampled_from(sorted(CHOICES)))
    def choose(self, wanted: PresenceState) -> None:
        row = step(self.expected, CHOICES[wanted])
        if row is not None:
            transaction(lambda session: self._set(session, wanted))
            self.expected, self.unfinished = row.target, False
        else:
            with pytest.raises(TransitionNotAllowed):
                transaction(lambda session: self._set(session, wanted))

    def _set(self, session: Session, wanted: PresenceState) -> None:
        service.set_presence(session, self.person, wanted, Line.BROWSER, now=NOW)

    @rule(act=st.sampled_from(sorted(MOVES)))
    def call(self, act: Act) -> None:
        row = step(self.expected, act)
        if (self.expected, act) == (S.AWAY, Act.FREE) and not self.unfinished:
            row = None  # nobody is freed from a break
        moved = transaction(lambda session: MOVES[act](session, self.person))
        assert moved == (row is not None)
        self.unfinished = act is Act.RUN_OUT if row else self.unfinished
        self.expected = row.target if row else self.expected
        assert transaction(lambda session: state(session, self.person)) is self.expected


def test_any_walk_follows_the_table(app: Flask) -> None:
    Walk.person = transaction(add)
    steps = settings(
        max_examples=15,
        stateful_step_count=15,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Walk, settings=steps)  # type: ignore[no-untyped-call]  # as it is
