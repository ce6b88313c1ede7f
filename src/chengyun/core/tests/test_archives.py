"""Archives are measured before they are unpacked."""

import io
import zipfile

import openpyxl
import pytest

from chengyun.core.tables import archives


def workbook():
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_is_given_from_its_beginning():
    assert openpyxl.load_workbook(archives.measured(workbook())).worksheets
    assert openpyxl.load_workbook(archives.measured(io.BytesIO(workbook()))).worksheets


def test_what_unpacks_beyond_reason_is_refused_before_it_is_unpacked(monkeypatch):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 1_000_000)
    monkeypatch.setattr(archives, "MOST_UNPACKED", 999_999)
    assert len(out.getvalue()) < 10_000
    with pytest.raises(zipfile.BadZipFile):
        archives.measured(out.getvalue())


def test_what_is_no_archive_is_refused():
    with pytest.raises(zipfile.BadZipFile):
        archives.measured(b"a,b\n1,2\n")
