"""Lists as files: what stands on the page stands in the file, for the same eyes, and it is written down who took it."""

import datetime as dt
import io

import openpyxl
import pytest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chengyun.casework.cases.models import Case, Notice
from chengyun.casework.cases.tests.county import build
from chengyun.core import instants, jobs
from chengyun.core.exports import Column, Export, workbook, write_workbook
from chengyun.core.models import Record
from chengyun.people.roles import Role
from chengyun.web.exports import services
from chengyun.web.exports.jobs import make_export
from chengyun.web.exports.models import ExportRun

MONDAY = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)


@pytest.fixture
def county(db):
    with instants.at(MONDAY):
        yield build()


@pytest.fixture
def as_(client, county):
    def log_in(name):
        client.force_login(county.users[name], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return log_in


def sheet(answer):
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    found = list(openpyxl.load_workbook(io.BytesIO(body)).active.iter_rows(values_only=True))
    return found[0], found[1:]


def export(client, key, query=""):
    answer = client.post(reverse("exports:make", args=[key]) + query)
    assert answer.status_code == 200, answer.content[:500]
    return sheet(answer)


def test_the_file_has_the_rows_of_the_list_in_its_order(as_, county):
    first, second = county.report(title="先"), county.report(title="后")
    head, rows = export(as_("receiver"), "cases")
    assert head[:2] == ("案号", "问题")
    assert [row[0] for row in rows] == [second.number, first.number]


def test_the_filters_of_the_page_hold_for_the_file(as_, county):
    county.report(source="public")
    county.report(source="hotline")
    _head, rows = export(as_("receiver"), "cases", "?source=public&before=1")
    assert [row[6] for row in rows] == ["公众"]


def test_nobody_takes_cases_that_he_does_not_see(as_, county):
    mine = county.walk(county.report(), "dispatch")
    county.report()
    _head, rows = export(as_("handler"), "cases")
    assert [row[0] for row in rows] == [mine.number]


def test_the_queue_has_what_lies_before_me(as_, county):
    county.walk(county.report(), "accept")
    waiting = county.report()
    _head, rows = export(as_("receiver"), "queue")
    assert [row[0] for row in rows] == [waiting.number]


def test_instants_are_the_countys_civil_time(as_, county):
    county.report()
    head, rows = export(as_("receiver"), "cases")
    assert rows[0][head.index("上报时间")] == dt.datetime(2026, 3, 2, 9, 0)


def test_text_that_looks_like_a_formula_stays_text(as_, county):
    county.report(title='=HYPERLINK("http://x")')
    answer = as_("receiver").post(reverse("exports:make", args=["cases"]))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    cell = book.active["B2"]
    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", '=HYPERLINK("http://x")', True)


def test_it_is_written_down_who_took_what_but_not_what_he_searched_for(as_, county):
    county.report()
    export(as_("receiver"), "cases", "?source=hotline&q=张三")
    made = Record.objects.get(chain="export:cases")
    assert made.by_id == county.users["receiver"].pk
    assert made.data == {"filters": {"source": "hotline", "q": "…"}, "rows": 0}


@pytest.mark.parametrize("key", ["cases", "queue", "notices", "hotline-orders"])
def test_an_administrator_of_the_machine_takes_no_cases(as_, county, key):
    assert as_("admin").post(reverse("exports:make", args=[key])).status_code == 403
    assert not Record.objects.filter(verb="list.exported").exists()


def test_an_unknown_list_is_said_to_be_none(as_, county):
    assert as_("receiver").post(reverse("exports:make", args=["nothing"])).status_code == 404


def test_a_long_list_is_made_in_the_background_and_offered(as_, county, monkeypatch):
    monkeypatch.setattr(services, "AT_ONCE", 1)
    county.report()
    last = county.report()
    client = as_("receiver")
    answer = client.post(reverse("exports:make", args=["cases"]))
    again = client.post(reverse("exports:make", args=["cases"]))
    run = ExportRun.objects.get()
    assert answer["Location"] == again["Location"] == reverse("exports:run", args=[run.pk])
    assert "正在生成" in client.get(answer["Location"]).text
    jobs.discover()
    assert jobs.run_next_job("test")
    assert "下载" in client.get(answer["Location"]).text
    _head, rows = sheet(client.get(reverse("exports:download", args=[run.pk])))
    assert (len(rows), rows[0][0]) == (2, last.number)
    assert Record.objects.get(chain="export:cases").data["rows"] == 2


def test_the_file_of_another_is_not_mine_to_take(as_, county, monkeypatch):
    monkeypatch.setattr(services, "AT_ONCE", 0)
    county.report()
    as_("receiver").post(reverse("exports:make", args=["cases"]))
    run = ExportRun.objects.get()
    services.make(run)
    assert as_("chief").get(reverse("exports:download", args=[run.pk])).status_code == 404
    assert as_("chief").get(reverse("exports:run", args=[run.pk])).status_code == 404


def test_who_lost_the_post_meanwhile_gets_no_file(as_, county, monkeypatch):
    monkeypatch.setattr(services, "AT_ONCE", 0)
    county.report()
    as_("receiver").post(reverse("exports:make", args=["cases"]))
    county.users["receiver"].appointments.all().delete()
    run = ExportRun.objects.get()
    services.make(run)
    assert run.state == ExportRun.State.FAILED
    assert not run.path.exists()


def test_what_cannot_be_made_is_said_and_may_be_asked_for_again(as_, county, monkeypatch):
    monkeypatch.setattr(services, "AT_ONCE", 0)
    county.report()
    client = as_("receiver")
    answer = client.post(reverse("exports:make", args=["cases"]))
    run = ExportRun.objects.get()
    with monkeypatch.context() as broken:
        broken.setattr(services, "write_workbook", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            services.make(run)
    assert "没有生成" in client.get(answer["Location"]).text
    assert client.post(reverse("exports:make", args=["cases"]))["Location"] != answer["Location"]
    make_export.func(run.pk)
    assert ExportRun.objects.get(pk=run.pk).state == ExportRun.State.READY


def finished(county):
    return list(Notice.objects.filter(user=county.users["receiver"]).values_list("kind", "text", "url"))


def test_the_bell_tells_when_a_long_list_is_ready(as_, county, monkeypatch):
    monkeypatch.setattr(services, "AT_ONCE", 0)
    county.report()
    as_("receiver").post(reverse("exports:make", args=["cases"]))
    assert finished(county) == []
    run = ExportRun.objects.get()
    make_export.func(run.pk)
    assert finished(county) == [("export_ready", "导出完成，可以下载：案件", reverse("exports:run", args=[run.pk]))]


def test_the_bell_tells_once_that_a_list_was_not_made(as_, county, monkeypatch):
    monkeypatch.setattr(services, "AT_ONCE", 0)
    county.report()
    as_("receiver").post(reverse("exports:make", args=["cases"]))
    monkeypatch.setattr(services, "write_workbook", lambda *given: 1 / 0)
    for _try in range(2):
        with pytest.raises(ZeroDivisionError):
            make_export.func(ExportRun.objects.get().pk)
    assert [kind for kind, _text, _url in finished(county)] == ["export_failed"]


def test_after_a_week_it_is_gone(as_, county, monkeypatch):
    monkeypatch.setattr(services, "AT_ONCE", 0)
    county.report()
    as_("receiver").post(reverse("exports:make", args=["cases"]))
    run = ExportRun.objects.get()
    services.make(run)
    with instants.at(MONDAY + dt.timedelta(days=8)):
        services.forget_old()
    assert not run.path.exists()
    assert not ExportRun.objects.exists()


def test_a_list_too_long_for_a_sheet_is_refused_in_words(county, monkeypatch):
    monkeypatch.setattr(workbook, "MOST_ROWS", 1)
    county.report()
    county.report()
    numbers = Export("x", _("案件"), [Column("n", lambda case: case.pk)], lambda *_: Case.objects.all())
    with pytest.raises(Exception, match="缩小条件"):
        write_workbook(io.BytesIO(), numbers, Case.objects.all())


def test_every_export_is_declared_for_roles_that_work():
    from chengyun.core.declarations import collect

    keys = [each.key for each in collect(Export)]
    assert len(keys) == len(set(keys))
    assert all(Role.SYSTEM_ADMIN not in each.roles for each in collect(Export) if each.key in ("cases", "queue"))
