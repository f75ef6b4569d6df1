"""Messages under a failing carrier: nothing is lost, and nothing sent twice that it would tell."""

from typing import Any, NoReturn

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core.db import transaction
from hotline.messages import health, jobs, service
from hotline.messages.models import CarrierHealth, Message
from hotline.messages.states import MessageKind, MessageState
from hotline.telephony.carrier import TwilioCarrier
from hotline.telephony.port import CarrierRefused
from tests.matters import MONDAY
from tests.rooms.outbox import Make, Outbox

TO = "+8613800000001"
S, K = MessageState, MessageKind


def test_a_number_that_cannot_be_reached_is_given_up_at_once(outbox: Outbox) -> None:
    outbox.simulated.phone(TO).landline = True
    message = outbox.order(TO)
    outbox.send()
    assert (outbox.message(message).state, outbox.message(message).error_code) == (S.FAILED, 21614)
    outbox.wait(minutes=10)
    assert outbox.message(message).attempts == 1


def test_too_many_requests_are_asked_again(make: Make) -> None:
    outbox = make(too_many={0, 1})
    message = outbox.order(TO)
    outbox.wait(minutes=1, every=5)
    assert outbox.message(message).state is S.DELIVERED
    assert len(outbox.arrived) == 1


def test_an_outage_loses_nothing_and_is_probed_each_30_seconds(
    make: Make,
) -> None:
    outbox = make(too_many=1.0)
    ids = [outbox.order(f"+86138000{n:02}001") for n in range(12)]
    outbox.wait(minutes=40, every=15)
    asked = outbox.faults.happened["too_many"]
    assert asked <= 5 + 20 + 2400 / 30
    assert outbox.arrived == []
    assert {outbox.message(each).state for each in ids} == {S.WAITING}
    outbox.faults.too_many = 0.0
    outbox.wait(minutes=12, every=10)
    assert len(outbox.arrived) == 12
    assert {outbox.message(each).state for each in ids} == {S.DELIVERED}


def test_the_probe_is_one_clocks(session: Session) -> None:
    for _ in range(health.OPENS_AFTER):
        transaction(lambda session: health.failed(session, MONDAY))
    later = MONDAY + health.PROBE_EACH
    allowed = [
        transaction(lambda session: health.allowed(session, later, wanted=20)) for _ in range(2)
    ]
    assert allowed == [1, 0]
    transaction(health.answered)
    assert session.scalars(select(CarrierHealth)).all() == []


def test_a_phone_that_was_off_is_tried_once_more_hours_later(outbox: Outbox) -> None:
    outbox.simulated.phone(TO).reachable = False
    message = outbox.order(TO)
    outbox.wait(minutes=1)
    assert (outbox.message(message).state, outbox.message(message).error_code) == (S.FAILED, 30003)
    outbox.simulated.phone(TO).reachable = True
    outbox.wait(hours=3, every=300)
    assert len(outbox.arrived) == 1
    outbox.simulated.phone(TO).reachable = False
    outbox.wait(hours=24, every=1800)
    assert len(outbox.arrived) == 1


def test_a_survey_is_not_repeated_by_the_outbox(make: Make, session: Session) -> None:
    outbox = make(undelivered={0})
    outbox.order(TO, K.SURVEY)
    outbox.wait(hours=4, every=300)
    assert len(session.scalars(select(Message)).all()) == 1


# ---------------------------------------------------------------- lost answers


def test_a_taken_message_whose_answer_was_lost_is_known_by_its_report(make: Make) -> None:
    outbox = make(accept_then_reset={0})
    message = outbox.order(TO)
    outbox.send()
    assert outbox.message(message).state is S.UNCERTAIN
    outbox.wait(minutes=10)
    assert outbox.message(message).state is S.DELIVERED
    assert len(outbox.arrived) == 1


@pytest.mark.parametrize("kind", [K.RESULT, K.SURVEY])
def test_without_reports_the_carriers_list_is_asked(make: Make, kind: MessageKind) -> None:
    outbox = make(accept_then_reset={0}, drop=1.0)
    message = outbox.order(TO, kind)
    outbox.wait(minutes=10)
    assert len(outbox.arrived) == 1
    assert outbox.message(message).state is S.DELIVERED
    assert outbox.message(message).provider_sid == outbox.simulated.ledger[0].sid


def test_what_the_carrier_never_took_is_sent_again(make: Make) -> None:
    outbox = make(hang={0})
    message = outbox.order(TO)
    outbox.wait(minutes=10)
    assert outbox.message(message).state is S.DELIVERED
    assert len(outbox.arrived) == 1


def test_a_survey_in_doubt_is_never_sent_twice(make: Make) -> None:
    outbox = make(accept_then_reset={0}, drop=1.0, hide_from_list=1.0, hidden_seconds=7200)
    message = outbox.order(TO, K.SURVEY)
    outbox.wait(hours=2, every=120)
    assert len(outbox.arrived) == 1
    assert (outbox.message(message).state, outbox.message(message).reason) == (
        S.FAILED,
        "uncertain",
    )


class Unlisted:
    """A carrier that sends and has no list to look into."""

    def __init__(self, carrier: TwilioCarrier) -> None:
        self.send_sms = carrier.send_sms

    def list_sms(self, *_: object, **__: object) -> NoReturn:
        raise CarrierRefused(404, permanent=True)


@pytest.mark.parametrize(
    ("fault", "end", "arrived"),
    [
        ({"server_error": {0}}, (S.DELIVERED, None), 1),
        ({"hang": {0}}, (S.FAILED, "uncertain"), 0),
        ({"accept_then_reset": {0}, "drop": 1.0}, (S.FAILED, "uncertain"), 1),
    ],
    ids=["answered", "hung", "lost"],
)
def test_without_a_list_what_was_not_answered_is_given_up_in_time(
    make: Make, fault: dict[str, Any], end: tuple[MessageState, str | None], arrived: int
) -> None:
    outbox = make(**fault)
    outbox.client = Unlisted(outbox.client)  # type: ignore[assignment] # all that the jobs ask
    message = outbox.order(TO)
    outbox.wait(minutes=30)
    assert (outbox.message(message).state, outbox.message(message).reason) == end
    assert len(outbox.arrived) == arrived


def test_a_server_error_is_an_answer_so_even_a_survey_is_sent_again(make: Make) -> None:
    outbox = make(server_error={0})
    message = outbox.order(TO, K.SURVEY)
    outbox.wait(minutes=10)
    assert outbox.message(message).state is S.DELIVERED


def test_forty_minutes_of_time_outs_lose_nothing(make: Make) -> None:
    outbox = make(hang=1.0)
    ids = [outbox.order(f"+86138000{n:02}001") for n in range(10)]
    outbox.wait(minutes=40, every=15)
    outbox.faults.hang = 0.0
    outbox.wait(minutes=20, every=15)
    assert {outbox.message(each).state for each in ids} == {S.DELIVERED}
    assert len(outbox.arrived) == 10


class Killed(BaseException):
    """The process died here."""


@pytest.mark.parametrize("window", ["W1", "W2", "W3", "W4", "W5"])
def test_a_crash_in_any_window_neither_loses_nor_repeats(
    make: Make, window: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox = make(drop=1.0)  # no report helps
    message = outbox.order(TO)

    def die(name: str) -> None:
        if name == window:
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(jobs, "reach", die)
        with pytest.raises(Killed):
            outbox.send()
    outbox.wait(minutes=10)
    assert len(outbox.arrived) == 1
    assert outbox.message(message).state in {S.SENT, S.DELIVERED}


# ---------------------------------------------------------------- reports in any order


@pytest.mark.parametrize("fault", ["duplicate", "reorder", "stale_sent", "callback_first"])
def test_reports_may_come_twice_late_and_in_any_order(make: Make, fault: str) -> None:
    outbox = make(**{fault: 1.0})
    ids = [outbox.order(f"+86138000{n:02}001") for n in range(6)]
    outbox.wait(minutes=5)
    assert outbox.faults.happened[fault] > 0
    assert {outbox.message(each).state for each in ids} == {S.DELIVERED}
    assert len(outbox.arrived) == 6


def test_a_report_on_nobodys_message_changes_nothing(session: Session) -> None:
    said = transaction(
        lambda session: service.settle_delivery(session, "SMnone", "delivered", None, MONDAY)
    )
    assert said is False


def test_an_unknown_status_changes_nothing(outbox: Outbox) -> None:
    message = outbox.order(TO)
    outbox.send()
    sid = outbox.message(message).provider_sid or ""
    transaction(lambda session: service.settle_delivery(session, sid, "teleported", None, MONDAY))
    assert outbox.message(message).state is S.SENT
