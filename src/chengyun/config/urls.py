"""Root addresses. Each module brings its own `urls.py`; this page only says where they hang."""

from django.urls import URLPattern, URLResolver, include, path

from chengyun.config.api import api, nowhere

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("chengyun.operations.urls")),
    path("api/v1/", api.urls),
    path("api/v1/<path:rest>", nowhere),
    path("language/", include("django.conf.urls.i18n")),
    path("", include("chengyun.core.urls")),
    path("", include("chengyun.web.urls")),
    path("", include("chengyun.people.signin.urls")),
    path("map/", include("chengyun.web.mapdesk.urls")),
    path("cases/", include("chengyun.casework.cases.urls")),
    path("papers/", include("chengyun.casework.papers.urls")),
    path("phrases/", include("chengyun.casework.phrases.urls")),
    path("campaigns/", include("chengyun.casework.campaigns.urls")),
    path("notes/", include("chengyun.casework.notes.urls")),
    path("urgent/", include("chengyun.casework.urgent.urls")),
    path("handover/", include("chengyun.casework.handover.urls")),
    path("worktop/", include("chengyun.casework.worktop.urls")),
    path("case-component/", include("chengyun.casework.components.urls")),
    path("report/", include("chengyun.intake.desk.urls")),
    path("people/", include("chengyun.people.urls")),
    path("registers/", include("chengyun.people.registers.urls")),
    path("regions/", include("chengyun.regions.urls")),
    path("screen/", include("chengyun.web.screen.urls")),
    path("exports/", include("chengyun.web.exports.urls")),
    path("help/", include("chengyun.web.help.urls")),
    path("assets/", include("chengyun.assets.urls")),
    path("hotline/", include("chengyun.intake.hotline.urls")),
    path("figures/", include("chengyun.insight.urls")),
    path("statistics/", include("chengyun.insight.statistics.urls")),
    path("targets/", include("chengyun.insight.targets.urls")),
    path("evaluation/", include("chengyun.insight.evaluation.urls")),
    path("reports/", include("chengyun.insight.reports.urls")),
]

handler400 = "chengyun.web.errors.bad_request"
handler403 = "chengyun.web.errors.forbidden"
handler404 = "chengyun.web.errors.not_found"
handler500 = "chengyun.web.errors.server_error"
