"""The registers of all floors over a whole small county."""

import datetime as dt
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from chengyun.casework.dispatch.models import DecidedDispute, DutyRow
from chengyun.core import instants
from chengyun.core.declarations import collect
from chengyun.demo import small
from chengyun.people.registers import workbook
from chengyun.people.registers.book import Terms, compare
from chengyun.people.registers.declaration import Register
from chengyun.people.registers.uses import uses_of
from chengyun.people.roles import Role
from chengyun.taxonomy.models import CountyClass, FilingCondition

pytestmark = pytest.mark.django_db
REGISTERS = collect(Register)


@pytest.fixture
def county(db):
    return small.build()


@pytest.fixture
def admin(client, county):
    client.force_login(county.users[Role.SYSTEM_ADMIN], backend="django.contrib.auth.backends.ModelBackend")
    return client


def at(name: str, key: str, *args: object) -> str:
    return reverse(f"registers:{name}", args=[key, *args])


@pytest.mark.parametrize("change", [False, True])
def test_every_register_opens_its_list_its_rows_and_their_retirement(client, county, change):
    """For whoever reads it, and for whoever keeps it."""
    for register in REGISTERS:
        roles = register.changers if change else register.readers
        if not roles:
            continue
        user = county.users[Role(min(roles))]
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        assert client.get(register.url).status_code == 200, register.key
        assert client.get(register.url, {"closed": "1"}).status_code == 200, register.key
        row = register.current_rows(register.all_rows()).order_by("pk").last()
        if row is not None and register.form:
            assert client.get(register.row_url(row)).status_code == 200, register.key
        if row is not None and register.retire and change:
            assert client.get(at("retire", register.key, row.pk)).status_code == 200, register.key


def test_every_book_comes_back_without_differences(county):
    terms = Terms(instants.today(), whole=True)
    for register in REGISTERS:
        if register.book is None:
            continue
        standing = register.book.standing(terms)
        reading = register.book.read(workbook.written(register.book, standing), terms)
        found = compare(register.book, standing, reading, terms)
        assert (found.faults, [(each.label, each.fields) for each in found.rows]) == ([], []), register.key


def test_a_row_of_the_duty_list_changes_by_excel_and_keeps_its_past(admin, county):
    content = admin.get(at("export", "duties")).content
    book = openpyxl.load_workbook(io.BytesIO(content))
    page = book["权责清单"]
    heads = {cell.value: cell.column for cell in page[1]}
    code = page.cell(2, heads["小类代码"]).value
    page.cell(2, heads["主办部门"], "T001")
    stream = io.BytesIO()
    book.save(stream)
    file = SimpleUploadedFile("权责清单.xlsx", stream.getvalue())
    tomorrow = instants.today() + dt.timedelta(days=1)
    shown = admin.post(at("new_upload", "duties"), {"file": file, "day": tomorrow.isoformat()}, follow=True)
    (change,) = shown.context["found"].rows
    assert [(field.title, field.after) for field in change.fields] == [("主办部门", "T001")]
    admin.post(at("apply", "duties", shown.context["upload"].pk), {"seen": shown.context["found"].seen})
    versions = DutyRow.objects.filter(minor__code=code, minor__kind="matter").order_by("valid_from")
    assert [row.valid_to for row in versions] == [instants.today(), None]
    follower = admin.get(at("row", "duties", versions[1].pk)).content.decode()
    assert "主办部门：" in follower and "→ 澄湖街道" in follower


def test_a_duty_changed_on_its_page_is_followed_by_a_new_row(admin, county):
    row = DutyRow.objects.on(instants.today()).first()
    form = {
        "main_department": county.departments["SZ"].pk,
        "region_code": "",
        "valid_from": (instants.today() + dt.timedelta(days=1)).isoformat(),
    }
    assert admin.post(at("row", "duties", row.pk), form).status_code == 302
    follower = DutyRow.objects.latest("pk")
    assert (follower.minor_id, follower.main_department.code) == (row.minor_id, "SZ")


def test_a_condition_of_the_starting_set_becomes_the_countys_own(admin, county):
    condition = FilingCondition.objects.filter(valid_to=None).first()
    assert "起始集，非国标原文" in admin.get(at("row", "conditions", condition.pk)).content.decode()
    form = {
        "text": condition.text,
        "closing": condition.closing,
        "limits": "3 工作时\nA类：1.5 工作时",
        "valid_from": instants.today().isoformat(),
    }
    assert admin.post(at("row", "conditions", condition.pk), form).status_code == 302
    newest = FilingCondition.objects.filter(minor=condition.minor, number=condition.number).order_by("-version")[0]
    assert (newest.origin, {each.area_class: str(each.amount) for each in newest.limits.all()}) == (
        "本县",
        {"": "3.00", "A类": "1.50"},
    )
    page = admin.get(at("row", "conditions", newest.pk)).content.decode()
    assert "处置时限：" in page and "A类 1.5 工作时" in page


def test_a_class_gets_the_countys_own_name_from_a_day_on(admin, county):
    row = CountyClass.objects.on(instants.today()).latest("pk")
    tomorrow = (instants.today() + dt.timedelta(days=1)).isoformat()
    form = {"name": "本县叫法", "major_code": row.major_code, "major_name": row.major_name, "valid_from": tomorrow}
    assert admin.post(at("row", "catalogue", row.pk), form).status_code == 302
    assert CountyClass.objects.latest("pk").name == "本县叫法"


def test_a_dispute_is_decided_and_ended_on_the_pages(admin, county):
    minor = county.classes[0].minor
    form = {"minor": minor.pk, "region_code": "", "department": county.departments["SZ"].pk, "reason": "会议纪要"}
    assert admin.post(at("new", "disputes"), form).status_code == 302
    dispute = DecidedDispute.objects.get()
    assert admin.post(at("retire", "disputes", dispute.pk), {}).status_code == 302
    dispute.refresh_from_db()
    assert dispute.valid_to == instants.today()


def test_a_department_of_the_duty_list_is_not_retired(admin, county):
    refusing = uses_of(county.departments["SZ"], instants.today()).refusing
    assert "权责清单（主办）" in [str(use.title) for use in refusing]


def test_a_grid_goes_to_another_collector(admin, county):
    other = county.user("caiji02")
    cells = " ".join(county.cells)
    form = {"collector": other.pk, "department": county.township.pk, "cells": cells}
    tomorrow = (instants.today() + dt.timedelta(days=1)).isoformat()
    assert admin.post(at("row", "grids", county.grid.pk), {**form, "valid_from": tomorrow}).status_code == 302
    county.grid.refresh_from_db()
    assert county.grid.valid_to == instants.today()


def test_a_control_is_set_up_and_ended(admin, county):
    form = {"name": "集市", "reason": "批复", "starts_at": "2026-01-01T08:00", "ends_at": "2099-01-01T08:00"}
    assert admin.post(at("new", "controls"), form).status_code == 302
    assert "集市" in admin.get(at("list", "controls")).content.decode()
