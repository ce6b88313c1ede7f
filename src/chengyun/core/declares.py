from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chengyun.core.declarations import SettingDeclaration
from chengyun.core.files.erasing import HOLDER
from chengyun.core.shapes import Number, Words

DECLARATIONS = [
    HOLDER,
    SettingDeclaration("files.max_mb", _("单个文件大小上限"), 30, Number(1, 500), unit="MB", group=_("附件")),
    SettingDeclaration("files.watermark", _("图片水印文字"), "", Words(30), group=_("附件")),
]
