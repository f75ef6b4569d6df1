"""The intake form: what an operator, a letter or a program tells of a new matter."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from hotline.core.errors import Invalid
from hotline.core.rows import LAST_ID
from hotline.core.time import of_our_age
from hotline.core.words import N_
from hotline.telephony.numbers import normalise
from hotline.tickets.demands import LONGEST, MOST
from hotline.tickets.models import Channel, DemandType, Urgency

CLASSIFYING: Final = ("category", "region", "demand_type", "confidential_level")
HIDDEN: Final = frozenset({"", "anonymous", "unknown"})

WRONG: Final = {
    "missing": N_("请填写"),
    "string_too_short": N_("请填写"),
    "string_too_long": N_("太长了"),
    "extra_forbidden": N_("没有这个字段"),
    "enum": N_("请从列表中选择"),
    "value_error": N_("不是有效的电话号码"),
    "undated": N_("承诺要写明内容和时间"),
    "too_long": N_("太多了"),
}
OTHERWISE: Final = N_("填写有误")


def _nothing(value: Any) -> Any:
    """Read an empty field as one that was left out."""
    return None if isinstance(value, str) and not value.strip() else value


def _number(text: str | None) -> str | None:
    if text is None or text.strip().lower() in HIDDEN:
        return None
    number = normalise(text)
    if number is None:
        raise ValueError(WRONG["value_error"])
    return number


def _words(longest: int) -> Any:
    return StringConstraints(strip_whitespace=True, max_length=longest)


Maybe = BeforeValidator(_nothing)
Moment = Annotated[AwareDatetime, AfterValidator(of_our_age)]
Code = Annotated[Annotated[str, _words(40)] | None, Maybe]
Text = Annotated[Annotated[str, _words(200)] | None, Maybe]
Demanded = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST)
]
Id = Annotated[Annotated[int, Field(gt=0, le=LAST_ID)] | None, Maybe]


class IntakeForm(BaseModel):
    """The fields of contract §5, `POST /tickets`; all but channel and narrative may be left out.

    Attributes:
        caller: A number as people write it; kept as E.164, None for a hidden one.
        call, callback: The id of the call or callback that led here.
        employer_id: The employer of the register that is meant, where one was chosen.
        project: The site, shop or station.
        unknown: The fields that the caller was asked and could not answer.
        facts: What the form of the category asks for, by field; None is "does not know".
        demands: What the caller asks for, one line each.
        promise, promise_at: What the caller was promised, and until when; both or neither.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    channel: Channel
    narrative: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=8000)
    ]
    subject: Text = None
    caller: Annotated[str | None, Maybe, AfterValidator(_number)] = None
    name: Text = None
    language: Code = None
    category: Code = None
    demand_type: Annotated[DemandType | None, Maybe] = None
    region: Code = None
    employer: Text = None
    employer_id: Id = None
    project: Text = None
    confidential_level: Annotated[Annotated[int, Field(ge=0, le=3)] | None, Maybe] = None
    anonymous: bool = False
    call: Id = None
    callback: Id = None
    foreign_number: Annotated[Annotated[str, _words(60)] | None, Maybe] = None
    head_count: Annotated[Annotated[int, Field(ge=1)] | None, Maybe] = None
    urgency: Urgency = Urgency.NORMAL
    mass: bool = False
    unknown: frozenset[Literal["name", "region", "employer", "project", "head_count"]] = frozenset()
    facts: dict[str, Any] = Field(default_factory=dict)
    demands: Annotated[tuple[Demanded, ...], Field(max_length=MOST)] = ()
    promise: Text = None
    promise_at: Annotated[Moment | None, Maybe] = None

    @model_validator(mode="after")
    def _promise_is_dated(self) -> Self:
        if (self.promise is None) != (self.promise_at is None):
            raise PydanticCustomError("undated", "a promise has words and a moment")
        return self

    def whole(self) -> Self:
        """Return the form once it says what a person can always choose: R13 of the domain.

        Raises:
            Invalid: Subject, region, demand type or confidentiality is not chosen.
        """
        open_ = [name for name in CLASSIFYING if getattr(self, name) is None]
        if open_:
            raise Invalid(dict.fromkeys(open_, N_("登记前请选定")))
        return self

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Self:
        """Read a form or a JSON body.

        Raises:
            Invalid: One message for each field that is wrong.
        """
        try:
            return cls.model_validate(dict(given))
        except ValidationError as error:
            raise Invalid(
                {
                    ".".join(map(str, each["loc"])) or "promise": WRONG.get(each["type"], OTHERWISE)
                    for each in error.errors()
                }
            ) from error
