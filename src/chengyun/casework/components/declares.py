from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chengyun.assets.panels import ComponentPanel
from chengyun.casework.cases.declares import AT_WORK
from chengyun.casework.components import panels
from chengyun.casework.components.queries import links_visible
from chengyun.casework.components.section import build
from chengyun.core.declarations import CasePanel, ReportSection
from chengyun.core.exports import Column, Export

COLUMNS = (
    Column(_("案号"), lambda row: row.case.number, 16),
    Column(_("问题"), lambda row: row.case.title, 40),
    Column(_("环节"), lambda row: row.case.stage_label, 10),
    Column(_("上报时间"), lambda row: row.case.reported_at, 17),
    Column(_("标识码"), lambda row: row.component.identifier, 20),
    Column(_("部件"), lambda row: row.component.name, 18),
    Column(_("部件状态"), lambda row: row.component.get_state_display(), 10),
    Column(_("所在道路"), lambda row: row.component.road, 20),
)

DECLARATIONS: list[object] = [
    CasePanel(_("部件"), panels.on_case, order=20),
    ReportSection("components", _("部件"), build, order=50, kinds=frozenset({"monthly", "annual"})),
    ComponentPanel(_("案件"), panels.on_component, panels.uses),
    Export("component-cases", _("部件案件"), COLUMNS, links_visible, roles=AT_WORK),
]
