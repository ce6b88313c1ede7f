"""On the case its component, on the component its cases."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from chengyun.assets.models import Component
from chengyun.casework.cases.models import Case
from chengyun.casework.components.queries import cases_of, link_of
from chengyun.casework.components.rights import may_choose
from chengyun.people.middleware import ActorRequest
from chengyun.taxonomy.models import Kind

MOST_CASES = 20
OTHERS_SHOWN = 5


def on_case(request: HttpRequest, case: Case) -> str:
    """The component with its other cases; where none is chosen yet and the case may be about one, the way to choose."""
    link, actor = link_of(case), cast(ActorRequest, request).actor
    if link is None:
        if not _may_be_about_one(case) or not may_choose(actor, case):
            return ""
        return render_to_string("components/_none.html", {"case": case}, request=request)
    others = cases_of(link.component, actor).exclude(pk=case.pk)[:OTHERS_SHOWN]
    context = {
        "case": case,
        "component": link.component,
        "others": list(others),
        "may_choose": may_choose(actor, case),
    }
    return render_to_string("components/_on_case.html", context, request=request)


def _may_be_about_one(case: Case) -> bool:
    """Without asking the catalogue again: a part, or the matter «…异常» of one."""
    minor = case.minor_class
    return minor is None or minor.kind == Kind.PART or minor.name.endswith("异常")


def on_component(request: HttpRequest, component: Component) -> str:
    cases = list(cases_of(component, cast(ActorRequest, request).actor)[:MOST_CASES])
    return render_to_string("components/_cases.html", {"cases": cases}, request=request)


def uses(request: HttpRequest, component: Component) -> list[str]:
    """Open cases, also those that the reader may not see."""
    found = Case.objects.filter(component_link__component=component, ended_at__isnull=True)
    count = found.count()
    return [_("还有 %d 件未办结的案件指向这个部件。") % count] if count else []
