"""A Word template that somebody uploads: opened within bounds, what is wrong with it in the user's words."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from typing import Final, TypeVar

from django.utils.translation import gettext as _

from chengyun.core.errors import UserError

LARGEST: Final = 2 * 1024 * 1024
UNPACKED: Final = 40 * 1024 * 1024
# In what kind of part or relation a document has macros.
MACROS: Final = ("vbaproject", "vbadata", "macroenabled")

Filled = TypeVar("Filled")


def filled(content: bytes, fill: Callable[[], Filled]) -> Filled:
    """What `fill` makes of the template. Raises UserError on the field `template`."""
    # Here, for an eighth of what each command takes to start would be spent on them.
    from docx.opc.exceptions import PackageNotFoundError
    from jinja2 import TemplateError

    if len(content) > LARGEST:
        raise UserError(_("模板超过 2 MB；请压缩其中的图片"), field="template")
    try:
        _check_size(content)
        _refuse_macros(content)
        return fill()
    except (zipfile.BadZipFile, zlib.error, PackageNotFoundError, LookupError, ValueError) as error:
        raise UserError(_("不是 Word 文档（.docx）；请在 Word 中另存为 .docx 后再上传"), field="template") from error
    except (TemplateError, SyntaxError, ArithmeticError, AttributeError, TypeError, RecursionError) as error:
        # What an expression in it raises, or the XML that it leaves behind.
        raise UserError(_("模板中的占位符写错了：%s") % str(error)[:120], field="template") from error


def _check_size(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        if sum(entry.file_size for entry in package.infolist()) > UNPACKED:
            raise UserError(_("模板超过 2 MB；请压缩其中的图片"), field="template")


def _refuse_macros(content: bytes) -> None:
    """They would go into every paper that is made of the template, whatever its name ends in."""
    from docx.opc.package import OpcPackage

    package = OpcPackage.open(io.BytesIO(content))
    kinds = [rel.reltype for rel in package.iter_rels()] + [str(part.content_type) for part in package.iter_parts()]
    if any(mark in kind.lower() for kind in kinds for mark in MACROS):
        raise UserError(_("模板里有宏；请在 Word 中另存为不带宏的 .docx 后再上传"), field="template")
