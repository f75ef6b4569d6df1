"""The pure parts of the pages: clocks, commands, words, views, streams."""

import ast
import collections
import datetime as dt
import inspect
import threading
import time
from collections.abc import Callable

import pytest

from hotline.core.errors import Unavailable
from hotline.core.roles import Actor, Role
from hotline.staff.presence import PresenceState
from hotline.tickets.models import Ticket
from hotline.tickets.states import Action, State
from hotline.web import clocks, commands, forms, looks, streams, views, words
from hotline.web.live import topics_of
from hotline.web.streams import MOST_TOPICS, RESYNC, Hub, Stream

NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def ticket(state: State = State.IN_PROGRESS, **given: object) -> Ticket:
    return Ticket(
        **{"state": state, "clock_from": NOON, "due_at": NOON + 8 * HOUR, "submitted_at": None}
        | given
    )


@pytest.mark.parametrize(
    ("passed", "tone"),
    [(1, "plain"), (5, "warn"), (6.5, "warn solid"), (8, "act solid"), (30, "act solid")],
)
def test_a_clock_grows_louder(passed: float, tone: str) -> None:
    found = clocks.chip(ticket(), NOON + passed * HOUR)
    assert found is not None
    assert found.tone == tone


def test_a_paused_clock_says_so_and_an_ended_one_is_silent() -> None:
    paused = clocks.chip(ticket(State.SUSPENDED), NOON + 30 * HOUR)
    assert paused is not None
    assert paused.icon == "circle-pause"
    assert clocks.chip(ticket(State.ARCHIVED), NOON) is None


@pytest.mark.parametrize(("submitted", "tone"), [(7, "good"), (9, "act")])
def test_what_was_submitted_is_judged_by_its_moment(submitted: int, tone: str) -> None:
    settled = ticket(State.RESOLVED, submitted_at=NOON + submitted * HOUR)
    found = clocks.chip(settled, NOON + 100 * HOUR)
    assert found is not None
    assert found.tone == tone


@pytest.mark.parametrize(
    ("minutes", "written"),
    [(0, "1 分"), (59, "59 分"), (200, "3 时 20 分"), (180, "3 时"), (1500, "1 天 1 时")],
)
def test_a_length_is_written_in_its_two_largest_parts(minutes: int, written: str) -> None:
    found = clocks.parts(dt.timedelta(minutes=minutes))
    assert " ".join(f"{number} {unit}" for number, unit in found) == written


def test_every_command_has_its_own_id() -> None:
    values = [command.id for command in commands.COMMANDS]
    assert len(values) == len(set(values))


def test_keys_are_shared_only_by_what_is_pressed_in_different_states() -> None:
    sharing = collections.defaultdict(list)
    for command in commands.COMMANDS:
        sharing[command.keys].append(command)
    for keys, those in sharing.items():
        pressed = {command.presses for command in those}
        assert len(those) == 1 or (None not in pressed and len(pressed) == len(those)), keys


def test_no_key_is_the_beginning_of_a_sequence() -> None:
    sequences = {c.keys.split(" ")[0] for c in commands.COMMANDS if " " in c.keys}
    assert not sequences & {command.keys for command in commands.COMMANDS}


def test_no_key_is_one_the_browser_needs() -> None:
    taken = {"F1", "F3", "F5", "F6", "F7", "F10", "F11", "F12", "Ctrl+F4"}
    assert not taken & {command.keys for command in commands.COMMANDS}


def test_an_operator_sees_no_board() -> None:
    mine = commands.for_actor(Actor(1, "a", frozenset({Role.OPERATOR})))
    assert "desk" in {command.id for command in mine}
    assert "board" not in {command.id for command in mine}


def test_codes_that_are_spelt_alike_share_their_word() -> None:
    said = collections.defaultdict(set)
    for table in ast.walk(ast.parse(inspect.getsource(words))):
        if isinstance(table, ast.Dict) and len(table.keys) > 10:
            for key, text in zip(table.keys, table.values, strict=True):
                if key is not None and isinstance(text, ast.Call):
                    code = eval(compile(ast.Expression(key), "", "eval"), vars(words))  # noqa: S307 - our own source
                    said[str(code)].add(ast.unparse(text))
    assert len(said) > 50
    assert {code: texts for code, texts in said.items() if len(texts) > 1} == {}


def test_every_state_has_a_look_and_a_word() -> None:
    for state in State:
        assert state in looks.TICKET
        assert state.value in words.WORDS
    assert set(looks.PRESENCE) == set(PresenceState)
    assert [label for label, when in looks.track(State.RESULT_REVIEW) if when == "now"] == ["审核"]


def test_what_brings_a_matter_on_comes_first() -> None:
    offered = [Action.WITHDRAW, Action.ASK_CALLER, Action.SUBMIT_RESULT]
    assert looks.forward_first(offered)[0] is Action.SUBMIT_RESULT


def test_every_view_can_be_asked() -> None:
    actor = Actor(7, "a", frozenset({Role.OPERATOR}))
    assert views.first(actor) == "mine"
    asked = {view.id: view.wanted(actor, NOON) for view in views.VIEWS}
    assert asked["mine"].handler_id == 7
    assert asked["overdue"].overdue is True


@pytest.mark.parametrize(
    ("text", "code"), [("A1 工程欠薪", "A1"), ("A1", "A1"), ("  ", None), (None, None)]
)
def test_a_choice_begins_with_its_code(text: str | None, code: str | None) -> None:
    assert forms.code_of(text) == code


# ------------------------------------------------------------------ the live stream


def quiet() -> Hub:
    """Return a hub whose source never has news."""
    return Hub(lambda: list, most=2)


def test_a_stream_hears_what_it_wants_once() -> None:
    hub = quiet()
    heard = hub.join(frozenset({"calls", "words:*"}))
    hub.tell(["calls", "board", "words:7"])
    hub.tell(["calls"])
    assert sorted(heard.take(0) or []) == ["calls", "words:7"]
    assert heard.take(0) == []
    hub.close()


def test_who_returns_hears_what_was_missed_and_no_more() -> None:
    hub = quiet()
    stays = hub.join(frozenset({"calls"}))
    hub.tell(["calls"])
    place = hub.place
    hub.tell(["tickets"])
    wanted = frozenset({"calls", "tickets"})
    assert hub.join(wanted, place).take(0) == ["tickets"]
    stays.close()
    hub.close()


@pytest.mark.parametrize("place", ["another.3", "nonsense", "…"])
def test_who_returns_from_elsewhere_asks_for_everything(place: str) -> None:
    hub = quiet()
    assert hub.join(frozenset(), place).take(0) == [RESYNC]
    hub.close()


def test_a_stream_that_falls_far_behind_asks_for_everything() -> None:
    slow = Stream(frozenset({"ticket:*"}))
    slow.tell(f"ticket:{n}" for n in range(MOST_TOPICS + 1))
    assert slow.take(0) == [RESYNC]


def test_a_process_takes_so_many_streams_and_none_when_it_stops() -> None:
    hub = quiet()
    first = hub.join(frozenset())
    hub.join(frozenset())
    with pytest.raises(Unavailable):
        hub.join(frozenset())
    hub.leave(first)
    last = hub.join(frozenset())
    hub.close()
    assert last.take(60) is None
    with pytest.raises(Unavailable):
        hub.join(frozenset())


def test_one_thread_reads_however_fast_pages_change() -> None:
    opened: list[int] = []

    def source() -> list[str]:
        return []

    def open_source() -> Callable[[], list[str]]:
        opened.append(threading.get_ident())
        return source

    hub = Hub(open_source, most=9)
    for _ in range(5):
        hub.leave(hub.join(frozenset()))
    stays = hub.join(frozenset())
    until = time.monotonic() + 30
    while len(alive := _reading() & set(opened)) != 1:
        assert time.monotonic() < until, alive
        time.sleep(0.05)
    hub.leave(stays)


def test_a_page_that_joins_hears_all_from_then_on_though_reading_began_late() -> None:
    looks: list[int] = []

    def source() -> list[str]:
        looks.append(1)
        if len(looks) < 3:
            raise Unavailable
        return ["calls"] if len(looks) > 3 else []

    hub = Hub(lambda: source, most=1)
    heard = hub.join(frozenset({"calls"}))
    assert len(looks) >= 3
    hub.look()
    assert heard.take(30) == ["calls"]
    hub.close()


def test_a_page_that_nobody_could_tell_of_news_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "LOADING", 0.01)

    def unread() -> list[str]:
        raise Unavailable

    hub = Hub(lambda: unread, most=1)
    with pytest.raises(Unavailable):
        hub.join(frozenset())
    assert not hub._streams


def _reading() -> set[int | None]:
    return {thread.ident for thread in threading.enumerate() if thread.name == "live"}


def test_nobody_hears_of_what_is_not_theirs() -> None:
    handler = topics_of(Actor(3, "h", frozenset({Role.HANDLER})), "5,6")
    assert handler == {"tickets", "presence:3", "notices:3", "ticket:5", "ticket:6"}
    partner = topics_of(Actor(4, "p", frozenset({Role.PARTNER})), "5")
    assert partner == {"presence:4", "notices:4"}
