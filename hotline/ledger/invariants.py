"""The eight invariants of the ledger (domain, section 1.4), each with its questions, as data.

A question is about some things of one kind, by id, and gives what is wrong with them. So the
same question serves the clock, which asks it of what has changed and of a slice of the rest in
turn, and the whole check, which asks it of everything: none of them scans a table.
"""

# ruff: noqa: E501 - a table is read by its lines

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from hotline.callbacks.models import Callback
from hotline.calls.models import Call
from hotline.core.words import N_
from hotline.ledger import contacts, differences, gaps, lives, owners, readings, verifying
from hotline.ledger.faults import Fault
from hotline.ledger.models import Seal
from hotline.messages.models import Message
from hotline.tickets.models import Ticket

Question = Callable[[Session, Sequence[int], dt.datetime], Iterable[Fault]]
Attribute = InstrumentedAttribute[Any]


def _nothing(session: Session, now: dt.datetime) -> Sequence[int]:
    return ()


@dataclass(frozen=True, eq=False)
class Kind:
    """A sort of thing that is asked about.

    Attributes:
        listed: Gives so many ids above one, in ascending order: the round through all.
        at_once: How many of them one look takes.
        standing: Gives what is looked at each time, because time alone can make it wrong.
        besides: Gives what is looked at with every slice.
    """

    name: str
    listed: Callable[[Session, int, int], Sequence[int]]
    at_once: int = 500
    standing: Callable[[Session, dt.datetime], Sequence[int]] = _nothing
    besides: Callable[[Session, dt.datetime], Sequence[int]] = _nothing


def _by(column: Attribute) -> Callable[[Session, int, int], Sequence[int]]:
    def listed(session: Session, above: int, limit: int) -> Sequence[int]:
        ids = select(column).where(column > above).order_by(column).limit(limit)
        return session.scalars(ids).all()

    return listed


def _all(*questions: Question) -> Question:
    def asked(session: Session, ids: Sequence[int], now: dt.datetime) -> Iterable[Fault]:
        return chain.from_iterable(question(session, ids, now) for question in questions)

    return asked


def _kept(kind: str) -> Question:
    return partial(readings.altered, kind=kind)


TICKET: Final = Kind("ticket", _by(Ticket.id))
CALL: Final = Kind("call", _by(Call.id), standing=contacts.unsettled_calls)
MESSAGE: Final = Kind("message", _by(Message.id))
CALLBACK: Final = Kind("callback", _by(Callback.id), standing=owners.open_callbacks)
DAY: Final = Kind("day", gaps.counted_days, at_once=7, besides=gaps.lately)
SEAL: Final = Kind("seal", _by(Seal.number), at_once=5, besides=verifying.end)
DIFFERENCE: Final = Kind("difference", differences.listed, standing=differences.standing)
KINDS: Final = (CALL, MESSAGE, CALLBACK, TICKET, DAY, SEAL, DIFFERENCE)


@dataclass(frozen=True)
class Invariant:
    """One thing that must always be true, and how it is asked of each kind of thing."""

    code: str
    name: str
    sentence: str
    questions: Mapping[Kind, Question]


# fmt: off
INVARIANTS: Final = (
    Invariant("I1", N_("件件有着落"), N_("每次来电来信都有一个结局和一个去向：工单、不建单的原因，或回拨。"),
              {CALL: contacts.calls, MESSAGE: contacts.messages}),
    Invariant("I2", N_("事事有主"), N_("没有结束的工单、审批、回拨和未了事项，都有承办单位、有人担任的角色和下一步时限。"),
              {TICKET: owners.tickets, CALLBACK: owners.callbacks}),
    Invariant("I3", N_("步步有据"), N_("工单只走状态表里的路，按记录推演一遍，正是现在的状态。"),
              {TICKET: lives.replayed}),
    Invariant("I4", N_("事事有回音"), N_("办结的工单都有结果，并已告知职工，或有不能告知的原因。"),
              {TICKET: lives.ended_well}),
    Invariant("I5", N_("归档无遗"), N_("已归档的工单没有未了的事项、审批、回拨或回访。"),
              {TICKET: lives.closed_whole}),
    Invariant("I6", N_("编号不断"), N_("每天的工单编号连续，一个不少，一个不多。"),
              {DAY: gaps.days, TICKET: gaps.tickets}),
    Invariant("I7", N_("记录未改"), N_("办理记录、审计记录和数字所依据的行与封存时、与最近一次有据的改动一致，封条前后相接，签名属实。"),
              {SEAL: verifying.seals, TICKET: _all(lives.as_sealed, _kept("ticket")),
               CALL: _kept("call"), CALLBACK: _kept("callback")}),
    Invariant("I8", N_("与运营商对得上"), N_("与运营商的通话、短信清单核对，没有差异，或逐条已补正、已说明。"),
              {DIFFERENCE: differences.unmended}),
)
# fmt: on
BY_CODE: Final = {invariant.code: invariant for invariant in INVARIANTS}
