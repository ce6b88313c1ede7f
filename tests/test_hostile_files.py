"""Every door that takes a file × bytes that nobody means well with: a sentence, no crash, nothing changed."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from chengyun.core.calendar_files import read_notice
from chengyun.core.declarations import collect
from chengyun.core.errors import UserError
from chengyun.people.registers.declaration import Register
from tests.roles.asking import traces
from tests.roles.conftest import world

__all__ = ["world"]

SWELLING = "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefg", "bcdefgh", strict=True)
)
LAUGHS = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">{SWELLING}]><x>&h;</x>'


# --- the bytes --------------------------------------------------------------------------------------------------------


def workbook() -> bytes:
    content = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["代码", "名称"])
    book.save(content)
    return content.getvalue()


def with_parts(replaced: dict[str, bytes]) -> bytes:
    """A workbook some of whose parts are others."""
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as book, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for name in book.namelist():
            made.writestr(name, replaced.get(name, book.read(name)))
    return content.getvalue()


def picture_of(width: int, height: int) -> bytes:
    """A PNG that says it is so large; its rows are missing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


SHEET = "xl/worksheets/sheet1.xml"
HOSTILE: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "noise": lambda: random.Random(7).randbytes(4000),
    "the mark of an archive alone": lambda: b"PK\x03\x04",
    "half a workbook": lambda: workbook()[: len(workbook()) // 2],
    "broken XML": lambda: with_parts({SHEET: b"<worksheet><sheetData><row><c></row>"}),
    "no XML": lambda: with_parts({"xl/workbook.xml": b"\xff\xfe\x00"}),
    "a million laughs": lambda: with_parts({SHEET: LAUGHS.encode(), "xl/sharedStrings.xml": LAUGHS.encode()}),
    "a bomb": lambda: with_parts({SHEET: b" " * 300_000_000}),
    "an archive without a workbook": lambda: with_parts({"[Content_Types].xml": b"<Types/>"}),
    "text with nothing in it": lambda: b"\x00,\x00\n\xff\xfe,\x80\n",
    "a line without an end": lambda: b"a," * 500_000,
    "JSON that goes deep": lambda: b"[" * 100_000,
    "a picture larger than any": lambda: picture_of(60_000, 60_000),
    "a picture without its rows": lambda: picture_of(200, 200),
    "the head of a parquet": lambda: b"PAR1" + b"\0" * 100 + b"PAR1",
}


@pytest.fixture(scope="module")
def hostile() -> dict[str, bytes]:
    return {name: make() for name, make in HOSTILE.items()}


# --- the doors --------------------------------------------------------------------------------------------------------


def doors(world) -> Iterator[tuple[str, str, str, str, dict[str, str]]]:
    """(what, who, address, field, the rest of the form)"""
    for each in collect(Register):
        if each.book:
            who = "chief" if "duty_chief" in each.changers else "admin"
            rest = {"day": "2026-03-03"}
            yield f"register {each.key}", who, reverse("registers:new_upload", args=[each.key]), "file", rest
    task, component = [world.ids["task"]], [world.component.identifier]
    done = {"day": "2026-03-02", "amount": "1", "note": "清理一处"}
    report = {"key": "a" * 32, "source": "public", "title": "井盖破损", "words": "破损"}
    yield "Word template", "chief", reverse("registers:new", args=["order-templates"]), "template", {}
    yield "regions", "admin", reverse("regions:upload"), "file", {"name": "新区划", "system": "wgs84", "gaps": "0"}
    yield "census", "chief", reverse("assets:new_upload"), "file", {}
    yield "photo of a component", "chief", reverse("assets:photo", args=component), "photo", {}
    yield "hotline", "receiver", reverse("hotline:upload"), "file", {"feed": "12345"}
    yield "photo of a report", "receiver", reverse("desk:new"), "photos", report
    yield "photo of a task", "handler", reverse("campaigns:task", args=task), "before", done


NAMES = ("a.xlsx", "a.csv", "a.zip", "a.docx", "a.jpg", "a.geojson")


# Of each kind one: no file, no sense, and what only looks like a workbook.
AT_EVERY_DOOR = ("nothing", "noise", "broken XML")


@pytest.mark.parametrize("what", AT_EVERY_DOOR)
def test_bytes_that_nobody_means_well_are_refused_in_words_at_every_door(world, hostile, what):
    before = traces()
    for door, who, address, field, rest in doors(world):
        client = Client()
        client.force_login(world.county.users[who], backend="django.contrib.auth.backends.ModelBackend")
        for name in NAMES:
            file = SimpleUploadedFile(name, hostile[what])
            answer = client.post(address, rest | {field: file}, follow=True)
            assert answer.status_code < 500, (door, name)
            assert traces() == before, (door, name)


@pytest.mark.parametrize("what", HOSTILE)
def test_a_holiday_notice_that_is_none_is_refused_in_words(hostile, what):
    with pytest.raises(UserError):
        read_notice(hostile[what], 2026)
