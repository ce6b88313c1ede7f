"""The report as PDF/A, set by typst from the same blocks as the page.

The text goes in as data, never as markup: whatever stands in it is printed as it is. The fonts are a subset of Noto CJK
(`font/`) and behind it those of the machine; a character that none of them has is named instead of printed as a box,
which PDF/A forbids.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _

from chengyun.core.errors import UserError
from chengyun.core.instants import now
from chengyun.insight.reports.blocks import Block, Run, blocks
from chengyun.insight.reports.composing import Composed
from chengyun.insight.reports.models import WorkReport

HERE: Final = Path(__file__).parent
LAYOUT: Final = HERE / "pdf.typ"
FONTS: Final = HERE / "font"
STANDARD: Final = "a-2u"
_MISSING: Final = re.compile(r"the text `\"?(.+?)\"?` could not be displayed")


def is_installed() -> bool:
    return find_spec("typst") is not None


def made(report: WorkReport, composed: Composed) -> bytes:
    if not is_installed():
        raise UserError(_("没有安装 PDF 组件，请安装 chengyun[insight] 后再试；Word 不受影响"))
    told = {"title": report.title, "draft": report.is_draft, "blocks": [_plain(each) for each in blocks(composed)]}
    return compiled(told, report.issued_at or now())


def compiled(told: dict[str, Any], at: dt.datetime) -> bytes:
    """Raises UserError naming the characters that cannot be printed."""
    import typst

    try:
        found = typst.compile(
            str(LAYOUT),
            font_paths=[str(FONTS)],
            sys_inputs={"report": json.dumps(told, ensure_ascii=False)},
            pdf_standards=[STANDARD],
            timestamp=at.replace(microsecond=0),
            format="pdf",
        )
    except typst.TypstError as error:
        missing = _MISSING.search(error.message)
        if missing is None:
            raise
        raise UserError(
            _("有字无法打印：%s。请在文字或模板中换掉它，或在服务器上安装含有它的字体") % missing[1]
        ) from error
    return found


def _plain(block: Block) -> dict[str, Any]:
    rows = [
        [{"text": _text(cell.runs), "span": cell.span, "num": cell.is_figure} for cell in row] for row in block.rows
    ]
    return {"style": block.style, "text": _text(block.runs), "rows": rows, "columns": block.columns}


def _text(runs: Any) -> str:
    return "".join(_run(run) for run in runs)


def _run(run: Run) -> str:
    return run if isinstance(run, str) else run.marked
