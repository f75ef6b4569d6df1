"""The life of a ticket, as a table: contract, section 6.

Read it top to bottom: what may be done, from where, to where, by whom, under which
guards. Nothing else in the code changes `Ticket.state`. No framework here.
"""

import datetime as dt
from enum import StrEnum
from typing import Final, NamedTuple

from hotline.core.errors import GuardFailed, TransitionNotAllowed
from hotline.core.roles import Role
from hotline.core.words import N_


class State(StrEnum):
    """Who holds the matter."""

    RECEIVED = "received"
    DISPATCHED = "dispatched"
    RETURN_REVIEW = "return_review"
    IN_PROGRESS = "in_progress"
    AWAITING_CALLER = "awaiting_caller"
    SUSPENDED = "suspended"
    RESULT_REVIEW = "result_review"
    RESOLVED = "resolved"
    APPRAISAL_REVIEW = "appraisal_review"
    SURVEYED = "surveyed"
    ARCHIVED = "archived"
    VOIDED = "voided"
    MERGED = "merged"


class Action(StrEnum):
    """What may be done to a ticket."""

    TAKE = "take"
    DISPATCH = "dispatch"
    ANSWER_DIRECTLY = "answer_directly"
    REJECT_INTAKE = "reject_intake"
    TRANSFER_OUT = "transfer_out"
    MERGE = "merge"
    VOID = "void"
    WITHDRAW = "withdraw"
    UNMERGE = "unmerge"
    SIGN = "sign"
    RECALL = "recall"
    REQUEST_RETURN = "request_return"
    ACCEPT_RETURN = "accept_return"
    REFUSE_RETURN = "refuse_return"
    HAND_DOWN = "hand_down"
    ASK_CALLER = "ask_caller"
    CALLER_REPLIED = "caller_replied"
    REPLY_TIMEOUT = "reply_timeout"
    SUSPEND = "suspend"
    RESUME = "resume"
    SUBMIT_RESULT = "submit_result"
    RESOLVE = "resolve"
    BOUNCE = "bounce"
    APPROVE = "approve"
    SURVEY_SATISFIED = "survey_satisfied"
    SURVEY_DISSATISFIED = "survey_dissatisfied"
    SURVEY_UNREACHABLE = "survey_unreachable"
    SURVEY_NOT_POSSIBLE = "survey_not_possible"
    ORDER_REWORK = "order_rework"
    UPHOLD_RESULT = "uphold_result"
    REOPEN = "reopen"
    ARCHIVE = "archive"
    UNSEAL = "unseal"


class Guard(StrEnum):
    """A condition beside state and role; `guards.py` says how each is judged."""

    CLASSIFIED = "classified"
    OWN_UNIT = "own_unit"
    LEAD_UNIT = "lead_unit"
    INQUIRY = "inquiry"
    CALM = "calm"
    SIMPLE = "simple"
    NOT_CONFIDENTIAL = "not_confidential"
    TARGET_OPEN = "target_open"
    HOLDS_NONE = "holds_none"
    NO_EMPLOYER_COMPLAINT = "no_employer_complaint"
    IN_RETURN_WINDOW = "in_return_window"
    RETURNS_LEFT = "returns_left"
    BINDING_RULING = "binding_ruling"
    SUBORDINATE = "subordinate"
    REMINDED = "reminded"
    REVIEW_SOON = "review_soon"
    NOT_HANDLER = "not_handler"
    NOT_REVIEWER = "not_reviewer"
    SURVEYOR_APART = "surveyor_apart"
    UNANSWERED = "unanswered"
    REWORKS_LEFT = "reworks_left"
    REOPEN_WINDOW = "reopen_window"
    ARCHIVE_AGE = "archive_age"
    NO_OBLIGATION = "no_obligation"


class Transition(NamedTuple):
    """One row of the table."""

    action: Action
    sources: tuple[State, ...]
    target: State
    who: tuple[Role, ...]
    guards: tuple[Guard, ...] = ()
    second: tuple[Role, ...] = ()  # a second person of these roles approves first
    undo: Action | None = None  # the row that takes it back, for `UNDO_FOR`


S, A, R, G = State, Action, Role, Guard
OP, DI, HA, RE, SU, BOSS, SYS = (
    R.OPERATOR,
    R.DISPATCHER,
    R.HANDLER,
    R.REVIEWER,
    R.SURVEYOR,
    R.SUPERVISOR,
    R.SYSTEM,
)

# fmt: off
TRANSITIONS: Final = (
    #          action                 from                             to                  who may       guards
    Transition(A.TAKE,                (S.RECEIVED,),                   S.IN_PROGRESS,      (OP, DI),     (G.CLASSIFIED, G.OWN_UNIT)),
    Transition(A.DISPATCH,            (S.RECEIVED,),                   S.DISPATCHED,       (DI, SYS),    (G.CLASSIFIED,), undo=A.RECALL),
    Transition(A.ANSWER_DIRECTLY,     (S.RECEIVED,),                   S.RESOLVED,         (OP,),        (G.CLASSIFIED, G.INQUIRY, G.CALM)),
    Transition(A.REJECT_INTAKE,       (S.RECEIVED,),                   S.RESOLVED,         (DI,),        (G.CLASSIFIED,)),
    Transition(A.TRANSFER_OUT,        (S.RECEIVED,),                   S.RESOLVED,         (DI,),        (G.CLASSIFIED,)),
    Transition(A.MERGE,               (S.RECEIVED,),                   S.MERGED,           (DI,),        (G.TARGET_OPEN, G.HOLDS_NONE), undo=A.UNMERGE),
    Transition(A.VOID,                (S.RECEIVED,),                   S.VOIDED,           (DI,),        (G.NO_EMPLOYER_COMPLAINT,), second=(DI, BOSS)),
    Transition(A.WITHDRAW,            (S.RECEIVED, S.IN_PROGRESS),     S.RESOLVED,         (OP, HA),     (G.CLASSIFIED,)),
    Transition(A.UNMERGE,             (S.MERGED,),                     S.RECEIVED,         (DI,)),
    Transition(A.SIGN,                (S.DISPATCHED,),                 S.IN_PROGRESS,      (HA, OP),     (G.LEAD_UNIT,)),
    Transition(A.RECALL,              (S.DISPATCHED,),                 S.RECEIVED,         (DI,)),
    Transition(A.REQUEST_RETURN,      (S.DISPATCHED, S.IN_PROGRESS),   S.RETURN_REVIEW,    (HA,),        (G.LEAD_UNIT, G.IN_RETURN_WINDOW, G.RETURNS_LEFT)),
    Transition(A.ACCEPT_RETURN,       (S.RETURN_REVIEW,),              S.RECEIVED,         (DI,)),
    Transition(A.REFUSE_RETURN,       (S.RETURN_REVIEW,),              S.DISPATCHED,       (DI, BOSS),   (G.BINDING_RULING,)),
    Transition(A.HAND_DOWN,           (S.IN_PROGRESS,),                S.DISPATCHED,       (HA,),        (G.LEAD_UNIT, G.SUBORDINATE)),
    Transition(A.ASK_CALLER,          (S.IN_PROGRESS,),                S.AWAITING_CALLER,  (HA, OP, DI), (G.LEAD_UNIT,), undo=A.CALLER_REPLIED),
    Transition(A.CALLER_REPLIED,      (S.AWAITING_CALLER,),            S.IN_PROGRESS,      (OP, HA, SYS)),
    Transition(A.REPLY_TIMEOUT,       (S.AWAITING_CALLER,),            S.IN_PROGRESS,      (SYS,),       (G.REMINDED,)),
    Transition(A.SUSPEND,             (S.IN_PROGRESS,),                S.SUSPENDED,        (HA, OP, DI), (G.LEAD_UNIT, G.REVIEW_SOON), second=(BOSS,)),
    Transition(A.RESUME,              (S.SUSPENDED,),                  S.IN_PROGRESS,      (BOSS, SYS)),
    Transition(A.SUBMIT_RESULT,       (S.IN_PROGRESS,),                S.RESULT_REVIEW,    (HA, OP, DI), (G.CLASSIFIED, G.LEAD_UNIT)),
    Transition(A.RESOLVE,             (S.IN_PROGRESS,),                S.RESOLVED,         (HA, OP, DI), (G.CLASSIFIED, G.OWN_UNIT, G.SIMPLE, G.CALM, G.NOT_CONFIDENTIAL)),
    Transition(A.BOUNCE,              (S.RESULT_REVIEW,),              S.IN_PROGRESS,      (RE,),        (G.NOT_HANDLER,)),
    Transition(A.APPROVE,             (S.RESULT_REVIEW,),              S.RESOLVED,         (RE,),        (G.NOT_HANDLER,)),
    Transition(A.SURVEY_SATISFIED,    (S.RESOLVED,),                   S.SURVEYED,         (SU, SYS),    (G.SURVEYOR_APART,)),
    Transition(A.SURVEY_DISSATISFIED, (S.RESOLVED,),                   S.APPRAISAL_REVIEW, (SU, SYS),    (G.SURVEYOR_APART,)),
    Transition(A.SURVEY_UNREACHABLE,  (S.RESOLVED,),                   S.SURVEYED,         (SYS,)),
    Transition(A.SURVEY_NOT_POSSIBLE, (S.RESOLVED,),                   S.SURVEYED,         (SYS, SU),    (G.SURVEYOR_APART,)),
    Transition(A.SURVEY_SATISFIED,    (S.SURVEYED,),                   S.SURVEYED,         (SU, SYS),    (G.UNANSWERED, G.SURVEYOR_APART)),
    Transition(A.SURVEY_DISSATISFIED, (S.SURVEYED,),                   S.APPRAISAL_REVIEW, (SU, SYS),    (G.UNANSWERED, G.SURVEYOR_APART)),
    Transition(A.ORDER_REWORK,        (S.APPRAISAL_REVIEW,),           S.DISPATCHED,       (BOSS,),      (G.REWORKS_LEFT,)),
    Transition(A.UPHOLD_RESULT,       (S.APPRAISAL_REVIEW,),           S.SURVEYED,         (BOSS,),      (G.NOT_REVIEWER,)),
    Transition(A.REOPEN,              (S.RESOLVED, S.SURVEYED),        S.RECEIVED,         (BOSS,),      (G.REOPEN_WINDOW,)),
    Transition(A.ARCHIVE,             (S.SURVEYED,),                   S.ARCHIVED,         (SYS,),       (G.ARCHIVE_AGE, G.NO_OBLIGATION)),
    Transition(A.UNSEAL,              (S.ARCHIVED,),                   S.SURVEYED,         (BOSS,),      second=(BOSS, R.ADMIN)),
)

LABELS: Final = {
    S.RECEIVED:         N_("已受理·待派单"),
    S.DISPATCHED:       N_("已派单·待签收"),
    S.RETURN_REVIEW:    N_("退单待审"),
    S.IN_PROGRESS:      N_("办理中"),
    S.AWAITING_CALLER:  N_("待补充"),
    S.SUSPENDED:        N_("挂账"),
    S.RESULT_REVIEW:    N_("办结待审"),
    S.RESOLVED:         N_("已办结·待回访"),
    S.APPRAISAL_REVIEW: N_("不满意待判"),
    S.SURVEYED:         N_("已回访"),
    S.ARCHIVED:         N_("归档"),
    S.VOIDED:           N_("无效"),
    S.MERGED:           N_("已合并"),
}

ACTION_LABELS: Final = {
    A.TAKE:                N_("接办"),
    A.DISPATCH:            N_("派单"),
    A.ANSWER_DIRECTLY:     N_("直接答复"),
    A.REJECT_INTAKE:       N_("不予受理"),
    A.TRANSFER_OUT:        N_("转出"),
    A.MERGE:               N_("合并"),
    A.VOID:                N_("作废"),
    A.WITHDRAW:            N_("撤回诉求"),
    A.UNMERGE:             N_("取消合并"),
    A.SIGN:                N_("签收"),
    A.RECALL:              N_("撤回派单"),
    A.REQUEST_RETURN:      N_("申请退单"),
    A.ACCEPT_RETURN:       N_("同意退单"),
    A.REFUSE_RETURN:       N_("驳回退单"),
    A.HAND_DOWN:           N_("下派"),
    A.ASK_CALLER:          N_("请职工补充"),
    A.CALLER_REPLIED:      N_("职工已补充"),
    A.REPLY_TIMEOUT:       N_("补充超时"),
    A.SUSPEND:             N_("申请挂账"),
    A.RESUME:              N_("恢复办理"),
    A.SUBMIT_RESULT:       N_("提交办理结果"),
    A.RESOLVE:             N_("办结"),
    A.BOUNCE:              N_("退回补办"),
    A.APPROVE:             N_("审核通过"),
    A.SURVEY_SATISFIED:    N_("回访满意"),
    A.SURVEY_DISSATISFIED: N_("回访不满意"),
    A.SURVEY_UNREACHABLE:  N_("回访未联系上"),
    A.SURVEY_NOT_POSSIBLE: N_("无法回访"),
    A.ORDER_REWORK:        N_("责成重办"),
    A.UPHOLD_RESULT:       N_("维持结果"),
    A.REOPEN:              N_("重新打开"),
    A.ARCHIVE:             N_("归档"),
    A.UNSEAL:              N_("启封"),
}
# fmt: on

UNDO_FOR: Final = dt.timedelta(seconds=10)  # what is told to the caller waits so long
SETTLED: Final = frozenset({S.RESOLVED, S.APPRAISAL_REVIEW, S.SURVEYED, S.ARCHIVED})
ENDED: Final = frozenset({S.ARCHIVED, S.VOIDED, S.MERGED})
OPEN: Final = frozenset(State) - SETTLED - ENDED
PAUSED: Final = frozenset({S.AWAITING_CALLER, S.SUSPENDED})
WITH_UNIT: Final = frozenset({S.DISPATCHED, S.IN_PROGRESS, S.AWAITING_CALLER, S.SUSPENDED})
SUBMITTED: Final = SETTLED | {S.RESULT_REVIEW}
_BY_KEY: Final = {(source, row.action): row for row in TRANSITIONS for source in row.sources}


def transition(state: State, action: Action) -> Transition:
    """Return the row that *action* takes from *state*.

    Raises:
        TransitionNotAllowed: There is none.
    """
    try:
        return _BY_KEY[state, action]
    except KeyError:
        raise TransitionNotAllowed(
            N_("工单现在是“%(state)s”，不能“%(action)s”。"),
            state=LABELS[state],
            action=ACTION_LABELS[action],
        ) from None


def require_not_ended(state: State) -> None:
    """Raise `GuardFailed` where a ticket has ended: nothing of it is changed any more."""
    if state in ENDED:
        raise GuardFailed(N_("工单已经结束，不能再改。"), guard="not_ended")


def actions(state: State) -> tuple[Action, ...]:
    """Return the actions that start in *state*, in the order of the table: the buttons."""
    return tuple(row.action for row in TRANSITIONS if state in row.sources)


def diagram() -> str:
    """Draw the table as a Mermaid state diagram, for the documentation."""
    arrows = [
        f"    {source} --> {row.target}: {row.action}"
        for row in TRANSITIONS
        for source in row.sources
    ]
    ends = [f"    {state} --> [*]" for state in sorted(ENDED)]
    return "\n".join(["stateDiagram-v2", "    [*] --> received", *arrows, *ends])
