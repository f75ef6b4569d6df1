"""What each action asks for: one table behind the forms, the API and the checks."""

import datetime as dt
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, Final, NamedTuple

from hotline.core.errors import Invalid
from hotline.core.rows import LAST_ID
from hotline.core.words import N_
from hotline.tickets import contact, findings
from hotline.tickets.states import Action

LONGEST: Final = 4000


class Kind(StrEnum):
    """How a field is asked for and read."""

    LINE = "line"
    TEXT = "text"
    UNIT = "unit"  # a unit's code
    UNITS = "units"  # codes
    TICKET = "ticket"  # a ticket's number
    CHOICE = "choice"  # one of `choices`
    REASON = "reason"  # a code of the reason list named in `choices`, or own words
    DATE = "date"
    MOMENT = "moment"
    SCORE = "score"  # 1–5, 1 is best
    FACTS = "facts"  # the category's result fields
    CONTACT = "contact"  # evidence that the worker was spoken with, or a reason why not
    ARTICLE = "article"  # the id of an approved version of an article
    OUTCOMES = "outcomes"  # of each demand, by its place in the list: 1, 2, …


class Field(NamedTuple):
    """One field of an action."""

    name: str
    kind: Kind
    label: str
    required: bool = False
    choices: tuple[str, ...] = ()


# fmt: off
A, K = Action, Kind
REASON: Final = Field("reason", K.TEXT, N_("理由"))
MUST: Final = Field("reason", K.TEXT, N_("理由"), required=True)
REPLY: Final = Field("reply", K.TEXT, N_("答复内容"), required=True)
ARTICLE: Final = Field("article", K.ARTICLE, N_("依据的知识条目"))
ENDINGS: Final = ("solved", "partly_solved", "explained_not_solved", "channelled")
RESULT: Final = (
    REPLY,
    ARTICLE,
    Field("result_code", K.CHOICE, N_("办理结果"), required=True,
          choices=ENDINGS),
    Field("demands", K.OUTCOMES, N_("每项诉求的结果"), choices=ENDINGS),
    Field("contact", K.CONTACT, N_("联系职工的凭据，或未联系的理由"), required=True),
    Field("fields", K.FACTS, N_("分类结果项")),
    Field("internal", K.TEXT, N_("内部办理情况（职工看不到）")),
)
SURVEY: Final = (
    Field("contacted", K.CHOICE, N_("承办单位联系过您吗"), choices=("yes", "no")),
    Field("solved", K.CHOICE, N_("您反映的问题解决了吗"), choices=("yes", "partly", "no")),
    Field("hotline_score", K.SCORE, N_("对热线服务满意吗")),
    Field("unit_score", K.SCORE, N_("对承办单位满意吗")),
    Field("score", K.SCORE, N_("对办理结果满意吗"), required=True),
    Field("channel", K.CHOICE, N_("回访方式"), choices=("sms", "keypress", "call", "person")),
    Field("comment", K.TEXT, N_("职工原话")),
)

FIELDS: Final[dict[Action, tuple[Field, ...]]] = {
    A.DISPATCH:            (Field("unit", K.UNIT, N_("主办单位")),
                            Field("assisting", K.UNITS, N_("协办单位"))),
    A.ANSWER_DIRECTLY:     (REPLY, ARTICLE),
    A.REJECT_INTAKE:       (Field("reason", K.REASON, N_("不予受理的理由"), True, ("reject",)),
                            Field("route", K.TEXT, N_("已告知职工的正确途径"), required=True)),
    A.TRANSFER_OUT:        (Field("receiver", K.LINE, N_("接收单位"), required=True),),
    A.MERGE:               (Field("target", K.TICKET, N_("并入工单号"), required=True),),
    A.VOID:                (Field("reason", K.REASON, N_("理由"), True, ("void",)),),
    A.WITHDRAW:            (Field("reason", K.TEXT, N_("职工撤回的原话或记录"), required=True),),
    A.REQUEST_RETURN:      (Field("reason", K.REASON, N_("退单理由"), True, ("return",)),
                            Field("basis", K.TEXT, N_("依据"), required=True),
                            Field("unit", K.UNIT, N_("建议单位"), required=True)),
    A.HAND_DOWN:           (Field("unit", K.UNIT, N_("下级单位"), required=True),),
    A.ASK_CALLER:          (Field("missing", K.TEXT, N_("缺少的材料"), required=True),),
    A.SUSPEND:             (Field("type", K.REASON, N_("挂账类型"), True, ("suspend",)),
                            Field("plan", K.TEXT, N_("后续计划"), required=True),
                            Field("review_on", K.DATE, N_("复核日期"), required=True)),
    A.SUBMIT_RESULT:       RESULT,
    A.RESOLVE:             RESULT,
    A.BOUNCE:              (Field("defect", K.REASON, N_("缺陷"), True, ("bounce",)),
                            Field("note", K.TEXT, N_("请补充什么"))),
    A.SURVEY_SATISFIED:    SURVEY,
    A.SURVEY_DISSATISFIED: SURVEY,
    A.SURVEY_NOT_POSSIBLE: (Field("reason", K.REASON, N_("理由"), True, ("not_possible",)),),
    A.ORDER_REWORK:        (MUST, Field("unit", K.UNIT, N_("重办单位")),
                            Field("due_at", K.MOMENT, N_("新的期限"))),
    A.UPHOLD_RESULT:       (MUST,),
    A.UNSEAL:              (MUST,),
}
# fmt: on


def fields_of(action: Action) -> tuple[Field, ...]:
    """Return the fields of *action*; those not in the table take a reason, if any."""
    return FIELDS.get(action, (REASON,))


def read(action: Action, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of *action* read from *given* (texts of a form or JSON values).

    Raises:
        Invalid: A field is missing, malformed or unknown; every fault is named at once.
    """
    table = {field.name: field for field in fields_of(action)}
    faults = {name: N_("没有这一项") for name in given if name not in table}
    values: dict[str, Any] = {}
    for field in table.values():
        value = given.get(field.name)
        if value is None or (isinstance(value, str) and not value.strip()):
            if field.required:
                faults[field.name] = N_("请填写")
            continue
        try:
            values[field.name] = READERS[field.kind](value, field)
        except findings.Unreadable as error:
            faults[f"{field.name}.{error}"] = N_("内容不合要求")
        except (ValueError, TypeError):
            faults[field.name] = WRONG.get(field.kind, N_("内容不合要求"))
    if faults:
        raise Invalid(faults)
    return values


def _text(value: Any, field: Field) -> str:
    if not isinstance(value, str) or len(value) > LONGEST:
        raise ValueError(field.name)
    return value.strip()


def _choice(value: Any, field: Field) -> str:
    if value not in field.choices:
        raise ValueError(field.name)
    return str(value)


def _codes(value: Any, field: Field) -> list[str]:
    codes = value.replace("，", ",").split(",") if isinstance(value, str) else list(value)
    return [_text(code, field) for code in codes if code]


def _score(value: Any, field: Field) -> int:
    score = int(value)
    if score not in range(1, 6) or isinstance(value, bool):
        raise ValueError(field.name)
    return score


def _article(value: Any, _field: Field) -> int:
    version_id = int(value)
    if isinstance(value, bool) or not 0 < version_id <= LAST_ID:
        raise ValueError(value)
    return version_id


def _moment(value: Any, field: Field) -> dt.datetime:
    moment = value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError(field.name)
    return moment.astimezone(dt.UTC)


def _date(value: Any, _field: Field) -> dt.date:
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(value)


def _facts(value: Any, field: Field) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError(field.name)
    return findings.read(value)


def _contact(value: Any, _field: Field) -> str | dict[str, str]:
    return contact.read(value)


def _outcomes(value: Any, field: Field) -> dict[str, str]:
    if not isinstance(value, dict) or any(each not in field.choices for each in value.values()):
        raise ValueError(field.name)
    return {str(int(place)): str(outcome) for place, outcome in value.items()}


WRONG: Final = {
    K.CONTACT: N_("写明联系方式和时间；没有联系的，写明理由"),
    K.ARTICLE: N_("请从列表中选择"),
}
READERS: Final[dict[Kind, Callable[[Any, Field], Any]]] = {
    K.LINE: _text,
    K.TEXT: _text,
    K.UNIT: _text,
    K.TICKET: _text,
    K.REASON: _text,
    K.CHOICE: _choice,
    K.UNITS: _codes,
    K.DATE: _date,
    K.MOMENT: _moment,
    K.SCORE: _score,
    K.FACTS: _facts,
    K.CONTACT: _contact,
    K.OUTCOMES: _outcomes,
    K.ARTICLE: _article,
}
