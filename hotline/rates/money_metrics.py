"""The rates of money recovered (T13): what each divides, and what it says of itself."""

from typing import Final

from hotline.core.words import N_
from hotline.rates.formulas import MONEY as FEN
from hotline.rates.formulas import Metric
from hotline.rates.words import CLAIMED, PAID

MONEY: Final = (
    Metric(
        "T13",
        N_("追回率（金额）"),
        CLAIMED,
        "sum_claim_paid",
        "sum_claimed",
        {},
        N_("已到账金额 ÷ 主张金额；只有到账的钱才算追回，核实和约定的不算。"),
        sums=FEN,
    ),
    Metric(
        "T13-agreed",
        N_("约定兑现率（金额）"),
        CLAIMED,
        "sum_agreed_paid",
        "sum_agreed",
        {"not_agreed": "claims_not_agreed"},
        N_("有约定的诉求人已到账的金额 ÷ 约定金额。"),
        sums=FEN,
    ),
    Metric(
        "T13-people",
        N_("追回率（人数）"),
        CLAIMED,
        "claims_paid",
        "claims",
        {},
        N_("已有到账的诉求人 ÷ 全部诉求人；每张工单的每位诉求人计一次。"),
    ),
    *(
        Metric(
            f"T13-{proof}",
            name,
            PAID,
            f"sum_paid_by_{proof}",
            "sum_paid",
            {},
            N_("以该凭据为准的到账金额 ÷ 本期全部到账金额；凭据分银行凭证、职工确认、单位陈述。"),
            sums=FEN,
        )
        for proof, name in (
            ("bank", N_("到账占比（银行凭证）")),
            ("worker", N_("到账占比（职工确认）")),
            ("unit", N_("到账占比（单位陈述）")),
        )
    ),
)
