"""The pure rules of calls: ends, hours, statuses, documents."""

import dataclasses
import datetime as dt
import itertools
import xml.etree.ElementTree as ET
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.callbacks.states import TRIES
from hotline.calls.facts import happened
from hotline.calls.hours import HOLIDAY, MAKEUP, Hours, Span, is_open, next_open
from hotline.calls.states import (
    ENDS,
    CallState,
    Direction,
    EndState,
    end_of,
    owes_callback,
    state_of,
)
from hotline.core.tries import next_try, tried_enough
from hotline.deadlines.arithmetic import DAY, Calendar
from hotline.telephony import spoken
from hotline.telephony.progress import DialEnd, Progress, Recording, Spoken, moment, whole
from hotline.telephony.prompts import PROMPTS, VOICES

NOON = dt.datetime(2026, 11, 23, 12)  # noqa: DTZ001 - a local time, as the rules take it
ROUND_THE_CLOCK = Hours(tuple(Span(day, 0, 1440) for day in range(7)))


@dataclasses.dataclass
class Known:
    """The facts of a call; nothing is known at first."""

    direction: Direction = Direction.INBOUND
    rang: bool = True
    queued_at: dt.datetime | None = None
    queue_seconds: int | None = None
    served_at: dt.datetime | None = None
    offered_to: int | None = None
    answered_at: dt.datetime | None = None
    bridged_by: int | None = None
    ended_at: dt.datetime | None = None
    waited_ms: int | None = None
    carrier_status: str | None = None
    left_message: bool = False
    asked_back: bool = False
    after_hours: bool = False
    fault: str | None = None


@pytest.mark.parametrize(
    ("facts", "end"),
    [
        ({}, EndState.IVR_EXIT),
        ({"rang": False}, EndState.FAILED),
        ({"carrier_status": "failed"}, EndState.FAILED),
        ({"carrier_status": "busy"}, EndState.IVR_EXIT),
        ({"fault": "queue-full"}, EndState.FAILED),
        ({"after_hours": True}, EndState.AFTER_HOURS),
        ({"after_hours": True, "left_message": True}, EndState.VOICEMAIL),
        ({"fault": "error", "left_message": True}, EndState.VOICEMAIL),
        ({"queued_at": NOON, "waited_ms": 5000}, EndState.ABANDONED_SHORT),
        ({"queued_at": NOON, "waited_ms": 5001}, EndState.ABANDONED_QUEUE),
        ({"queue_seconds": 9, "waited_ms": 9000}, EndState.ABANDONED_QUEUE),
        ({"queued_at": NOON, "asked_back": True}, EndState.CALLBACK_REQUESTED),
        ({"answered_at": NOON, "left_message": True, "fault": "error"}, EndState.ANSWERED),
    ],
)
def test_the_end_follows_from_the_facts(facts: dict[str, object], end: EndState) -> None:
    assert end_of(Known(**facts)) is end  # type: ignore[arg-type] # the table's values


def test_every_combination_of_facts_has_exactly_one_end() -> None:
    flags = ("rang", "left_message", "asked_back", "after_hours")
    for values in itertools.product((True, False), repeat=len(flags)):
        end = end_of(Known(**dict(zip(flags, values, strict=True))))
        assert end in {row[0] for row in ENDS}


def test_the_state_follows_from_the_facts() -> None:
    call = Known()
    walk = [state_of(call)]
    for name in ("queued_at", "offered_to", "bridged_by", "ended_at"):
        setattr(call, name, NOON)
        walk.append(state_of(call))
    assert walk == list(CallState)


def test_who_owes_a_callback() -> None:
    free = {end for end in EndState if not owes_callback(end)}
    assert free == {
        EndState.ANSWERED,
        EndState.IVR_SELFSERVED,
        EndState.BLOCKED,
        EndState.NOT_REACHED,
    }


@given(st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2027, 1, 1)))  # noqa: DTZ001 - local
def test_round_the_clock_is_always_open(when: dt.datetime) -> None:
    assert is_open(ROUND_THE_CLOCK, when)
    assert next_open(ROUND_THE_CLOCK, when) == when


@given(st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2027, 1, 1)))  # noqa: DTZ001 - local
def test_the_next_opening_is_open_and_nothing_before_it_is(when: dt.datetime) -> None:
    week = Hours((Span(1, 9 * 60, 12 * 60), Span(1, 14 * 60, 18 * 60), Span(4, 0, 60)))
    opening = next_open(week, when)
    assert is_open(week, opening)
    assert opening == when or not is_open(week, opening - dt.timedelta(minutes=1))
    assert opening - when <= dt.timedelta(days=7)


def test_a_hotline_that_never_opens_does_not_hang() -> None:
    assert next_open(Hours(()), NOON) == NOON


def test_a_line_keeps_holidays_and_works_on_days_made_up() -> None:
    holiday, saturday = NOON.date() + DAY, NOON.date() + 5 * DAY
    calendar = Calendar(
        off=frozenset({holiday}), on=frozenset({saturday}), names={holiday: "国庆节"}
    )
    office = tuple(Span(day, 9 * 60, 18 * 60) for day in (*range(5), MAKEUP))
    hours = Hours(office, calendar)
    assert is_open(hours, NOON)
    assert not is_open(hours, NOON + DAY), "closed on the holiday"
    assert is_open(hours, NOON + 5 * DAY), "open on a Saturday that is worked"
    assert not is_open(hours, NOON + 6 * DAY)
    assert next_open(hours, NOON + DAY) == NOON + 2 * DAY - dt.timedelta(hours=3)
    shorter = Hours((*office, Span(HOLIDAY, 12 * 60, 13 * 60)), calendar)
    assert is_open(shorter, NOON + DAY)


def test_a_long_holiday_is_looked_past() -> None:
    week = [NOON.date() + n * DAY for n in range(9)]
    calendar = Calendar(off=frozenset(week), names=dict.fromkeys(week, "春节"))
    hours = Hours(tuple(Span(day, 9 * 60, 18 * 60) for day in range(5)), calendar)
    assert next_open(hours, NOON) == NOON + 9 * DAY - dt.timedelta(hours=3)


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), ("42", 42), ("", None), ("１", None), ("-1", None), (None, None)]
)
def test_numbers_are_read_or_left_alone(text: str | None, number: int | None) -> None:
    assert whole(text) == number


def test_moments_are_read_in_both_spellings() -> None:
    expected = dt.datetime(2026, 11, 22, 2, 3, 4, tzinfo=dt.UTC)
    assert moment("Sun, 22 Nov 2026 02:03:04 +0000") == expected
    assert moment("2026-11-22T02:03:04Z") == expected
    assert moment("2026-11-22T02:03:04") is None


@given(st.text())
def test_no_form_breaks_the_reading(text: str) -> None:
    form = dict.fromkeys(
        ("Timestamp", "SequenceNumber", "CallStatus", "RecordingDuration", "TranscriptionData"),
        text,
    ) | {"TranscriptionEvent": "transcription-content"}
    assert Progress.from_form(form).sequence >= -1
    assert Recording.from_form(form).seconds >= 0
    assert isinstance(Spoken.from_form(form).text, str)


def test_fresh_news_is_dated_by_us_and_stale_news_by_the_carrier() -> None:
    now = dt.datetime(2026, 11, 22, 2, tzinfo=dt.UTC)
    assert happened(now - dt.timedelta(seconds=3), now) == now
    assert happened(now - dt.timedelta(hours=3), now) == now - dt.timedelta(hours=3)
    assert happened(None, now) == now


@pytest.mark.parametrize(
    ("form", "bridged"),
    [
        ({"DialCallStatus": "completed", "DialBridged": "true"}, True),
        ({"DialCallStatus": "completed", "DialBridged": "false"}, False),
        ({"DialCallStatus": "completed"}, True),
        ({"DialCallStatus": "no-answer"}, False),
        ({}, False),
    ],
)
def test_whether_a_dial_joined_two_people(form: dict[str, str], bridged: bool) -> None:
    assert DialEnd.from_form(form).bridged is bridged


DOCUMENTS = {
    "greet": spoken.greet("CA1"),
    "wait_again": spoken.wait_again("CA1"),
    "closed": spoken.closed(),
    "waiting": spoken.waiting(3),
    "leave": spoken.leave(),
    "listen_on": spoken.listen_on(),
    "will_call": spoken.will_call(),
    "take_message": spoken.take_message(),
    "message_taken": spoken.message_taken(),
    "farewell": spoken.farewell(),
    "apologise": spoken.apologise(),
    "sorry": spoken.sorry(),
    "enter": spoken.enter(7, 1, "staff-3", greeting="incoming", coach="CA2"),
    "meet": spoken.meet(7, 1, words_to="https://h/phone/words/1", recorded=True),
    "held": spoken.held(1),
    "wait_on": spoken.wait_on("CA1"),
    "to_telephone": spoken.to_telephone(7, "+8613900000001", recorded=True),
    "announce": spoken.announce(),
    "too_late": spoken.too_late(),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_document_is_one_the_carrier_takes(name: str) -> None:
    text = DOCUMENTS[name]
    assert text.startswith("<?xml")
    assert ET.fromstring(text).tag == "Response"  # noqa: S314 - our own text


@pytest.mark.parametrize("name", PROMPTS)
def test_each_prompt_is_there_in_each_language_with_the_same_gaps(name: str) -> None:
    spoken_in = PROMPTS[name]
    assert spoken_in.keys() == VOICES.keys()
    gaps = {
        frozenset(gap for _, gap, *_ in Formatter().parse(text) if gap)
        for text in spoken_in.values()
    }
    assert len(gaps) == 1


@pytest.mark.parametrize("name", ["greet", "closed", "apologise"])
def test_nobody_is_recorded_unawares(name: str) -> None:
    assert "录音" in DOCUMENTS[name]


@given(st.lists(st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2026, 2, 1)), min_size=1))  # noqa: DTZ001 - local
def test_the_next_try_is_later_and_leads_to_an_end(tries: list[dt.datetime]) -> None:
    following = next_try(TRIES, tries)
    assert following > max(tries)
    if len(tries) >= 2:
        assert tried_enough(TRIES, [*tries, following])
