"""A workbook out of a register, changed, and in again: what tests of round trips share."""

import io

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse


def at(name: str, key: str, *args: object) -> str:
    return reverse(f"registers:{name}", args=[key, *args])


def exported(browser, key: str) -> openpyxl.Workbook:
    answer = browser.get(at("export", key))
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def put(book: openpyxl.Workbook, sheet: str, row: int, **cells: str) -> openpyxl.Workbook:
    """Write cells of a row by heading; row 0 is a new one at the end."""
    page = book[sheet]
    number = row or page.max_row + 1
    heads = {cell.value: cell.column for cell in page[1]}
    for heading, value in cells.items():
        page.cell(number, heads[heading], value)
    return book


def uploaded(browser, key: str, book: openpyxl.Workbook | bytes, **terms: str):
    content = book
    if isinstance(book, openpyxl.Workbook):
        stream = io.BytesIO()
        book.save(stream)
        content = stream.getvalue()
    file = SimpleUploadedFile("表.xlsx", content)
    return browser.post(at("new_upload", key), {"file": file, **terms}, follow=True)


def applied(browser, key: str, page):
    found = page.context["found"]
    return browser.post(at("apply", key, page.context["upload"].pk), {"seen": found.seen}, follow=True)


def row_of(book: openpyxl.Workbook, sheet: str, key: str) -> int:
    return next(row[0].row for row in book[sheet].iter_rows() if row[0].value == key)


def told(page) -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    rows = page.context["found"].rows
    return [
        (each.kind, each.label, [(field.title, field.before, field.after) for field in each.fields]) for each in rows
    ]
