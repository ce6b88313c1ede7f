"""The registers of this module for the back office: duty list, decided disputes, control areas."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from chengyun.casework.dispatch.models import DecidedDispute, DutyRow
from chengyun.casework.dispatch.registers.controls import CONTROLS
from chengyun.casework.dispatch.registers.disputes import DISPUTES
from chengyun.casework.dispatch.registers.duties import DUTIES
from chengyun.people.registers.declaration import Rows, Usage
from chengyun.regions.models import Region


def _of(model: type[DutyRow | DecidedDispute], region: Region) -> Rows:
    rows: Rows = model.objects.filter(region_code=region.code)
    return rows


USAGES = [
    Usage(DutyRow, "main_department", gettext_lazy("权责清单（主办）"), refuses=True),
    Usage(DutyRow, "co_departments", gettext_lazy("权责清单（协办）")),
    Usage(DutyRow, "minor", gettext_lazy("权责清单")),
    Usage(DutyRow, "condition", gettext_lazy("权责清单"), refuses=True),
    Usage(DecidedDispute, "department", gettext_lazy("争议裁定"), refuses=True),
    Usage(DecidedDispute, "minor", gettext_lazy("争议裁定")),
    Usage(DutyRow, "", gettext_lazy("权责清单"), used=Region, rows=lambda region: _of(DutyRow, region)),
    Usage(DecidedDispute, "", gettext_lazy("争议裁定"), used=Region, rows=lambda region: _of(DecidedDispute, region)),
]

DECLARATIONS: list[object] = [DUTIES, DISPUTES, CONTROLS, *USAGES]
