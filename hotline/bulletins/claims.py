"""What must stand beside each of the claims when it is published (公开口径说明, R52).

A rate that is quoted alone can be made to say anything. So each claim comes with the cohort it
is of, everything its denominator leaves out, and the rates that others would quote instead.
Source: the claims table of the hotline's own rules on published figures.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from hotline.bulletins.snapshot import Snapshot
from hotline.core.words import N_
from hotline.money.amounts import yuan
from hotline.rates.fact import HISTOGRAMS
from hotline.rates.formulas import Rate

BANDS: Final = (5, 15, 30, 60, 180)  # seconds: how long callers waited who hung up


@dataclass(frozen=True)
class Claim:
    """One published rate with what belongs beside it.

    Attributes:
        code: The rate that is claimed.
        rates: The rates that must stand beside it, by code.
        counts: The facts that must, by name; the page gives each its label.
        sentence: What may be said in one sentence, to be filled with `values`.
    """

    code: str
    title: str
    sentence: str
    values: Mapping[str, str | int]
    rates: Sequence[Rate]
    counts: Sequence[str]

    @property
    def shares(self) -> Sequence[str]:
        """Return the codes of the rates beside it."""
        return [rate.metric.code for rate in self.rates]


ANSWERED: Final = ("C1", "C2", "C3", "C4", "C5b", "C6", "C7", "C7-day")
SETTLED: Final = (
    *("T1", "T2", "T4", "T4-extended", "T5", "T6", "T6-suspended"),
    *("T7", "T7-contact", "T9", "T10", "T11"),
)
SATISFIED: Final = (
    *("V1", "V2", "V3", "V4", "V5", "V6", "V7", "V7-last", "V8", "V11", "V12", "T7-told"),
    *("V4-hotline", "V4-unit", "V10-sms", "V10-keypress", "V10-call", "V10-person"),
)
CALLS: Final = (
    *("calls_inbound", "calls_queued", "calls_answered", "calls_abandoned", "calls_ivr_exit"),
    *("calls_self_served", "calls_failed", "calls_after_hours", "calls_overflowed"),
    *("calls_voicemail", "calls_callback", "calls_blocked", "calls_in_progress"),
    *("callbacks_owed", "callbacks_met", "callbacks_open", "callbacks_unreachable"),
    *("callbacks_no_number",),
)
TICKETS: Final = (
    *("received", "received_counted", "received_settled", "received_open", "received_suspended"),
    *("received_voided", "received_merged", "due_counted", "due_settled", "due_extended"),
    *("settled", "ended_answered_direct", "ended_solved", "ended_partly_solved"),
    *("ended_explained_not_solved", "ended_channelled", "ended_transferred_out"),
    *("ended_rejected", "ended_withdrawn"),
)
ANSWERS: Final = (
    *("settled", "survey_base", "survey_anonymous", "survey_exempt", "base_attempted"),
    *("survey_answered", "scored_1", "scored_2", "scored_3", "scored_4", "scored_5"),
    *("survey_unreachable", "survey_refused", "survey_not_possible", "survey_waiting"),
    *("told_solution", "told_solved", "told_partly", "told_contact", "told_contacted"),
)
RECOVERED: Final = (*("T13", "T13-agreed", "T13-people", "T13-bank", "T13-worker", "T13-unit"),)
PAYMENTS: Final = (
    *("claims", "claims_agreed", "claims_paid", "payments"),
    *("payments_by_bank", "payments_by_worker", "payments_by_unit"),
)


def claims(snapshot: Snapshot) -> Sequence[Claim]:
    """Return the claims of a snapshot, each with all that belongs beside it.

    What was published before money was counted claims nothing of it.
    """
    money = [_recovered(snapshot)] if "T13" in snapshot.rates else []
    return [_answered(snapshot), _settled(snapshot), _satisfied(snapshot), *money]


def _beside(snapshot: Snapshot, codes: Sequence[str]) -> Sequence[Rate]:
    """Return the rates there are: a bulletin has those of its own day."""
    return [snapshot.rates[code] for code in codes if code in snapshot.rates]


def _answered(snapshot: Snapshot) -> Claim:
    calls, back = snapshot.rates["C1"], snapshot.rates["C7"]
    missed = calls.denominator - calls.numerator
    sentence = N_(
        "进入人工队列的来电 %(queued)s 个，接听 %(answered)s 个，接通率 %(share)s；"
        "未接通 %(missed)s 个。应回拨 %(owed)s 件，已回拨联系上 %(met)s 件。"
    )
    values: dict[str, str | int] = {
        "queued": calls.denominator,
        "answered": calls.numerator,
        "share": calls.printed,
        "missed": missed,
        "owed": back.denominator,
        "met": back.numerator,
    }
    return Claim("C1", N_("接通率"), sentence, values, _beside(snapshot, ANSWERED), CALLS)


def _settled(snapshot: Snapshot) -> Claim:
    due, received = snapshot.rates["T1"], snapshot.rates["T2"]
    sentence = N_(
        "期限落在本期的工单 %(due)s 件，已办结 %(done)s 件，办结率（到期口径）%(share)s；"
        "本期受理 %(received)s 件，已办结 %(settled)s 件，办结率（受理口径）%(other)s。"
    )
    values: dict[str, str | int] = {
        "due": due.denominator,
        "done": due.numerator,
        "share": due.printed,
        "received": received.denominator,
        "settled": received.numerator,
        "other": received.printed,
    }
    return Claim("T1", N_("办结率"), sentence, values, _beside(snapshot, SETTLED), TICKETS)


def _satisfied(snapshot: Snapshot) -> Claim:
    rated, base = snapshot.rates["V4"], snapshot.rates["V6"]
    sentence = N_(
        "应回访 %(base)s 件，作出评价 %(answers)s 件，其中满意 %(good)s 件，"
        "满意率（参评）%(share)s；没有评价不算满意，总体下限 %(floor)s。"
    )
    values: dict[str, str | int] = {
        "base": base.denominator,
        "answers": rated.denominator,
        "good": rated.numerator,
        "share": rated.printed,
        "floor": base.printed,
    }
    return Claim("V4", N_("满意率"), sentence, values, _beside(snapshot, SATISFIED), ANSWERS)


def _recovered(snapshot: Snapshot) -> Claim:
    sentence = N_(
        "本期到账 %(paid)s 元：银行凭证 %(bank)s 元，职工确认 %(worker)s 元，单位陈述 %(unit)s 元；"
        "本期受理的诉求主张 %(claimed)s 元，约定 %(agreed)s 元。只有到账的钱才算追回。"
    )
    sums = {
        "paid": "sum_paid",
        "bank": "sum_paid_by_bank",
        "worker": "sum_paid_by_worker",
        "unit": "sum_paid_by_unit",
        "claimed": "sum_claimed",
        "agreed": "sum_agreed",
    }
    values = {name: yuan(snapshot.counts.get(fact, 0)) for name, fact in sums.items()}
    return Claim("T13", N_("追回欠薪"), sentence, values, _beside(snapshot, RECOVERED), PAYMENTS)


def waits(snapshot: Snapshot) -> Sequence[tuple[int | None, int]]:
    """Return how many callers hung up in the queue within each band; None stands for longer.

    A band begins where the one before it ended.
    """
    left = HISTOGRAMS["left_after"]
    ends = [*(left.upto(seconds) for seconds in BANDS), left.names()]
    within = [sum(snapshot.counts.get(name, 0) for name in names) for names in ends]
    bands = [n - before for before, n in pairwise([0, *within])]
    return [*zip([*BANDS, None], bands, strict=True)]
