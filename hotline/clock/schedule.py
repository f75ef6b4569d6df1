"""What happens by itself, and how often: the whole list is here.

Each job looks for rows whose state says that something is due and may run anywhere, at
any time, more than once and in several processes. Those marked `soon` also run when a
door nudges, so that nobody waits for a tick.
"""

import datetime as dt
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from flask import Flask

from hotline.bulletins import jobs as bulletins
from hotline.callbacks import jobs as callbacks
from hotline.calls import jobs as calls
from hotline.calls.sending import send_orders
from hotline.clock import upkeep
from hotline.core.db import Transact, transaction
from hotline.core.time import utcnow
from hotline.imports import jobs as imports
from hotline.intake import aftercare
from hotline.intake import jobs as intake
from hotline.ledger import record
from hotline.ledger.checking import keep_up
from hotline.ledger.sealing import seal_new
from hotline.masses import jobs as masses
from hotline.masses import reporting
from hotline.messages.doubt import reconcile_uncertain
from hotline.messages.jobs import send_waiting
from hotline.messages.rules import Rules
from hotline.money import jobs as money
from hotline.rates import jobs as rates
from hotline.rates import proving
from hotline.recordings import jobs as recordings
from hotline.search import jobs as search
from hotline.sla import alarm, contacts, provisional, reminders, second, urged, waiting
from hotline.sla import jobs as sla
from hotline.staff import jobs as staff
from hotline.staffing import jobs as staffing
from hotline.surveys import checks
from hotline.surveys import jobs as surveys
from hotline.telephony.port import Carrier

OWNER: Final = f"{socket.gethostname()[:20]}:{os.getpid()}"
MINUTE: Final = 60.0
HOUR: Final = 3600.0


@dataclass(frozen=True)
class Round:
    """What a job is given: how to write, whom to send by, within which limits, and the time."""

    transact: Transact
    carrier: Carrier
    rules: Rules
    spool: Path
    recordings: Path
    clock: Callable[[], dt.datetime] = utcnow

    @classmethod
    def of(cls, app: Flask) -> "Round":
        """Return what the jobs of *app* are given."""
        hotline = app.extensions["hotline"]
        return cls(
            transact=transaction,
            carrier=hotline.carrier,
            rules=Rules.of(hotline.settings),
            spool=Path(app.instance_path) / "spool",
            recordings=hotline.recordings,
        )


@dataclass(frozen=True)
class Job:
    """One line of the schedule; *every* is in seconds."""

    name: str
    every: float
    run: Callable[[Round], Any]
    soon: bool = False


def at(job: Callable[..., Any], **given: Any) -> Callable[[Round], Any]:
    """Return a run of a job that needs no more than the moment."""
    return lambda each: job(each.transact, now=each.clock(), **given)


def ruled(job: Callable[..., Any]) -> Callable[[Round], Any]:
    """Return a run of a job that also keeps to the rules of messages."""
    return lambda each: job(each.transact, rules=each.rules, now=each.clock())


def asking(job: Callable[..., Any]) -> Callable[[Round], Any]:
    """Return a run of a job that asks the carrier first."""
    return lambda each: job(each.transact, each.carrier, clock=each.clock)


def _send_orders(each: Round) -> int:
    return send_orders(
        each.transact,
        each.carrier,
        public_url=each.rules.public_url,
        owner=OWNER,
        clock=each.clock,
    )


def _send_messages(each: Round) -> int:
    return send_waiting(each.transact, each.carrier, each.rules, now_fn=each.clock)


def _reconcile(each: Round) -> int:
    transact, carrier, number = each.transact, each.carrier, each.rules.own_number
    return intake.reconcile_due(transact, carrier, number, clock=each.clock)


def _look_into_doubts(each: Round) -> int:
    return reconcile_uncertain(each.transact, each.carrier, now_fn=each.clock)


def _tend_recordings(each: Round) -> int:
    tools = recordings.Tools(each.carrier, each.recordings, each.clock)
    return recordings.tend(each.transact, tools, owner=OWNER)


def _roll_up(each: Round) -> int:
    return rates.keep_up(each.transact, each.clock)


def _take_in_files(each: Round) -> int:
    return imports.take_in(each.transact, clock=each.clock)


def _forget_sessions(each: Round) -> None:
    each.transact(partial(staff.forget_old, now=each.clock()))


# fmt: off
JOBS: Final = (  # in the order in which one leads to the next
    Job("beat",              10, lambda each: upkeep.beat(each.transact, OWNER, now=each.clock())),
    Job("drain-spool",        5, lambda each: calls.drain_spool(each.transact, each.spool)),
    Job("expire-offers",      2, asking(calls.expire_offers)),
    Job("end-presences",      2, at(staff.end_presences)),
    Job("expire-invitations", 5, at(calls.expire_invitations)),
    Job("offer-waiting",      2, at(calls.offer_waiting)),
    Job("send-orders",        1, _send_orders, soon=True),
    Job("release-lost",      30, at(calls.release_lost)),
    Job("resume-recordings", 10, at(calls.resume_recordings)),
    Job("close-silent",      30, asking(calls.close_silent)),
    Job("settle-ended",       5, at(callbacks.settle_ended)),
    Job("end-abandoned",      5, at(calls.end_abandoned)),
    Job("settle-dialled",     5, at(callbacks.settle_dialled)),
    Job("close-callbacks",   MINUTE, at(callbacks.close_unreachable)),
    Job("take-up-recordings", 5, at(recordings.take_up)),
    Job("tend-recordings",    5, _tend_recordings),
    Job("read-voicemails",    5, at(intake.read_voicemails), soon=True),
    Job("alarm-unbriefed",   MINUTE, at(aftercare.alarm_unbriefed)),
    Job("alarm-unfollowed",  MINUTE, at(aftercare.alarm_unfollowed)),
    Job("expire-recordings", HOUR, at(recordings.expire)),
    Job("time-out-replies",  15, at(sla.time_out_replies)),
    Job("resume-suspended",  MINUTE, at(sla.resume_suspended)),
    Job("follow-surveys",    30, at(surveys.follow)),
    Job("invite-resolved",    5, ruled(surveys.invite_resolved), soon=True),
    Job("chase-surveys",     30, ruled(surveys.chase)),
    Job("draw-checks",       5 * MINUTE, at(checks.draw)),
    Job("archive-settled",   5 * MINUTE, at(sla.archive_settled)),
    Job("count-again",       5 * MINUTE, at(provisional.count_again)),
    Job("calendar-missing",  HOUR, at(provisional.alarm_unannounced)),
    Job("wind-countdowns",   10, lambda each: reminders.wind(each.transact)),
    Job("remind-holders",    10, at(reminders.remind)),
    Job("remind-to-call",    MINUTE, at(contacts.remind)),
    Job("remind-callers",    MINUTE, ruled(waiting.remind_callers)),
    Job("escalate",          10, at(sla.escalate)),
    Job("tell-urged",         5, at(urged.tell), soon=True),
    Job("tell-unanswered",   MINUTE, at(urged.tell_late)),
    Job("follow-instalments", HOUR, at(money.follow_up)),
    Job("propose-groups", MINUTE, at(masses.propose)),
    Job("follow-masses",     MINUTE, at(reporting.follow)),
    Job("raise-stuck",       MINUTE, at(second.raise_stuck)),
    Job("text-staff",         5, at(alarm.text_staff), soon=True),
    Job("send-messages",      2, _send_messages, soon=True),
    Job("look-into-doubts",  30, _look_into_doubts),
    Job("reconcile",         MINUTE, _reconcile),
    Job("roll-up",            2, _roll_up),
    Job("read-words",         2, lambda each: search.keep_up(each.transact)),
    Job("recount-nightly",   MINUTE, at(proving.prove)),
    Job("freeze-periods",    5 * MINUTE, at(bulletins.freeze_closed)),
    Job("foresee-arrivals",  10 * MINUTE, at(staffing.foresee)),
    Job("seal-record",        5, at(seal_new, origins=record.WHOLE)),
    Job("seal-figures",      MINUTE, at(seal_new, origins=record.FIXED)),
    Job("check-ledger",      30, at(keep_up)),
    Job("take-in-files",      2, _take_in_files, soon=True),
    Job("forget-files",      HOUR, at(imports.forget)),
    Job("forget-sessions",   HOUR, _forget_sessions),
    Job("forget-attempts",   HOUR, at(upkeep.forget_attempts)),
    Job("checkpoint",         5, lambda _each: upkeep.checkpoint()),
)
# fmt: on


def tick(each: Round) -> None:
    """Run every job once, in the order of the list: what tests and the demo do for the clock."""
    for job in JOBS:
        job.run(each)
