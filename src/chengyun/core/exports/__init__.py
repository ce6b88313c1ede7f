"""Lists as Excel files. A module says once which columns a list has and which rows somebody may see:

    Export("cases", _("案件"), COLUMNS, rows)      in the module's `declares.py`
    {% include "ui/_export.html" with key="cases" %}   on the page, whose own address is the filter

Making the file, the background job for long lists, the download and the audit record are the same for all.
"""

from chengyun.core.exports.columns import Cell, Column, Export, export_named
from chengyun.core.exports.workbook import MOST_ROWS, write_workbook

__all__ = ["MOST_ROWS", "Cell", "Column", "Export", "export_named", "write_workbook"]
