"""Merging is undone exactly, however much is said and written meanwhile: a walk on both engines."""

import datetime as dt
from collections import defaultdict
from typing import ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.core.db import new_id
from hotline.deadlines import queries as policies
from hotline.intake.sms import receive_sms
from hotline.telephony.port import InboundSms
from hotline.tickets import casework, clocks, cycle, demands, queries, service
from hotline.tickets.cycle import Why
from hotline.tickets.intake import Intake
from hotline.tickets.models import Channel, Ticket, Urgency
from hotline.tickets.records import EventKind
from hotline.tickets.states import Action, State
from hotline.workers import service as workers
from tests.matters import CLASSIFIED, MONDAY
from tests.people import Staff
from tests.proofs import count

PHONES = ("+8613800000061", "+8613800000062")
SPOKEN = (EventKind.NOTE, EventKind.CALLER)
which = st.sampled_from((0, 1))


class Pair(RuleBasedStateMachine):
    """Two tickets of two workers of one employer; the second is merged into the first and back."""

    session: ClassVar[Session]
    staff: ClassVar[Staff]

    @initialize(class_of_second=st.sampled_from(["A1", "B1"]))
    def begin(self, class_of_second: str) -> None:
        self.session.rollback()
        self.now, self.merged = MONDAY, False
        self.said = defaultdict[int, list[str]](list)
        self.ids = [self._receive(PHONES[0], "A1"), self._receive(PHONES[1], class_of_second)]

    def _receive(self, phone: str, category: str) -> int:
        worker = workers.identify(self.session, phone, self.now)
        given = {**CLASSIFIED, "category_code": category, "employer": "演示建筑公司"}
        matter = Intake(
            channel=Channel.CALL, narrative="演示工地欠薪", worker_id=worker.id, **given
        )
        by = {"actor": self.staff.operator, "now": self.now}
        return service.receive(self.session, matter, **by).id

    def ticket(self, place: int) -> Ticket:
        return self.session.get_one(Ticket, self.ids[place])

    @rule(place=which)
    def note(self, place: int) -> None:
        text = f"备注{new_id()}"
        casework.add_note(
            self.session, self.ticket(place), text, actor=self.staff.handler, now=self.now
        )
        self.said[place].append(text)

    @rule(place=which)
    def text(self, place: int) -> None:
        body = f"老板又说下个月再说{new_id()}"
        sms = InboundSms(f"SM{new_id():032d}", PHONES[place], "+8647112351", body)
        receive_sms(self.session, sms, self.now)
        self.said[place].append(body)

    @rule(place=which)
    def ask_for_more(self, place: int) -> None:
        if len(demands.of(self.session, self.ids[place])) < demands.MOST:
            given = {"actor": self.staff.operator, "now": self.now}
            demands.add(self.session, self.ticket(place), "补缴社保", **given)

    @rule(urgency=st.sampled_from(Urgency))
    def hurry(self, urgency: Urgency) -> None:
        casework.set_urgency(
            self.session, self.ticket(0), urgency, None, actor=self.staff.supervisor, now=self.now
        )

    @rule(hours=st.sampled_from([1, 8, 30]))
    def wait(self, hours: int) -> None:
        self.now += dt.timedelta(hours=hours)

    @precondition(lambda self: not self.merged)
    @rule()
    def merge(self) -> None:
        self._act(1, Action.MERGE, target=self.ticket(0).number)
        self.merged = True

    @precondition(lambda self: self.merged)
    @rule()
    def unmerge(self) -> None:
        self._act(1, Action.UNMERGE)
        self.merged = False

    @rule()
    def work(self) -> None:
        steps = {
            State.RECEIVED: (Action.DISPATCH, self.staff.dispatcher, {"unit": "150102"}),
            State.DISPATCHED: (Action.SIGN, self.staff.handler, {}),
            State.IN_PROGRESS: (Action.ASK_CALLER, self.staff.handler, {"missing": "合同"}),
        }
        if (step := steps.get(self.ticket(0).state)) is not None:
            action, actor, fields = step
            service.perform(self.session, self.ticket(0), action, fields, actor=actor, now=self.now)

    def _act(self, place: int, action: Action, **fields: str) -> None:
        service.perform(
            self.session, self.ticket(place), action, fields,
            actor=self.staff.dispatcher, now=self.now,
        )  # fmt: skip

    def _told(self, place: int) -> list[str]:
        self.session.flush()
        story = queries.story(self.session, self.staff.supervisor, self.ticket(place))
        return [each.note for each in story.events if each.kind in SPOKEN and each.note]

    @invariant()
    def what_goes_on_shows_both_and_each_keeps_its_own(self) -> None:
        shown = {*self.said[0], *(self.said[1] if self.merged else ())}
        assert set(self._told(0)) == shown
        assert self._told(1) == self.said[1]

    @invariant()
    def nobody_who_writes_begins_another_ticket(self) -> None:
        assert self.session.scalar(select(func.count()).select_from(Ticket)) == len(self.ids)

    @invariant()
    def apart_each_is_due_as_if_they_had_never_met(self) -> None:
        if self.merged:
            return
        for place in (0, 1):
            ticket = self.ticket(place)
            happened = cycle.entries(self.session, [ticket.id])[ticket.id]
            alone = [each for each in happened if each.why not in (Why.MERGE, Why.UNMERGE)]
            counted = clocks.reckoned(policies.policy(self.session), ticket, alone)
            assert ticket.due_at == counted.at
            assert all(each.outcome is None for each in demands.of(self.session, ticket.id))

    def teardown(self) -> None:
        self.session.rollback()


@pytest.mark.proof
def test_a_merge_is_undone_exactly_whatever_was_said_meanwhile(
    session: Session, staff: Staff
) -> None:
    Pair.session, Pair.staff = session, staff
    walks = settings(max_examples=count(6, 1_000), stateful_step_count=count(12, 50))
    run_state_machine_as_test(Pair, settings=walks)  # type: ignore[no-untyped-call]  # as it is
