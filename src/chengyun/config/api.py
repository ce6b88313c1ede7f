"""The JSON API under /api/v1: its routers, and what went wrong as RFC 9457 problem details (docs/api.md)."""

from __future__ import annotations

from typing import Any, Final

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from chengyun.casework.cases.api import router as cases
from chengyun.casework.components.api import router as components
from chengyun.core.errors import UserError
from chengyun.insight.api import router as insight
from chengyun.insight.evaluation.api import router as evaluations
from chengyun.insight.reports.api import router as work_reports
from chengyun.insight.statistics.api import router as statistics
from chengyun.insight.targets.api import router as targets
from chengyun.people.api import TooManyCalls

MEDIA_TYPE: Final = "application/problem+json"
TITLES: Final = {
    400: gettext_lazy("请求不能办理"),
    401: gettext_lazy("令牌无效"),
    403: gettext_lazy("没有权限"),
    404: gettext_lazy("没有找到"),
    409: gettext_lazy("别人已先一步办理"),
    413: gettext_lazy("内容太大"),
    422: gettext_lazy("内容不合要求"),
    429: gettext_lazy("调用太频繁"),
}
PROBLEM_SCHEMA: Final[dict[str, Any]] = {
    "title": "Problem",
    "description": "RFC 9457",
    "type": "object",
    "required": ["type", "title", "status", "detail", "field", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "field": {"type": "string", "description": "the field at fault, or blank"},
        "code": {"type": "string", "description": "a word for programs, or blank"},
    },
}


class Api(NinjaAPI):
    def get_openapi_schema(self, **where: Any) -> OpenAPISchema:
        """Every operation can end in a problem; said once here."""
        schema = super().get_openapi_schema(**where)
        schema["components"]["schemas"]["Problem"] = PROBLEM_SCHEMA
        for path in schema["paths"].values():
            for operation in path.values():
                operation["responses"] |= {str(status): _described(status) for status in TITLES}
        return schema


def _described(status: int) -> dict[str, Any]:
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": str(TITLES[status]), "content": content}


api = Api(
    title="Chengyun 城运",
    version="1",
    description="Reports, cases and steps. Bearer token with scopes; errors are RFC 9457 problem details.",
    docs_url=None,
    urls_namespace="api",
)
api.add_router("", cases)
api.add_router("", components)
api.add_router("", insight)
api.add_router("", statistics)
api.add_router("", targets)
api.add_router("", evaluations)
api.add_router("", work_reports)


def problem(status: int, detail: str, *, field: str = "", code: str = "") -> JsonResponse:
    title = str(TITLES.get(status, TITLES[400]))
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "field": field, "code": code}
    return JsonResponse(body, status=status, content_type=MEDIA_TYPE, json_dumps_params={"ensure_ascii": False})


@api.exception_handler(UserError)
def refused(request: HttpRequest, error: UserError) -> HttpResponse:
    response = problem(error.status, str(error), field=error.field, code=error.code)
    if isinstance(error, TooManyCalls):
        response["Retry-After"] = str(error.seconds)
    return response


@api.exception_handler(AuthenticationError)
def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    response = problem(401, _("请带上有效的令牌：Authorization: Bearer …；令牌可能已过期或撤销"), code="token")
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(404, _("没有找到"))


@csrf_exempt
def nowhere(request: HttpRequest, rest: str) -> HttpResponse:
    """An address under /api/v1 that there is not: a program cannot read our page about it."""
    return problem(404, _("没有这个接口地址；请对照接口文档修改"))


@api.exception_handler(HttpError)
def not_json(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, _("请求正文不是有效的 JSON"), code="json")


@api.exception_handler(RequestDataTooBig)
def too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return problem(413, _("请求正文太大；照片请用 /files 上传"), code="too_big")


@api.exception_handler(SuspiciousOperation)
@api.exception_handler(BadRequest)
@api.exception_handler(MultiPartParserError)
def unreadable(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(400, _("请求无法读取；请检查格式"), code="unreadable")


# --- input that does not fit the schema -------------------------------------------------------------------------------

FAULTS: Final = {
    "missing": gettext_lazy("请填写“%(field)s”"),
    "extra_forbidden": gettext_lazy("没有名为“%(field)s”的字段"),
    "string_too_long": gettext_lazy("“%(field)s”最多 %(max_length)s 字"),
    "too_long": gettext_lazy("“%(field)s”最多 %(max_length)s 项"),
    "greater_than_equal": gettext_lazy("“%(field)s”不能小于 %(ge)s"),
    "less_than_equal": gettext_lazy("“%(field)s”不能大于 %(le)s"),
    "enum": gettext_lazy("“%(field)s”只能是：%(expected)s"),
    "literal_error": gettext_lazy("“%(field)s”只能是：%(expected)s"),
    "instant": gettext_lazy("“%(field)s”应是 2000 年到 2100 年之间的时间"),
}
UNFIT: Final = gettext_lazy("“%(field)s”的内容不合要求；请对照接口文档修改")


@api.exception_handler(ValidationError)
def unfit(request: HttpRequest, error: ValidationError) -> HttpResponse:
    first = error.errors[0]
    names = [part for part in first["loc"] if isinstance(part, str)]
    field = names[-1] if len(names) > 1 else ""
    words = FAULTS.get(first["type"], UNFIT)
    detail = str(words) % ({"field": field or _("请求正文")} | first.get("ctx", {}))
    return problem(422, detail, field=field[:100], code=first["type"])
