"""The registers of this module for the back office: jurisdictions (to be read), responsibility grids, named places."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from chengyun.people.registers.declaration import Usage
from chengyun.regions.models import ResponsibilityGrid
from chengyun.regions.registers import jurisdictions
from chengyun.regions.registers.grids import GRIDS
from chengyun.regions.registers.places import PLACE

USAGES = [
    Usage(ResponsibilityGrid, "department", gettext_lazy("责任网格")),
    Usage(ResponsibilityGrid, "collector", gettext_lazy("责任网格")),
]

DECLARATIONS: list[object] = [jurisdictions.REGIONS, *jurisdictions.USAGES, GRIDS, PLACE, *USAGES]
