"""A file of tickets of another system: known again by the number they had there."""

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core.language import local
from hotline.core.roles import Actor, Permission
from hotline.core.words import N_
from hotline.deadlines.models import ServiceClass
from hotline.employers import queries as employers
from hotline.imports import columns
from hotline.imports.columns import Column, Faults
from hotline.imports.of_employers import NO_REGION
from hotline.imports.sorts import Sort, Values
from hotline.tickets import catalogue, confidence, importing
from hotline.tickets.importing import Ending
from hotline.tickets.intake import Intake
from hotline.tickets.models import Channel, DemandType, Outcome, Ticket, Urgency
from hotline.units import queries as units
from hotline.workers import service as workers

CHANNELS: Final = {
    "电话": Channel.CALL, "短信": Channel.SMS, "网页": Channel.WEB, "应用": Channel.APP,
    "信件": Channel.LETTER, "来访": Channel.VISIT, "转来": Channel.TRANSFER,
}  # fmt: skip
DEMANDS: Final = {
    "问题咨询": DemandType.INQUIRY, "信访投诉": DemandType.COMPLAINT,
    "法律服务": DemandType.LEGAL, "意见建议": DemandType.SUGGESTION, "帮扶救助": DemandType.HELP,
    "感谢表扬": DemandType.PRAISE, "其他": DemandType.OTHER,
}  # fmt: skip
URGENCIES: Final = {"一般": Urgency.NORMAL, "紧急": Urgency.URGENT, "特急": Urgency.CRITICAL}
LEVELS: Final = {"公开": 0, "对用人单位保密": 1, "对承办单位也保密": 2}
NAMED_ONLY: Final = "只限两名指定人员"
OUTCOMES: Final = {
    "已直接答复": Outcome.ANSWERED_DIRECT, "已解决": Outcome.SOLVED,
    "部分解决": Outcome.PARTLY_SOLVED, "已解释未解决": Outcome.EXPLAINED,
    "导入法定程序": Outcome.CHANNELLED, "已转出": Outcome.TRANSFERRED,
    "不予受理并告知": Outcome.REJECTED, "诉求撤回": Outcome.WITHDRAWN,
}  # fmt: skip
STATES: Final = {"未办结": False, "已办结": True}
ENDING: Final = ("resolved_at", "outcome", "reply")
SETTLED_NEEDS: Final = N_("已办结的必填")
OPEN_HAS_NONE: Final = N_("未办结的不填")
CLASSIFIED: Final = ("category_code", "region_code", "demand_type")
GIVEN: Final = (
    "foreign_number", "channel", "narrative", "subject", *CLASSIFIED, "employer", "project",
    "head_count", "urgency",
)  # fmt: skip


def _level(text: str) -> Any:
    """Read how confidential a matter is; a file passes through more hands than two."""
    if text == NAMED_ONLY:
        raise columns.Unreadable(
            N_("只限两名指定人员的不能随文件导入：请由其中一人在页面上登记，并从文件里删去这一行")
        )
    return columns.one_of(LEVELS)(text)


COLUMNS: Final = (
    Column("foreign_number", N_("外部编号"), columns.words(60), "旧系统-2025-0007", required=True),
    Column("received_at", N_("受理时间"), columns.moment, "2025-11-03 09:30", required=True),
    Column("channel", N_("渠道"), columns.one_of(CHANNELS), "电话", required=True),
    Column("narrative", N_("诉求内容"), columns.words(8000), "示例：拖欠两个月工资", required=True),
    Column("subject", N_("主题"), columns.words(200), "示例：拖欠工资"),
    Column("caller", N_("来电号码"), columns.phone, "13800000001"),
    Column("name", N_("姓名"), columns.words(200), "演示甲"),
    Column("category_code", N_("类别代码"), columns.code(8), "A2"),
    Column("region_code", N_("地区代码"), columns.code(6), "150102"),
    Column("demand_type", N_("诉求类型"), columns.one_of(DEMANDS), "信访投诉"),
    Column("confidential_level", N_("保密级别"), _level, "对用人单位保密"),
    Column("employer", N_("用人单位"), columns.words(200), "演示建筑有限公司"),
    Column("project", N_("项目或工地"), columns.words(200)),
    Column("head_count", N_("涉及人数"), columns.count, "1"),
    Column("urgency", N_("紧急程度"), columns.one_of(URGENCIES), "一般"),
    Column("settled", N_("状态"), columns.one_of(STATES), "已办结", required=True),
    Column("resolved_at", N_("办结时间"), columns.moment, "2025-11-07 16:00"),
    Column("outcome", N_("办理结果"), columns.one_of(OUTCOMES), "已解决"),
    Column("reply", N_("答复内容"), columns.words(4000), "示例：单位已补发工资"),
)


def known(session: Session, keys: Sequence[str]) -> set[str]:
    """Return those of these outside numbers under which a ticket was taken over."""
    found = select(Ticket.foreign_number).where(
        Ticket.import_id.is_not(None), Ticket.foreign_number.in_(keys)
    )
    return {number for number in session.scalars(found) if number}


def faults(session: Session, rows: Sequence[Values], now: dt.datetime) -> Sequence[Faults]:
    """Return which of these rows name what no list has, or contradict themselves."""
    regions = {None, *(row.code for row in units.regions(session))}
    today = local(now).date()
    first = session.scalars(select(ServiceClass.valid_from).order_by(ServiceClass.valid_from))
    began = first.first() or dt.date.max
    return [
        _times(row, began, now)
        | _ending(row)
        | ({} if row.get("region_code") in regions else {"region_code": NO_REGION})
        | _category(session, row, today)
        for row in rows
    ]


def _category(session: Session, row: Values, today: dt.date) -> Faults:
    code = row.get("category_code")
    if code and catalogue.category(session, code) is None:
        return {"category_code": N_("没有这个类别代码")}
    wrong = None if row.get("settled") else catalogue.fault(session, code, today)
    return {"category_code": wrong} if wrong else {}


def _times(row: Values, began: dt.date, now: dt.datetime) -> Faults:
    received, resolved = row.get("received_at"), row.get("resolved_at")
    wrong: Faults = {}
    if received and not (received <= now and local(received).date() >= began):
        wrong["received_at"] = N_("须在今天以前，且不早于时限规则开始的日子")
    if received and resolved and not received <= resolved <= now:
        wrong["resolved_at"] = N_("须在受理以后、今天以前")
    return wrong


def _ending(row: Values) -> Faults:
    if "settled" not in row:
        return {}
    if row["settled"]:
        needed = (*ENDING, *CLASSIFIED)
        return {name: SETTLED_NEEDS for name in needed if row.get(name) is None}
    return {name: OPEN_HAS_NONE for name in ENDING if row.get(name) is not None}


def keep(session: Session, values: Values, import_id: int, actor: Actor, now: dt.datetime) -> int:
    """Take a matter over; a settled one comes with its ending."""
    ending = (
        Ending(values["outcome"], values["reply"], values["resolved_at"])
        if values["settled"]
        else None
    )
    matter = _matter(session, values, now)
    receipt = importing.take_over(
        session, matter, received_at=values["received_at"], ending=ending, import_id=import_id,
        actor=actor, now=now,
    )  # fmt: skip
    return receipt.id


def _matter(session: Session, values: Values, now: dt.datetime) -> Intake:
    worker = workers.identify(session, values.get("caller"), now)
    worker.name = worker.name or values.get("name")
    employer = employers.named(session, values.get("employer"))
    given = {name: values[name] for name in GIVEN if values.get(name) is not None}
    least = confidence.default_level(values.get("demand_type"), values.get("employer"))
    levels = [level for level in (values.get("confidential_level"), least) if level is not None]
    matter = Intake(
        **given,
        worker_id=worker.id,
        employer_id=employer.id if employer else None,
        confidential_level=max(levels, default=None),
    )
    return dataclasses.replace(matter, about_unit_id=confidence.complained_of(session, matter, now))


SORT: Final = Sort(Permission.TICKET_WRITE, COLUMNS, ("foreign_number",), known, faults, keep)
