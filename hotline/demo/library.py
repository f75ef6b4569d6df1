"""What the demo's hotline knows and writes: articles, one overdue, places to go, canned texts."""

import datetime as dt
from typing import Final

from sqlalchemy.orm import Session

from hotline.core.language import local
from hotline.core.roles import Role
from hotline.demo.cast import Cast
from hotline.demo.places import LEAGUES
from hotline.knowledge import basis, missed, queries, service
from hotline.knowledge.basis import Basis
from hotline.knowledge.queries import View
from hotline.knowledge.service import Words
from hotline.phrases import running
from hotline.phrases import service as phrases
from hotline.phrases.macros import Step
from hotline.phrases.models import Language
from hotline.stations import service as stations
from hotline.stations.models import Kind
from hotline.stations.service import Facts
from hotline.units import queries as units

MOST: Final = 50
LEFT: Final = 2  # drafts that still wait, so that a visitor can approve one
HALF_A_YEAR: Final = dt.timedelta(days=180)
SOON: Final = dt.timedelta(days=1)
HEATING: Final = Words(
    title="单位该不该发取暖补贴",
    variants=("冬季取暖补贴标准", "取暖费单位发不发"),
    answer="取暖补贴由单位规章制度或者集体合同约定。请先看单位的工资制度和集体合同，也可以请单位工会查询。"
    "约定了不发的，可以登记投诉。",
    laws=basis.read("劳动合同法 第30、51条"),
    category_code="A7",
    note="补充了集体合同",
)
MISSED: Final = (("探亲假", 4), ("高温津贴标准", 3), ("退役军人安置", 1))
HOURS: Final = "周一至周五 9:00-12:00 14:00-17:30；周六 10:00-14:00"
LINES: Final = (("法律援助热线", "12348"), ("人社咨询热线", "12333"), ("政务服务热线", "12345"))
EVERYBODY: Final = 1  # the topmost unit
PHRASES: Final = (
    ("材料", "zh", "请补充劳动合同、工资条或银行流水、考勤记录，拍照发来即可。工单编号{number}。"),
    ("材料", "mn", "Хөдөлмөрийн гэрээ, цалингийн баримтын зургийг илгээнэ үү. Дугаар {number}."),
    ("材料", "en", "Please send photos of your contract and pay slips. Your number is {number}."),
    ("转办", "zh", "{caller}反映的{category}已转{unit}办理，{due}前答复。"),
    ("未接", "zh", "{today}致电{caller}，无人接听，稍后再拨。"),
    ("已谈", "zh", "{today}与{employer}负责人通话，对方承认拖欠，答应先核对考勤再定支付日期。"),
)
MACROS: Final = (
    running.Plan(
        "核对后派单",
        (Step("note", "已核对分类和地区，{today}派单，办结期限{due}。"), Step("dispatch")),
        EVERYBODY,
    ),
    running.Plan(
        "请职工补材料",
        (
            Step("ask_caller", "劳动合同、工资条或银行流水、考勤记录的照片"),
            Step("note", "{today}已发短信请{caller}补材料，三天后再看。"),
        ),
        EVERYBODY,
    ),
    running.Plan(
        "年底欠薪加急",
        (Step("urgent", "年底欠薪，按冬季行动加急"), Step("urge", "请在{due}前答复{caller}。")),
        EVERYBODY,
    ),
)


def stock(session: Session, cast: Cast, now: dt.datetime) -> None:
    """Fill what supervisors keep, as of *now*: articles, stations, canned texts, macros."""
    writer, other = cast.by_role[Role.SUPERVISOR][:2]
    today = local(now).date()
    review = today + HALF_A_YEAR
    owner = units.unit(session, "hotline").id
    waiting = queries.page(session, View.WAITING, today, cursor=None, limit=MOST).items
    for at, entry in enumerate(waiting[LEFT:]):
        due = today + SOON if at == 0 else review
        service.approve(session, entry.article.id, 1, due, actor=other, now=now)
    first = Words(
        HEATING.title, "取暖补贴由单位规章约定。", laws=(Basis("劳动合同法", "30"),),
        category_code=HEATING.category_code,
    )  # fmt: skip
    article = service.add(session, first, owner, actor=writer, now=now)
    service.approve(session, article.id, 1, review, actor=other, now=now)
    service.revise(session, article.id, HEATING, owner, actor=writer, now=now)
    service.approve(session, article.id, 2, review, actor=other, now=now)
    for words, times in MISSED:
        for _time in range(times):
            missed.count(session, words, today)
    _places(session, cast, now)
    for shortcut, language, words in PHRASES:
        given = phrases.Words(shortcut, Language(language), words, EVERYBODY)
        phrases.add(session, given, actor=writer, now=now)
    for plan in MACROS:
        running.add(session, plan, actor=writer, now=now)


def _places(session: Session, cast: Cast, now: dt.datetime) -> None:
    actor, since = cast.by_role[Role.SUPERVISOR][0], dt.date(2026, 1, 1)
    codes = [code for league in LEAGUES for code in league.banners]
    found = [
        Facts(
            kind=Kind.STATION, name=f"演示工会驿站·{units.region(session, code).name}",
            region_code=code, address=f"演示大街{number}号", phone=f"0471-00000{number:02d}",
            hours=HOURS, valid_from=since,
        )
        for number, code in enumerate(codes, 1)
    ]  # fmt: skip
    found += [
        Facts(
            kind=Kind.HELPLINE, name=name, region_code="150000", phone=phone,
            hours="每天 全天", valid_from=since,
        )
        for name, phone in LINES
    ]  # fmt: skip
    for facts in found:
        stations.add(session, facts, actor=actor, now=now)
