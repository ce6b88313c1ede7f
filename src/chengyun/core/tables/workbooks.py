"""The first visible sheet of an Excel workbook, row by row."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import structlog
from django.utils.translation import gettext as _

from chengyun.core.tables.records import Cell, FileFault, Opened, Record, checked

log = structlog.get_logger()

# openpyxl holds the shared strings in memory; a zip bomb must not fill it.
MAX_UNPACKED = 1 << 30


@contextmanager
def workbook(path: Path) -> Iterator[Opened]:
    from openpyxl import load_workbook

    _check_size(path)
    # Opened here, because openpyxl judges a path by its ending.
    with path.open("rb") as file:
        with _translated():
            book = load_workbook(file, read_only=True, data_only=True)
            sheet = next((each for each in book.worksheets if each.sheet_state == "visible"), None)
        if sheet is None:
            raise FileFault(_("工作簿里没有工作表"))
        sheet.reset_dimensions()
        yield Opened("xlsx", "", book.epoch, _sheet_records(sheet.iter_rows(values_only=True)))


def _check_size(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise FileFault(_("xlsx 文件已损坏，请重新导出")) from error
    if unpacked > MAX_UNPACKED:
        raise FileFault(_("xlsx 文件太大，请分成几份或另存为 csv"))


@contextmanager
def _translated() -> Iterator[None]:
    """openpyxl meets a broken workbook with whatever exception comes first; here they become one sentence."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except FileFault:
        raise
    except Exception as error:
        log.warning("xlsx unreadable", error=type(error).__name__)
        raise FileFault(_("xlsx 文件已损坏，请重新导出")) from error


def _sheet_records(rows: Iterator[tuple[Any, ...]]) -> Iterator[Record]:
    number = 0
    while True:
        try:
            with _translated():
                batch = list(islice(rows, 200))
        except FileFault as fault:
            yield Record(number + 1, fault=str(fault), is_end=True)
            return
        if not batch:
            return
        for cells in batch:
            number += 1
            yield checked(Record(number, _without_tail(cells)))


def _without_tail(cells: tuple[Any, ...]) -> list[Cell]:
    end = len(cells)
    while end and cells[end - 1] is None:
        end -= 1
    return list(cells[:end])
