"""Published figures, loaded as rows: the right definition gives them, the wrong one another.

Sources: domain, sections 0.3, 2.2 and 2.3; requirements R45 to R47.
"""

import datetime as dt
import itertools
from typing import Any

import pytest
from sqlalchemy import String, cast, insert, literal, select
from sqlalchemy.orm import Session

from hotline.calls.models import Call
from hotline.calls.states import CallState, EndState
from hotline.core.db import new_id
from hotline.rates import evidence, jobs, queries
from hotline.rates.formulas import Rate, percent
from hotline.rates.questions import Question
from hotline.tickets.models import Channel, DemandType, Outcome, Ticket
from hotline.tickets.states import State
from tests.proofs import count
from tests.rooms.counted_rows import DAY, HOUR, NOVEMBER, NOW, boss

SECOND = dt.timedelta(seconds=1)
BLOCKS = itertools.count(new_id(), 10_000_000)  # of ids, wider than any load
PART = count(100, 1)  # `make check` loads a hundredth of the three largest, `make proofs` all


def load(session: Session, model: type[Any], n: int, **given: Any) -> None:
    """Insert *n* rows alike, by one statement; a value may be made of the row's number."""
    number = select(literal(1).label("n")).cte("number", recursive=True)
    number = number.union_all(select(number.c.n + 1).where(number.c.n < n))
    first = next(BLOCKS)
    values = {"id": literal(first) + number.c.n, **given}
    if model is Ticket:
        values["number"] = cast(literal(first % 10**9) + number.c.n, String)
    columns = [
        value if hasattr(value, "label") else literal(value, getattr(model, name).type)
        for name, value in values.items()
    ]
    session.execute(insert(model).from_select(list(values), select(*columns)))


def calls(session: Session, n: int, end: EndState, **given: Any) -> None:
    over = {"state": CallState.ENDED, "end_state": end, "ended_at": NOW}
    arrived = {"raw_from": "", "received_at": NOW, "heard_at": NOW}
    load(session, Call, n, **(over | arrived | given))


def answered(session: Session, n: int, seconds: float, **given: Any) -> None:
    given = {"queued_at": NOW, "answered_at": NOW, "waited_ms": int(seconds * 1000), **given}
    calls(session, n, EndState.ANSWERED, **given)


def abandoned(session: Session, n: int, seconds: float) -> None:
    waited = int(seconds * 1000)
    calls(session, n, EndState.ABANDONED_QUEUE, queued_at=NOW, waited_ms=waited)


def tickets(session: Session, n: int, *, closed: dt.datetime | None, **given: Any) -> None:
    state = {"state": State.RECEIVED}
    if closed is not None:
        state = {"state": State.SURVEYED, "outcome": Outcome.SOLVED, "resolved_at": closed}
    made = {
        "channel": Channel.CALL,
        "subject": "演示",
        "narrative": "演示",
        "unit_id": 1,
        "class_code": "triage",
        "received_at": NOW,
        "due_at": NOW,
        "due_original": NOW,
        "clock_from": NOW,
        "touched_at": NOW,
    }
    load(session, Ticket, n, **(made | state | given))


def rates(session: Session, question: Question = NOVEMBER) -> dict[str, Rate]:
    """Count the rows as an import does, and return every rate by its code."""
    jobs.start_afresh(session, now=NOW)
    jobs.recount(session, now=NOW)
    (group,) = queries.rates(session, boss(), question).groups
    return {rate.metric.code: rate for rate in group.rates}


def is_published(rate: Rate, figure: str) -> bool:
    """Compare to the last digit; a hundredth of the rows to a tenth of a point."""
    if PART == 1:
        return rate.printed == figure
    return abs(float(rate.printed[:-1]) - float(figure[:-1])) < 0.1


def test_r45_beijing_dispatched_4190_and_closed_99_13_or_95_30_per_cent(session: Session) -> None:
    """R45: 4,190 received, 4,028 of them due, 3,993 closed, 3,952 in time."""
    due, later = NOW, NOW + 60 * DAY
    tickets(session, 3_952, closed=due)
    tickets(session, 3_993 - 3_952, closed=due + HOUR)
    tickets(session, 4_028 - 3_993, closed=None)
    tickets(session, 4_190 - 4_028, closed=None, due_at=later, due_original=later)
    found = rates(session)
    assert (found["T1"].numerator, found["T1"].denominator) == (3_993, 4_028)
    assert found["T1"].printed == "99.13%"
    assert found["T4"].printed == found["T4-extended"].printed == "98.11%"
    assert found["T2"].printed == "95.30%"
    behind = evidence.rows(session, boss(), evidence.fact("due_counted"), NOVEMBER, limit=5_000)
    assert len(behind.items) == 4_028


def test_r47_one_day_has_five_service_levels(session: Session) -> None:
    """R47: 1,000 answered, 860 within 20 s; 60 left, 20 of them within 20 s, 10 within 5 s."""
    answered(session, 860, 20)
    answered(session, 140, 20.001)
    abandoned(session, 10, 5)
    abandoned(session, 10, 20)
    abandoned(session, 40, 60)
    asked = Question(NOVEMBER.first, NOVEMBER.last, soon=20)
    found = rates(session, asked)
    shares = {code: 100 * (found[code].value or 0) for code in ("C5a", "C5b", "C5c", "C5d")}
    assert {code: round(share, 1) for code, share in shares.items()} == {
        "C5a": 86.0,
        "C5d": 83.0,
        "C5c": 82.7,
        "C5b": 81.1,
    }
    patient = found["C2"].denominator  # 81.9 %: without those who left within 5 s
    assert round(100 * found["C5b"].numerator / patient, 1) == 81.9
    assert found["C5b"].limits == {"soon": 20}


def test_r3_another_short_limit_needs_no_other_rows(session: Session) -> None:
    """R3: waits are kept in ms; 10 s instead of 5 changes C2 and nothing is counted anew."""
    answered(session, 900, 12)
    abandoned(session, 30, 4.2)
    abandoned(session, 20, 9.999)
    abandoned(session, 50, 10.001)
    assert rates(session)["C2"].printed == percent(900, 970)
    longer = Question(NOVEMBER.first, NOVEMBER.last, short=10)
    (group,) = queries.rates(session, boss(), longer).groups
    c2 = next(rate for rate in group.rates if rate.metric.code == "C2")
    assert (c2.numerator, c2.denominator, c2.excluded["abandoned_short"]) == (900, 950, 50)
    rows = evidence.rows(session, boss(), evidence.fact("calls_abandoned_short"), longer, limit=99)
    assert len(rows.items) == 50


@pytest.mark.proof
def test_r46_ningxia_counts_the_menu_as_connected(session: Session) -> None:
    """R46: 154,917 served by the menu, 85,582 of 108,934 answered: 91.15 % or 78.56 %."""
    calls(session, 154_917 // PART, EndState.IVR_SELFSERVED)
    answered(session, 85_582 // PART, 9)
    abandoned(session, (108_934 - 85_582) // PART, 30)
    found = rates(session)
    assert is_published(found["C4"], "91.15%")
    assert is_published(found["C1"], "78.56%")
    assert is_published(found["C3"], "78.56%")


@pytest.mark.proof
def test_changzhou_answers_in_14_7_or_in_12_seconds(session: Session) -> None:
    """Domain §2.2: 14,166,711 s from the ring over 962,151 calls; 12 s after the greeting."""
    short, long = 265_554, 696_597
    assert (short + long, 14 * short + 15 * long) == (962_151, 14_166_711)
    for n, seconds in ((short, 14), (long, 15)):
        answered(session, n // PART, 12, answered_at=NOW + seconds * SECOND, ended_at=NOW + DAY)
    found = rates(session)
    assert found["C8-ring"].denominator == short // PART + long // PART
    assert found["C8-ring"].numerator == 1000 * (14 * (short // PART) + 15 * (long // PART))
    assert found["C8-ring"].printed == "14.7 s"
    assert found["C8"].printed == "12.0 s"
    assert found["C8"].quantiles == {50: 12, 90: 12}


@pytest.mark.proof
def test_tangshan_lost_31_per_cent_from_its_base(session: Session) -> None:
    """Domain §2.3: 124,599 inquiries are 43.81 % of 284,406, and 63.72 % of what was classified."""
    inquiry, other, lost = (n // PART for n in (124_599, 195_532 - 124_599, 284_406 - 195_532))
    tickets(session, inquiry, closed=NOW, category_code="L1", demand_type=DemandType.INQUIRY)
    tickets(session, other, closed=NOW, category_code="A1")
    tickets(session, lost, closed=NOW)
    whole = rates(session)["T2"].denominator
    groups = queries.rates(session, boss(), NOVEMBER, "category").groups
    parts = {
        group.key: rate.denominator
        for group in groups
        for rate in group.rates
        if rate.metric.code == "T2"
    }
    assert parts == {"L1": inquiry, "A1": other, "": lost}  # what nobody classified is a group
    right, wrong = percent(inquiry, whole), percent(inquiry, inquiry + other)
    assert (right[:4], wrong[:4]) == ("43.8", "63.7")
    if PART == 1:
        assert (right, wrong) == ("43.81%", "63.72%")
