"""The first sheet of an .xlsx as lines of text, read as a stream of rows (ECMA-376 part 1, §18.3).

openpyxl makes an object of every cell, which for a census takes longer than everything else that is done with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import Element, iterparse
from xml.etree.ElementTree import parse as parse_tree
from zipfile import ZipFile

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
STRINGS = "xl/sharedStrings.xml"
# A workbook packed so tightly that it would fill the machine is no census.
MOST_BYTES = 2 << 30
LETTERS = re.compile(r"[A-Z]+")


def lines(path: Path) -> Iterator[list[str]]:
    """Every row, blank ones too, so that rows keep their numbers. Raises what a broken archive or broken XML raises."""
    with ZipFile(path) as archive:
        if sum(part.file_size for part in archive.infolist()) > MOST_BYTES:
            raise ValueError("xlsx > 2 GB")
        strings = _strings(archive)
        with archive.open(_first_sheet(archive)) as sheet:
            yield from _rows(sheet, strings)


def _first_sheet(archive: ZipFile) -> str:
    with archive.open("xl/workbook.xml") as book:
        sheets = parse_tree(book).getroot().iterfind(f"{MAIN}sheets/{MAIN}sheet")
        shown = [sheet.attrib[RELATION] for sheet in sheets if sheet.get("state", "visible") == "visible"]
    with archive.open("xl/_rels/workbook.xml.rels") as relations:
        targets = {each.attrib["Id"]: each.attrib["Target"] for each in parse_tree(relations).getroot()}
    target = targets[shown[0]] if shown else ""
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _strings(archive: ZipFile) -> list[str]:
    """The texts that cells point to by number."""
    if STRINGS not in archive.namelist():
        return []
    found = []
    with archive.open(STRINGS) as content:
        for _event, element in iterparse(content):
            if element.tag == f"{MAIN}si":
                found.append(_text(element))
                element.clear()
    return found


def _text(element: Element) -> str:
    """All runs of a rich text; reading aids for Chinese (rPh) are none of it."""
    direct = element.find(f"{MAIN}t")
    if direct is not None:
        return (direct.text or "").strip()
    return "".join(run.text or "" for run in element.iterfind(f"{MAIN}r/{MAIN}t")).strip()


def _rows(sheet: IO[bytes], strings: list[str]) -> Iterator[list[str]]:
    number = 0
    parser = iterparse(sheet, events=("start", "end"))
    holder: Element | None = None
    for event, element in parser:
        if event == "start":
            if element.tag == f"{MAIN}sheetData":
                holder = element
        elif element.tag == f"{MAIN}row":
            wanted = int(element.get("r", number + 1))
            for _missing in range(number + 1, wanted):
                yield []
            number = wanted
            yield _cells(element, strings)
            if holder is not None:
                holder.clear()


def _cells(row: Element, strings: list[str]) -> list[str]:
    line: list[str] = []
    for cell in row:
        column = _column(cell.get("r", ""), len(line))
        while len(line) < column:
            line.append("")
        line.append(_value(cell, strings))
    return line


_columns: dict[str, int] = {}


def _column(reference: str, following: int) -> int:
    """«AB12» is column 27, counted from nought; a cell without a reference follows the one before it."""
    letters = LETTERS.match(reference)
    if letters is None:
        return following
    name = letters.group()
    if name not in _columns:
        at = 0
        for letter in name:
            at = at * 26 + ord(letter) - 64
        _columns[name] = at - 1
    return _columns[name]


def _value(cell: Element, strings: list[str]) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        held = cell.find(f"{MAIN}is")
        return _text(held) if held is not None else ""
    value = cell.findtext(f"{MAIN}v") or ""
    if kind == "s":
        return strings[int(value)] if value else ""
    return _number(value) if kind == "n" and value else value.strip()


def _number(text: str) -> str:
    """As a person reads it: a code typed as a number has no fraction and no exponent."""
    if text.isdigit():
        return text
    number = float(text)
    return str(int(number)) if number.is_integer() else repr(number)
