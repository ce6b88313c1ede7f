"""Bytes → records. Whatever the bytes are, it ends in records, records with a fault, or one `FileFault`."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from django.utils.translation import gettext as _

from chengyun.core.tables.delimited import delimited
from chengyun.core.tables.records import FileFault, Opened
from chengyun.core.tables.workbooks import workbook


def open_records(path: Path, delimiter: str = "") -> AbstractContextManager[Opened]:
    """The records of `path`, by its content and not by its name. Raises FileFault."""
    start = _start_of(path)
    if not start:
        raise FileFault(_("文件是空的"))
    if start.startswith(b"PK\x03\x04"):
        return workbook(path)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileFault(_("不支持旧版 xls 文件，请另存为 xlsx 或 csv"))
    is_gzip = start.startswith(b"\x1f\x8b")
    if not is_gzip and _is_binary(start):
        raise FileFault(_("这不是表格文件，请选择 xlsx、csv 或 csv.gz"))
    return delimited(path, is_gzip=is_gzip, delimiter=delimiter)


def _start_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(4096)
    except OSError as error:
        raise FileFault(_("文件 %s 不能打开，请检查路径和权限") % path) from error


def _is_binary(start: bytes) -> bool:
    """Pictures and programs are full of control bytes; a table has one by accident at most."""
    controls = sum(byte < 0x20 and byte not in b"\t\n\r" for byte in start)
    return controls > 1 + len(start) // 20 and not start.startswith((b"\xff\xfe", b"\xfe\xff"))
