"""What the public writes: a new matter, a word, an answer, a wish to be left alone."""

import datetime as dt

import pytest
from sqlalchemy import func, select, update

from hotline.core.db import transaction
from hotline.messages.models import DeskNotice, Message
from hotline.messages.states import Direction
from hotline.tickets.models import Channel, Ticket
from hotline.tickets.records import EventKind, TicketEvent
from hotline.tickets.states import Action, State
from hotline.workers.models import Worker
from tests.harness import Hotline
from tests.people import Staff

WORKER = "+8613800000001"
MATTER = "演示工地三个月没发工资"


def events(hotline: Hotline, ticket: Ticket) -> list[tuple[EventKind, str | None]]:
    """Return the ticket's timeline: kinds and words."""
    rows = hotline.session.scalars(
        select(TicketEvent).where(TicketEvent.ticket_id == ticket.id).order_by(TicketEvent.id)
    )
    return [(row.kind, row.note) for row in rows]


def count(hotline: Hotline, table: type) -> int:
    """Return how many rows a table has."""
    return hotline.session.scalar(select(func.count()).select_from(table)) or 0


def kept(hotline: Hotline) -> list[str | None]:
    """Return why each SMS that came in belongs to no ticket, in order; None for those that do."""
    chosen = select(Message.reason).where(Message.direction == Direction.IN).order_by(Message.id)
    return list(hotline.session.scalars(chosen))


def resolve(hotline: Hotline, staff: Staff, ticket: Ticket) -> None:
    """Let the hotline answer an inquiry."""

    def classify(session: object) -> None:
        session.execute(
            update(Ticket).values(
                category_code="A1",
                demand_type="inquiry",
                region_code="150102",
                confidential_level=0,
            )
        )

    transaction(classify)
    hotline.act(staff.operator, Action.ANSWER_DIRECTLY, ticket, reply="请带合同到工会窗口")


def test_a_new_matter_becomes_a_ticket_and_is_acknowledged(hotline: Hotline) -> None:
    sms = hotline.phone(WORKER).texts(MATTER)
    ticket = hotline.ticket()
    assert (ticket.state, ticket.channel, ticket.narrative) == (State.RECEIVED, Channel.SMS, MATTER)
    assert sms.answer.status == 200
    assert sms.replies == []
    hotline.phone(WORKER).hears(ticket.number)
    hotline.phone(WORKER).hears_nothing()


def test_an_sms_delivered_twice_has_one_effect_and_one_answer(hotline: Hotline) -> None:
    first, again = (hotline.phone(WORKER).texts(MATTER, sid="SM" + "0" * 32) for _ in range(2))
    hotline.forward(hours=72)
    late = hotline.phone(WORKER).texts(MATTER, sid="SM" + "0" * 32)
    assert first.answer.body == again.answer.body == late.answer.body
    assert first.answer.status == again.answer.status == late.answer.status
    assert count(hotline, Ticket) == 1
    kinds = [kind for kind, _ in events(hotline, hotline.ticket())]
    assert kinds.count(EventKind.CALLER) == 1
    assert len(hotline.phone(WORKER).inbox) == 1


def test_further_words_are_notes_on_the_open_ticket(hotline: Hotline) -> None:
    hotline.phone(WORKER).texts(MATTER)
    hotline.phone(WORKER).texts("一共二十个人")
    assert (EventKind.CALLER, "一共二十个人") in events(hotline, hotline.ticket())
    assert len(hotline.phone(WORKER).inbox) == 1


def test_whoever_was_asked_and_replies_lets_the_work_go_on(hotline: Hotline, staff: Staff) -> None:
    hotline.phone(WORKER).texts(MATTER)
    ticket = hotline.ticket()
    transaction(
        lambda session: session.execute(
            update(Ticket).values(
                state=State.AWAITING_CALLER, handler_id=staff.operator.id, paused_since=hotline.now
            )
        )
    )
    hotline.forward(hours=1)
    hotline.phone(WORKER).texts("合同照片已经寄出")
    assert hotline.ticket().state is State.IN_PROGRESS
    assert (EventKind.CALLER, "合同照片已经寄出") in events(hotline, ticket)


def test_a_score_on_a_settled_ticket_is_an_answer(hotline: Hotline, staff: Staff) -> None:
    hotline.phone(WORKER).texts(MATTER)
    resolve(hotline, staff, hotline.ticket())
    hotline.forward(minutes=20)
    hotline.phone(WORKER).texts("１ 满意")
    assert hotline.ticket().state is State.SURVEYED
    assert count(hotline, Ticket) == 1


def test_a_word_on_a_settled_ticket_is_a_note_and_a_proposal(
    hotline: Hotline, staff: Staff
) -> None:
    hotline.phone(WORKER).texts(MATTER)
    resolve(hotline, staff, hotline.ticket())
    hotline.phone(WORKER).texts("单位说话不算数，工资还是没有补发给我们")
    ticket = hotline.ticket()
    assert ticket.state is State.RESOLVED
    kinds = [kind for kind, _ in events(hotline, ticket)]
    assert kinds[-2:] == [EventKind.CALLER, EventKind.PROPOSAL]
    told = select(DeskNotice.staff_id).where(DeskNotice.kind == "reopen")
    assert staff.supervisor.id in set(hotline.session.scalars(told))


def test_leaving_stops_every_sms_at_once_and_coming_back_allows_them(hotline: Hotline) -> None:
    hotline.phone(WORKER).texts(MATTER)
    hotline.phone(WORKER).hears("编号")
    for _ in range(2):
        hotline.phone(WORKER).texts("退订")
    hotline.forward(hours=1)
    hotline.phone(WORKER).texts("查询")
    hotline.forward(hours=1)
    hotline.phone(WORKER).hears_nothing()
    hotline.phone(WORKER).texts("开通")
    hotline.forward(minutes=11)
    hotline.phone(WORKER).hears("恢复")


@pytest.mark.parametrize(
    ("state", "words"), [(None, "没有查到"), ("received", "正在安排"), ("resolved", "已有办理结果")]
)
def test_whoever_asks_how_far_it_is_is_told(
    hotline: Hotline, staff: Staff, state: str | None, words: str
) -> None:
    if state is not None:
        hotline.phone(WORKER).texts(MATTER)
    if state == "resolved":
        resolve(hotline, staff, hotline.ticket())
    hotline.forward(minutes=11)
    heard = len(hotline.phone(WORKER).inbox)
    hotline.phone(WORKER).texts("查询")
    assert words in hotline.phone(WORKER).inbox[heard]
    assert count(hotline, Ticket) == (state is not None)


def test_two_robots_do_not_answer_each_other_for_ever(hotline: Hotline) -> None:
    for _ in range(30):
        hotline.phone(WORKER).texts("查询")
        hotline.forward(every=dt.timedelta(seconds=20), seconds=20)
    assert len(hotline.phone(WORKER).inbox) <= 2
    hotline.forward(every=dt.timedelta(hours=1), hours=5)
    assert len(hotline.phone(WORKER).inbox) <= 3


@pytest.mark.parametrize("sender", ["10086", "BANK", "+8647112351", "anonymous"])
def test_nobody_who_cannot_be_answered_makes_a_ticket(hotline: Hotline, sender: str) -> None:
    hotline.phone(sender).texts("您的余额不足")
    assert count(hotline, Ticket) == 0
    assert count(hotline, Worker) == 0
    assert kept(hotline) == ["noise"]
    assert hotline.carrier.ledger == []


def test_a_flood_from_one_number_is_one_ticket_and_is_kept(hotline: Hotline) -> None:
    for n in range(70):
        hotline.carrier.text(WORKER, f"第{n}条")
    hotline.settle()
    ticket = hotline.ticket()
    assert count(hotline, Message) == 71
    kinds = [kind for kind, _ in events(hotline, ticket)]
    assert kinds.count(EventKind.CALLER) == 60
    assert kept(hotline)[-1] == "flood"
    assert len(hotline.phone(WORKER).inbox) == 1


def test_thanks_make_no_ticket_but_are_kept(hotline: Hotline) -> None:
    hotline.phone(WORKER).texts("谢谢！")
    assert count(hotline, Ticket) == 0
    assert kept(hotline) == ["courtesy"]
    hotline.phone(WORKER).hears_nothing()


def test_a_landline_is_taken_in_and_not_texted(hotline: Hotline) -> None:
    hotline.phone("+864716920000").texts(MATTER)
    assert count(hotline, Ticket) == 1
    assert hotline.carrier.ledger == []


def test_any_text_is_taken_in_whole(hotline: Hotline) -> None:
    words = "\u202e𠮷\x00<b>'); DROP TABLE ticket;--" + "长" * 1500 + "🙏"
    hotline.phone(WORKER).texts(words)
    assert hotline.ticket().narrative == words


def test_an_sms_whose_webhook_never_came_is_found_in_the_carriers_list(hotline: Hotline) -> None:
    hotline.carrier.faults.drop = 1.0
    hotline.carrier.text(WORKER, MATTER)
    hotline.carrier.faults.drop = 0.0
    hotline.settle()
    assert count(hotline, Ticket) == 0  # its webhook may still come
    hotline.forward(dt.timedelta(minutes=3), minutes=6)
    assert hotline.ticket().narrative == MATTER
    assert count(hotline, Message) == 2
    hotline.phone(WORKER).hears(hotline.ticket().number)
