"""What a page says when something did not work: what happened, what to do, a number to quote."""

import secrets
from http import HTTPStatus
from typing import Final, NamedTuple

import structlog
from flask import Flask, Response, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from hotline.core.errors import HotlineError, Invalid
from hotline.core.language import gettext
from hotline.core.words import N_

log = structlog.get_logger()


class Advice(NamedTuple):
    """The words for one status."""

    title: str
    advice: str
    icon: str


ADVICE: Final = {
    400: Advice(
        N_("页面已过期"), N_("请返回上一页，刷新后再提交；已填写的文字请先复制。"), "rotate-ccw"
    ),
    403: Advice(
        N_("没有权限"), N_("请班长或管理员为您开通，或者把工单编号转给有权限的同事。"), "lock"
    ),
    404: Advice(N_("没有找到"), N_("请核对编号；工单可能不在您的单位范围内。"), "search"),
    405: Advice(N_("不能这样访问"), N_("请从页面上的按钮进入。"), "ban"),
    409: Advice(N_("内容已被别人更新"), N_("请打开最新内容，看过以后再做。"), "refresh-cw"),
    413: Advice(N_("内容太大"), N_("请把文件控制在 8 MB 以内，或分次上传。"), "upload"),
    422: Advice(N_("还不能这样做"), N_("请按下面的说明改正，再提交一次。"), "circle-alert"),
    429: Advice(N_("操作太频繁"), N_("请稍等一分钟再试。"), "timer"),
    500: Advice(
        N_("系统出错了"), N_("请重试；如果仍不行，请把错误号告诉管理员。"), "octagon-alert"
    ),
    503: Advice(N_("系统暂时忙"), N_("文字仍在本机。请过几秒钟再试，来电不受影响。"), "wifi-off"),
}
OTHER_DOORS: Final = ("/api/", "/phone/", "/metrics", "/healthz", "/readyz")


def said(error: HotlineError) -> str:
    """Return the error's own sentence in the reader's language."""
    return str(gettext(error.detail, **{k: _in_words(v) for k, v in error.values.items()}))


def _in_words(value: object) -> object:
    return gettext(value) if isinstance(value, str) and value else value


def register(app: Flask) -> None:
    """Answer every error of a page with a page, or with the few lines a form needs."""
    app.register_error_handler(HotlineError, on_purpose)
    app.register_error_handler(CSRFError, of_http)
    app.register_error_handler(HTTPException, of_http)
    app.register_error_handler(InternalServerError, by_surprise)


def on_purpose(error: HotlineError) -> ResponseReturnValue:
    """Show a refusal; somebody unknown is sent to the login first."""
    if error.status == HTTPStatus.FORBIDDEN and g.get("actor") is None and not _elsewhere():
        return _to_login()
    fields = error.errors if isinstance(error, Invalid) else {}
    return _page(int(error.status), said(error), {k: gettext(v) for k, v in fields.items()})


def of_http(error: HTTPException) -> ResponseReturnValue:
    """Show what the router or the form protection refused."""
    if _elsewhere() or error.response is not None:
        return error
    return _page(error.code or 500, "")


def by_surprise(error: InternalServerError) -> ResponseReturnValue:
    """Show a failure nobody foresaw, under a number that the log knows too."""
    return _page(500, "")


def _elsewhere() -> bool:
    return request.path.startswith(OTHER_DOORS)


def _page(status: int, sentence: str, fields: dict[str, str] | None = None) -> Response:
    number = secrets.token_hex(4).upper()
    log.info("page.error", status=status, number=number, path=request.path)
    words = ADVICE.get(status, ADVICE[500 if status >= 500 else 400])  # noqa: PLR2004 - HTTP's own
    fragment = "HX-Request" in request.headers
    response = make_response(
        render_template(
            "errors/lines.html" if fragment else "errors/page.html",
            status=status,
            words=words,
            sentence=sentence,
            fields=fields or {},
            number=number,
        ),
        status,
    )
    if status in {429, 503}:
        response.headers["Retry-After"] = "5"
    return response


def _to_login() -> Response:
    where = request.full_path if request.method == "GET" else None
    if "HX-Request" not in request.headers:
        return redirect(url_for("web.login.show", next=where))  # type: ignore[return-value]  # Flask's own response class
    response = make_response("", 401)
    response.headers["HX-Redirect"] = url_for("web.login.show")
    return response
