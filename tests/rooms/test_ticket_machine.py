"""Tickets walked through random legal and illegal actions, on both engines.

The edges below are written down from the contract by hand, apart from the table in the
code, so that the two can disagree.
"""

import datetime as dt
from typing import Any, ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core.errors import HotlineError
from hotline.core.roles import Actor, system
from hotline.deadlines import queries
from hotline.tickets import casework, clocks, cycle, service
from hotline.tickets.intake import Intake
from hotline.tickets.models import Channel, DemandType, Ticket, Urgency
from hotline.tickets.records import Approval, EventKind, TicketEvent
from hotline.tickets.states import ENDED, SETTLED, Action, State
from tests.people import Staff
from tests.proofs import count

MONDAY = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)
EDGES = {
    "take": {("received", "in_progress")},
    "dispatch": {("received", "dispatched")},
    "answer_directly": {("received", "resolved")},
    "reject_intake": {("received", "resolved")},
    "transfer_out": {("received", "resolved")},
    "merge": {("received", "merged")},
    "void": {("received", "voided")},
    "withdraw": {("received", "resolved"), ("in_progress", "resolved")},
    "unmerge": {("merged", "received")},
    "sign": {("dispatched", "in_progress")},
    "recall": {("dispatched", "received")},
    "request_return": {("dispatched", "return_review"), ("in_progress", "return_review")},
    "accept_return": {("return_review", "received")},
    "refuse_return": {("return_review", "dispatched")},
    "hand_down": {("in_progress", "dispatched")},
    "ask_caller": {("in_progress", "awaiting_caller")},
    "caller_replied": {("awaiting_caller", "in_progress")},
    "reply_timeout": {("awaiting_caller", "in_progress")},
    "suspend": {("in_progress", "suspended")},
    "resume": {("suspended", "in_progress")},
    "submit_result": {("in_progress", "result_review")},
    "resolve": {("in_progress", "resolved")},
    "bounce": {("result_review", "in_progress")},
    "approve": {("result_review", "resolved")},
    "survey_satisfied": {("resolved", "surveyed"), ("surveyed", "surveyed")},
    "survey_dissatisfied": {("resolved", "appraisal_review"), ("surveyed", "appraisal_review")},
    "survey_unreachable": {("resolved", "surveyed")},
    "survey_not_possible": {("resolved", "surveyed")},
    "order_rework": {("appraisal_review", "dispatched")},
    "uphold_result": {("appraisal_review", "surveyed")},
    "reopen": {("resolved", "received"), ("surveyed", "received")},
    "archive": {("surveyed", "archived")},
    "unseal": {("archived", "surveyed")},
}
RESULT = {"reply": "已补发", "result_code": "solved", "contact": "已电话联系"}
GIVEN: dict[str, dict[str, Any]] = {
    "answer_directly": {"reply": "可以申请仲裁"},
    "reject_intake": {"reason": "not_union", "route": "请拨打12345"},
    "transfer_out": {"receiver": "12345"},
    "void": {"reason": "test"},
    "withdraw": {"reason": "不再反映"},
    "request_return": {"reason": "not_ours", "basis": "三定方案", "unit": "150103"},
    "hand_down": {"unit": "150102"},
    "ask_caller": {"missing": "劳动合同"},
    "suspend": {"type": "policy", "plan": "等待政策", "review_on": "2026-12-20"},
    "submit_result": RESULT,
    "resolve": RESULT,
    "bounce": {"defect": "no_contact"},
    "survey_satisfied": {"score": 2},
    "survey_dissatisfied": {"score": 5},
    "survey_not_possible": {"reason": "refused"},
    "order_rework": {"reason": "没有解决"},
    "uphold_result": {"reason": "政策所限"},
    "unseal": {"reason": "复查"},
}


class Walk(RuleBasedStateMachine):
    """One ticket, and everybody who may try something with it."""

    session: ClassVar[Session]
    staff: ClassVar[Staff]

    @initialize(demand=st.sampled_from(DemandType), level=st.sampled_from([0, 1, 3]))
    def begin(self, demand: DemandType, level: int) -> None:
        self.now = MONDAY
        self.session.rollback()
        common = {"channel": Channel.CALL, "narrative": "演示工地欠薪", "employer": "演示公司"}
        self.target = self._receive(Intake(**common))
        self.ticket = self._receive(
            Intake(
                **common,
                category_code="B1",
                demand_type=demand,
                region_code="150102",
                confidential_level=level,
            )
        )
        self.original = self.ticket.due_original
        self.waiting: Approval | None = None

    def _receive(self, matter: Intake) -> Ticket:
        receipt = service.receive(self.session, matter, actor=system("sms"), now=self.now)
        return self.session.get_one(Ticket, receipt.id)

    def _actor(self, name: str) -> Actor:
        return system("clock") if name == "system" else getattr(self.staff, name)

    def _given(self, action: Action) -> dict[str, Any]:
        if action is Action.MERGE:
            return {"target": self.target.number}
        return GIVEN.get(action.value, {})

    @rule(
        action=st.sampled_from(Action),
        name=st.sampled_from(
            ["operator", "dispatcher", "handler", "other_handler", "unit_lead", "reviewer",
             "surveyor", "supervisor", "second_supervisor", "auditor", "system"]
        ),
        likely=st.booleans(),
    )  # fmt: skip
    def try_something(self, action: Action, name: str, likely: bool) -> None:
        actor = self._actor(name)
        if likely:  # take one of the offered actions, so that the walk gets far
            from hotline.tickets.queries import allowed

            offered = allowed(self.session, self.ticket, actor, self.now)
            action = offered[len(action) % len(offered)] if offered else action
        before = (self.ticket.state, self.ticket.version)
        try:
            with self.session.begin_nested():
                done = service.perform(
                    self.session, self.ticket, action, self._given(action), actor=actor,
                    now=self.now,
                )  # fmt: skip
        except HotlineError:
            self.session.refresh(self.ticket)
            assert (self.ticket.state, self.ticket.version) == before
            return
        if isinstance(done, Approval):
            self.waiting = done
            assert self.ticket.state is before[0]
        else:
            assert (before[0].value, self.ticket.state.value) in EDGES[action.value]

    @rule(
        name=st.sampled_from(["supervisor", "second_supervisor", "dispatcher"]), yes=st.booleans()
    )
    def decide(self, name: str, yes: bool) -> None:
        if self.waiting is None:
            return
        before = self.ticket.state
        try:
            with self.session.begin_nested():
                service.decide(
                    self.session, self.waiting, self.ticket, approve=yes, reason=None,
                    actor=self._actor(name), now=self.now,
                )  # fmt: skip
        except HotlineError:
            self.session.refresh(self.ticket)
            self.session.refresh(self.waiting)
            assert self.ticket.state is before
            return
        edge = (before.value, self.ticket.state.value)
        assert edge in EDGES[self.waiting.action] if yes else edge[0] == edge[1]
        self.waiting = None

    @rule(hours=st.sampled_from([1, 8, 30, 24 * 31]))
    def wait(self, hours: int) -> None:
        self.now += dt.timedelta(hours=hours)

    @rule(urgency=st.sampled_from(Urgency))
    def hurry(self, urgency: Urgency) -> None:
        casework.set_urgency(
            self.session, self.ticket, urgency, None, actor=self.staff.supervisor, now=self.now
        )
        self.session.flush()

    @invariant()
    def the_promises_hold(self) -> None:
        ticket = self.ticket
        assert (ticket.state in SETTLED) == (ticket.outcome is not None)
        assert ticket.due_original == self.original
        assert ticket.reworks <= 2
        if ticket.state not in ENDED:
            assert ticket.step_due_at is not None

    @invariant()
    def the_history_replays_to_the_present(self) -> None:
        moves = self.session.execute(
            select(TicketEvent.from_state, TicketEvent.to_state)
            .where(TicketEvent.ticket_id == self.ticket.id, TicketEvent.kind == EventKind.ACTION)
            .order_by(TicketEvent.id)
        ).all()
        state = State.RECEIVED
        for source, target in moves:
            assert source is state
            state = target
        assert self.ticket.state is state

    @invariant()
    def the_timeline_gives_the_deadline(self) -> None:
        for ticket in (self.ticket, self.target):
            happened = cycle.entries(self.session, [ticket.id])[ticket.id]
            counted = clocks.reckoned(queries.policy(self.session), ticket, happened)
            shown = (ticket.due_at, ticket.due_explained, ticket.due_provisional)
            assert (counted.at, list(counted.steps), counted.provisional) == shown

    def teardown(self) -> None:
        self.session.rollback()


@pytest.mark.proof
def test_a_ticket_only_walks_the_edges_of_the_contract(session: Session, staff: Staff) -> None:
    Walk.session, Walk.staff = session, staff
    walks = settings(max_examples=count(60, 3_000))
    run_state_machine_as_test(Walk, settings=walks)  # type: ignore[no-untyped-call]  # as it is


def test_the_contracts_edges_are_all_in_the_table() -> None:
    from hotline.tickets.states import TRANSITIONS

    table = {
        (row.action.value, (source.value, row.target.value))
        for row in TRANSITIONS
        for source in row.sources
    }
    assert table == {(action, edge) for action, edges in EDGES.items() for edge in edges}


@pytest.mark.parametrize("state", list(State))
def test_every_state_leads_to_an_end(state: State) -> None:
    from hotline.tickets.states import TRANSITIONS

    reached, fresh = {state}, {state}
    while fresh:
        fresh = {row.target for row in TRANSITIONS if set(row.sources) & fresh} - reached
        reached |= fresh
    assert reached & ENDED
