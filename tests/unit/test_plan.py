"""When a worker is asked, and when nobody may be."""

import datetime as dt
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.messages.quiet import QuietHours
from hotline.messages.wording import compose
from hotline.surveys.plan import Step, look_again, next_step, not_possible, waking
from hotline.surveys.states import SurveyChannel, SurveyState
from hotline.telephony.segments import measure

ZONE = zoneinfo.ZoneInfo("Asia/Shanghai")
SMS = SurveyChannel.SMS
QUIET = QuietHours.read("21:00-08:30", ZONE)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("resolved", "asked"),
    [
        ("2026-11-23 08:29", "2026-11-23 08:30"),
        ("2026-11-23 08:30", "2026-11-23 08:30"),
        ("2026-11-23 20:59", "2026-11-23 20:59"),
        ("2026-11-23 21:00", "2026-11-24 08:30"),
        ("2026-12-31 23:59", "2027-01-01 08:30"),
        ("2026-11-23 00:00", "2026-11-23 08:30"),
    ],
)
def test_the_question_leaves_at_once_or_when_the_quiet_ends(resolved: str, asked: str) -> None:
    assert waking(at(resolved), QUIET) == at(asked)


def test_without_quiet_hours_it_always_leaves_at_once() -> None:
    assert waking(at("2026-11-23 03:00"), None) == at("2026-11-23 03:00")


@given(st.timedeltas(dt.timedelta(), dt.timedelta(days=7000)))
def test_no_question_ever_leaves_in_the_quiet(span: dt.timedelta) -> None:
    moment = at("2020-01-01 00:00") + span
    leaves = waking(moment, QUIET)
    assert dt.time(8, 30) <= leaves.astimezone(ZONE).time() < dt.time(21)
    assert dt.timedelta() <= leaves - moment <= dt.timedelta(hours=11.5)


def test_a_reminder_after_a_day_and_the_end_three_days_later() -> None:
    asked = at("2026-11-23 10:00")
    assert look_again(1, asked) == at("2026-11-24 10:00")
    assert look_again(2, at("2026-11-24 10:00")) == at("2026-11-27 10:00")
    assert next_step(SurveyState.ASKED, SMS, 1) is Step.ASK
    assert next_step(SurveyState.ASKED, SMS, 2) is Step.GIVE_UP
    assert next_step(SurveyState.UNCLEAR, SMS, 1) is Step.TELL_PERSON
    assert next_step(SurveyState.DUE, SurveyChannel.CALL, 0) is Step.TELL_PERSON


def test_a_question_put_off_while_its_worker_spoke_with_us_is_sent_later() -> None:
    assert next_step(SurveyState.DUE, SMS, 0) is Step.ASK


ASKABLE = {
    "phone": "+8613800000001",
    "anonymous": False,
    "opted_out": False,
    "level": 1,
    "urgency": "normal",
    "category": "A1",
    "asked_lately": 1,
}


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({}, None),
        ({"level": None}, None),
        ({"urgency": "urgent"}, None),
        ({"phone": None}, "no_number"),
        ({"anonymous": True}, "anonymous"),
        ({"opted_out": True}, "opted_out"),
        ({"level": 3}, "level_3"),
        ({"category": "N2"}, "crisis"),
        ({"urgency": "critical"}, "crisis"),
        ({"asked_lately": 2}, "capped"),
        ({"level": 3, "phone": None, "asked_lately": 9}, "level_3"),
    ],
)
def test_why_nobody_may_be_asked(changed: dict[str, object], reason: str | None) -> None:
    assert not_possible(**{**ASKABLE, **changed}) == reason  # type: ignore[arg-type]


@pytest.mark.parametrize("template", ["survey", "survey_again"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_invitation_states_number_and_scale_in_few_parts(template: str, language: str) -> None:
    text = compose(template, {"number": "261122-0007"}, language)
    assert "261122-0007" in text
    assert all(digit in text for digit in "12345")
    assert measure(text).count <= 2
    if language == "zh":
        assert "评价" in text
        for words in ("1非常满意", "2满意", "3基本满意", "4不满意", "5非常不满意"):
            assert words in text
