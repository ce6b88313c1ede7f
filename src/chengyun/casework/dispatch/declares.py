from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chengyun.casework.dispatch import registers
from chengyun.core.declarations import SettingDeclaration
from chengyun.core.shapes import Number

DECLARATIONS: list[object] = [
    *registers.DECLARATIONS,
    SettingDeclaration(
        key="dispatch.auto_threshold",
        title=_("自动派遣的可信度下限"),
        default=None,
        shape=Number(0.01, 1, whole=False),
        group=_("派遣"),
        help=_("留空表示一律由派遣员确认。权责清单的行也须标明可自动派遣。"),
    ),
]
