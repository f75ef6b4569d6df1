"""What the rates count, on both engines: each row once, where it belongs."""

import datetime as dt

from sqlalchemy.orm import Session

from hotline.calls.states import CallState, Direction, EndState
from hotline.rates import evidence, queries
from hotline.rates.fact import STEPS
from hotline.rates.facts import FACTS, HISTOGRAMS, LIMITED
from hotline.rates.metrics import BY_CODE, METRICS
from hotline.rates.words import COHORTS, FLOW, REASONS
from hotline.tickets.models import SurveyOutcome
from hotline.tickets.states import State
from tests.rooms import plain_calls, plain_facts
from tests.rooms.counted_rows import (
    DAY,
    HOUR,
    NOVEMBER,
    NOW,
    answer,
    ask,
    boss,
    numbers_of,
    receive,
    ring,
    roll_up,
    score,
    settle,
    spare,
    write,
)


def test_every_rate_divides_facts_that_exist_and_says_what_it_is() -> None:
    for metric in METRICS:
        cohorts = {evidence.fact(name).cohort.name for name in metric.facts}
        assert metric.cohort in COHORTS
        assert set(metric.excluded) <= set(REASONS)
        assert cohorts == {metric.cohort} or metric.cohort == FLOW
    assert set(FACTS) == plain_facts.ALL
    assert set(HISTOGRAMS) == set(plain_calls.LENGTHS)
    assert set(LIMITED) == set(plain_calls.LIMITED)
    assert list(STEPS) == plain_calls.STEPS
    assert len(BY_CODE) == len(METRICS)
    assert all(fact.meaning for fact in [*FACTS.values(), *LIMITED.values()])


def test_an_empty_hotline_answers_nothing_rather_than_everything(session: Session) -> None:
    roll_up(session)
    (group,) = queries.rates(session, boss(), NOVEMBER).groups
    assert {rate.printed for rate in group.rates} == {"–"}
    assert {rate.value for rate in group.rates} == {None}


def test_each_end_of_a_call_counts_where_it_should(session: Session) -> None:
    """R10: after hours, overflow and failures are in C3's denominator."""
    for end in EndState:
        if end not in {EndState.ANSWERED, "not_reached"}:  # the latter: of calls that we placed
            waited = {"abandoned_short": 5_000, "abandoned_queue": 5_001, "voicemail": 4_000}
            queued = {"queued_at": NOW, "waited_ms": waited[end]} if end in waited else {}
            ring(session, end, **queued)
    for _ in range(3):
        answer(session)
    ring(session, queued_at=NOW)  # still waits
    ring(session, direction=Direction.OUTBOUND, end=EndState.ANSWERED, answered_at=NOW)

    assert numbers_of(ask(session, "C1")) == (3, 6)
    assert ask(session, "C1").excluded == {"not_queued": 7, "in_progress": 1}
    assert numbers_of(ask(session, "C2")) == (3, 5)
    assert numbers_of(ask(session, "C3")) == (3, 11)
    assert ask(session, "C3").excluded == {"blocked": 1, "self_served": 1, "in_progress": 1}
    assert numbers_of(ask(session, "C4")) == (4, 13)
    assert numbers_of(ask(session, "C6")) == (2, 6)


def test_a_call_being_answered_counts_before_it_is_over(session: Session) -> None:
    ring(session, queued_at=NOW, answered_at=NOW, state=CallState.TALKING)
    assert numbers_of(ask(session, "C1")) == (1, 1)


def test_the_same_calls_make_three_service_levels(session: Session) -> None:
    for waited in (3_000, 15_000, 15_001):
        answer(session, waited_ms=waited)
    ring(session, EndState.ABANDONED_QUEUE, queued_at=NOW, waited_ms=9_000)
    ring(session, EndState.ABANDONED_QUEUE, queued_at=NOW, waited_ms=60_000)
    assert numbers_of(ask(session, "C5a")) == (2, 3)
    assert numbers_of(ask(session, "C5b")) == (2, 5)
    assert numbers_of(ask(session, "C5c")) == (2, 4)


def test_cohorts_give_one_set_of_tickets_several_rates(session: Session) -> None:
    settle(session, receive(session))
    settle(session, receive(session, due_at=NOW - HOUR, due_original=NOW - 2 * HOUR))
    settle(session, receive(session, due_at=NOW + HOUR, due_original=NOW - HOUR))
    receive(session)
    receive(session, due_at=NOW + 60 * DAY, due_original=NOW + 60 * DAY)
    receive(session, state=State.VOIDED)
    target = receive(session)
    receive(session, state=State.MERGED, merged_into_id=target.id)

    assert numbers_of(ask(session, "T1")) == (3, 5)
    assert numbers_of(ask(session, "T2")) == (3, 6)
    assert ask(session, "T2").excluded == {"voided": 1, "merged": 1, "imported": 0}
    assert numbers_of(ask(session, "T4")) == (1, 5)
    assert numbers_of(ask(session, "T4-extended")) == (2, 5)


def test_a_day_is_a_day_in_hohhot(session: Session) -> None:
    last_of_october = dt.datetime(2026, 10, 31, 15, 59, 59, 999_999, tzinfo=dt.UTC)
    receive(session, received_at=last_of_october)
    receive(session, received_at=last_of_october + dt.timedelta(microseconds=1))
    assert numbers_of(ask(session, "T2")) == (0, 1)


def test_a_reopened_ticket_is_not_settled_until_it_is_again(session: Session) -> None:
    ticket = settle(session, receive(session), at=NOW - 2 * DAY)
    assert numbers_of(ask(session, "T2")) == (1, 1)
    ticket.state, ticket.outcome, ticket.resolved_at = State.RECEIVED, None, None
    ticket.cycle = 2
    write(session, ticket)
    assert numbers_of(ask(session, "T2")) == (0, 1)
    assert numbers_of(ask(session, "T9")) == (0, 0)
    settle(session, ticket)
    assert numbers_of(ask(session, "T9")) == (1, 1)


def test_silence_is_never_satisfaction(session: Session) -> None:
    """R49: who was not reached, refused, is anonymous or was not asked is never satisfied."""
    for points in (1, 2, 3, 4, 5):
        score(session, settle(session, receive(session)), points)
    unreachable = SurveyOutcome.UNREACHABLE
    settle(session, receive(session), survey_outcome=unreachable, state=State.SURVEYED)
    settle(session, receive(session))
    settle(session, receive(session, anonymous=True), survey_outcome=SurveyOutcome.NOT_POSSIBLE)
    settle(session, receive(session, confidential_level=3))
    settle(session, receive(session, confidential_level=1))
    spare(session, settle(session, receive(session)), "crisis")
    spare(session, settle(session, receive(session)), "unsafe")
    spare(session, settle(session, receive(session)), "opted_out")

    assert numbers_of(ask(session, "V4")) == (3, 5)
    assert ask(session, "V4").excluded == {"unreachable": 1, "not_possible": 4, "waiting": 3}
    assert ask(session, "V4").interval is not None
    assert numbers_of(ask(session, "V5")) == (2, 5)
    assert numbers_of(ask(session, "V6")) == (3, 9)
    assert ask(session, "V6").excluded == {"anonymous": 1, "risk_exempt": 3, "imported": 0}
    assert numbers_of(ask(session, "V3")) == (5, 9)


def test_only_the_answer_to_the_last_result_counts(session: Session) -> None:
    ticket = settle(session, receive(session))
    score(session, ticket, 5)
    ticket.cycle, ticket.survey_outcome = 2, None
    settle(session, ticket)
    assert numbers_of(ask(session, "V4")) == (0, 0)
    score(session, ticket, 2)
    assert numbers_of(ask(session, "V5")) == (1, 1)


def test_hotline_unit_and_result_are_rated_apart_and_so_are_first_and_last(
    session: Session,
) -> None:
    """R50: who is pleased with the hotline says nothing of the unit; a rework hides no answer."""
    ticket = settle(session, receive(session))
    score(session, ticket, 5, hotline_score=1, unit_score=4, contacted="no", solved="no")
    assert numbers_of(ask(session, "V4")) == (0, 1)
    assert numbers_of(ask(session, "V4-hotline")) == (1, 1)
    assert numbers_of(ask(session, "V4-unit")) == (0, 1)
    assert numbers_of(ask(session, "T7-told")) == (0, 1)
    ticket.cycle, ticket.survey_outcome = 2, None
    settle(session, ticket)
    score(session, ticket, 2, unit_score=3, solved="partly")
    assert numbers_of(ask(session, "V7")) == (0, 1)
    assert numbers_of(ask(session, "V7-last")) == (1, 1)
    assert numbers_of(ask(session, "V4-hotline")) == (0, 0)
    assert numbers_of(ask(session, "V4-unit")) == (1, 1)
    assert numbers_of(ask(session, "V8")) == (0, 1)
    assert numbers_of(ask(session, "V8-partly")) == (1, 1)
