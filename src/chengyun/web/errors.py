"""Pages for what went wrong, in our voice: what, and what to do now. Never who is to blame, never an internal id."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chengyun.core.errors import NotReady, UserError
from chengyun.ui.htmx import wants_partial

Text = str | Promise


@dataclass(frozen=True)
class Problem:
    status: int
    title: Text
    now: Text


PROBLEMS = {
    400: Problem(400, _("这次提交不能办理"), _("请按提示修改后再提交，已填内容可按浏览器的返回键找回。")),
    403: Problem(403, _("您不能办理这一项"), _("需要办理时，请找值班长，或请系统管理员调整岗位。")),
    404: Problem(404, _("没有找到这个页面"), _("地址可能写错了，或内容不在您的管辖范围内；可从首页重新进入。")),
    409: Problem(409, _("别人已先一步办理"), _("内容已有变化，请看最新内容后再决定。")),
    500: Problem(500, _("系统出错，这次操作没有完成"), _("请稍后再试；仍不成功时，把时间和正在办的事告诉系统管理员。")),
    503: Problem(503, _("系统暂时不能使用"), _("请稍后再试；持续不能使用时告诉系统管理员。")),
    507: Problem(
        507, _("服务器磁盘已满，暂停写入"), _("已提交的内容没有丢失，查看不受影响；请通知系统管理员清理磁盘后再试。")
    ),
}
PREPARING = Problem(503, _("数据正在准备"), _("请过几分钟再看，其他页面照常使用。"))
FORGERY = _("页面停留太久，请返回上一页并刷新后重新提交。")


def answer(request: HttpRequest, error: UserError) -> HttpResponse:
    """A refused request as whoever asked can take it: JSON, a part of a page, or a page."""
    status = error.status
    if wants_json(request):
        return JsonResponse({"message": str(error), "field": error.field, "code": error.code}, status=status)
    return page(request, status, str(error), PREPARING if isinstance(error, NotReady) else None)


def unavailable(request: HttpRequest, status: int) -> HttpResponse:
    """The machine cannot, whoever asks; a program gets it as an RFC 9457 problem."""
    problem = PROBLEMS[status]
    if request.path.startswith("/api/"):
        body = {"type": "about:blank", "status": status, "title": str(problem.title), "detail": str(problem.now)}
        return JsonResponse(body, status=status, content_type="application/problem+json")
    return page(request, status)


def wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def page(request: HttpRequest, status: int, message: str = "", problem: Problem | None = None) -> HttpResponse:
    problem = problem or PROBLEMS.get(status, PROBLEMS[400])
    if wants_partial(request):
        return part(request, status, message or f"{problem.title}。{problem.now}")
    context = {
        "problem": problem,
        "message": message,
        "back": request.headers.get("Referer", ""),
        "request_id": request_id_of(request),
    }
    return render(request, "web/problem.html", context, status=status)


def request_id_of(request: HttpRequest) -> str:
    """What the log lines of this request carry; whoever reports a fault names it."""
    return str(request.META.get("chengyun.request_id", ""))


def part(request: HttpRequest, status: int, message: str) -> HttpResponse:
    context = {"message": message, "status": status, "again_url": request.headers.get("HX-Current-URL", "")}
    return HttpResponse(render_to_string("ui/_error.html", context), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, 403, str(exception))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Made without the database and without context processors: either may be what failed."""
    problem = PROBLEMS[500]
    if wants_partial(request):
        return part(request, 500, f"{problem.title}。{problem.now}")
    return HttpResponse(
        render_to_string("web/problem.html", {"problem": problem, "request_id": request_id_of(request)}), status=500
    )


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: usually a page left open over night."""
    return page(request, 403, str(FORGERY))
