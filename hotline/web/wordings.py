"""The texts of SMS: what each says in each language, how long it is, and its next version."""

from typing import Any, Final

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.core.db import Session, reading, transaction
from hotline.core.doors import current_actor, permits
from hotline.core.language import _
from hotline.core.roles import Permission
from hotline.core.time import utcnow
from hotline.core.words import N_
from hotline.messages import wording, wordings
from hotline.staff import queries as staff
from hotline.web import forms

bp = Blueprint("wordings", __name__, url_prefix="/wordings")

LANGUAGES: Final = {"zh": N_("汉语"), "en": N_("英语")}
# fmt: off
USES: Final = {
    "ack": N_("受理告知：还没有分类"), "ack_classified": N_("受理告知：已分类"),
    "progress_received": N_("查进度：待派单"), "progress_working": N_("查进度：办理中"),
    "progress_awaiting": N_("查进度：待补充"), "progress_settled": N_("查进度：已办结"),
    "progress_none": N_("查进度：没有查到"), "merged": N_("并入同一件事"),
    "opted_in": N_("恢复短信通知"), "ask": N_("请职工补充"), "ask_again": N_("再次请职工补充"),
    "result": N_("办理结果"), "rejected": N_("不予受理"), "transferred": N_("转出"),
    "extension": N_("延期"), "rework": N_("重新办理"), "upheld": N_("维持结果"),
    "survey": N_("回访邀请"), "survey_again": N_("再次回访邀请"),
    "station": N_("驿站和热线"), "station_ask": N_("驿站：问在哪里"),
    "station_none": N_("驿站：没有查到"),
    "callback_tried": N_("回拨未接通"),
    "staff_reminder": N_("员工：时限提醒"), "staff_overdue": N_("员工：超期督办"),
    "staff_crisis_brief": N_("员工：危机未呈报"), "staff_crisis_follow": N_("员工：危机未跟进"),
    "staff_mass": N_("员工：疑似群体事件"),
    "staff_mass_report": N_("员工：群体事件报情况"), "staff_second": N_("员工：等待第二人"),
    "staff_urged": N_("员工：列为督办"), "staff_crisis": N_("员工：留言说到危险"),
    "staff_bundle": N_("员工：多件合并提醒"),
}
VARIABLES: Final = {
    "number": N_("工单编号"), "pin": N_("查询码"), "due": N_("期限"), "at": N_("时刻"),
    "missing": N_("缺少的材料"), "reply": N_("答复内容"), "reason": N_("理由"),
    "route": N_("正确途径"), "receiver": N_("接收单位"), "what": N_("名称、地址、电话、时间"),
    "rung": N_("第几级"), "level": N_("督办级别"), "percent": N_("已用百分比"), "count": N_("件数"),
}
# fmt: on


@bp.get("")
@permits(Permission.POLICY_WRITE)
def index() -> ResponseReturnValue:
    """List every text of a language with the length of its sample."""
    language = next((each for each in LANGUAGES if each == request.args.get("language")), "zh")
    with reading() as session:
        ours = wordings.in_force(session, language)
    texts = {
        template: ours[template].words if template in ours else wording.built_in(template, language)
        for template in USES
    }
    samples = {name: wordings.sample(name, language, words) for name, words in texts.items()}
    known = {"language": language, "languages": LANGUAGES, "uses": USES, "ours": ours}
    return render_template("wordings/index.html", texts=texts, samples=samples, **known)


@bp.get("/<template>/<language>")
@permits(Permission.POLICY_WRITE)
def show(template: str, language: str) -> ResponseReturnValue:
    """Show one text: its form, its length, its versions."""
    wordings.require_known(template, language)
    with reading() as session:
        return render_template("wordings/show.html", **_page(session, template, language))


def _page(session: Session, template: str, language: str) -> dict[str, Any]:
    rows = wordings.versions(session, template, language)
    first = wording.built_in(template, language)
    words = rows[0].words if rows else first
    return {
        "template": template,
        "language": language,
        "languages": LANGUAGES,
        "use": USES[template],
        "versions": rows,
        "people": staff.staff_by_ids(session, {row.written_by for row in rows}),
        "first": first,
        "gaps": {name: VARIABLES[name] for name in sorted(wordings.variables(template))},
        **_tried(template, language, words),
    }


def _tried(template: str, language: str, words: str) -> dict[str, Any]:
    return {
        "words": words,
        "sample": wordings.sample(template, language, words),
        "fault": wordings.fault(template, language, words),
        "most": wordings.MOST_SEGMENTS,
    }


@bp.post("/<template>/<language>/try")
@permits(Permission.POLICY_WRITE)
def try_out(template: str, language: str) -> ResponseReturnValue:
    """Show how what is typed would be sent, without keeping it."""
    wordings.require_known(template, language)
    tried = _tried(template, language, request.form.get("words", "").strip())
    if "HX-Request" in request.headers:
        return render_template("wordings/sample.html", **tried)
    with reading() as session:
        page = _page(session, template, language) | tried
        return render_template("wordings/show.html", reason=request.form.get("reason"), **page)


@bp.post("/<template>/<language>")
@permits(Permission.POLICY_WRITE)
def write(template: str, language: str) -> ResponseReturnValue:
    """Say what is typed from now on."""
    actor, now, seen = current_actor(), utcnow(), forms.version(request.form) or 0
    words, reason = (request.form.get(name, "").strip() for name in ("words", "reason"))

    def work(session: Session) -> None:
        given = (template, language, words, reason)
        wordings.write(session, *given, after=seen, actor=actor, now=now)

    transaction(work)
    return forms.done(url_for(".show", template=template, language=language), _("新版本已保存"))
