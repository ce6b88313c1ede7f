"""A report as PDF in Word's layout: asked for on its page, made by a job, kept while the report stays as it is."""

import datetime as dt

import pytest
from django_tasks_db.models import DBTaskResult

from chengyun.casework.cases.tests import county as small
from chengyun.core import instants
from chengyun.core.errors import UserError
from chengyun.insight.reports import services, word_pdf
from chengyun.insight.reports.jobs import make_word_pdf
from chengyun.insight.reports.models import WordPdf, WorkReport
from chengyun.insight.word import libreoffice
from chengyun.people.access import SYSTEM
from tests.roles import work_reports

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4 made"


@pytest.fixture
def office(settings, tmp_path):
    """A LibreOffice that makes the same PDF of everything; it can be told to fail."""
    place = tmp_path / "soffice"

    def behave(text):
        place.write_text(f"#!/bin/sh\n{text}\n")
        place.chmod(0o700)
        settings.SOFFICE = str(place)

    behave(f"printf %s '{PDF.decode()}' > paper.pdf")
    return behave


@pytest.fixture
def draft(db):
    with instants.at(small.MONDAY):
        made = WorkReport.objects.get(pk=work_reports.build()["draft_report"])
        WordPdf.objects.all().delete()
        yield made


def run(report):
    """What the worker does with all that was asked for."""
    for result in DBTaskResult.objects.all():
        make_word_pdf.call(*result.args_kwargs["args"])
    return word_pdf.of(report)


def test_it_is_made_once_and_anew_when_the_report_changes(draft, office):
    word_pdf.ask(draft)
    word_pdf.ask(draft)
    assert DBTaskResult.objects.count() == 1 and word_pdf.of(draft).state == "waiting"
    assert run(draft).state == "ready"
    assert word_pdf.content_of(draft) == PDF
    word_pdf.ask(draft)
    assert DBTaskResult.objects.count() == 1
    changed = services.write_texts(draft, {"problems": "人手不足"}, by=SYSTEM)
    assert word_pdf.of(changed) is None
    word_pdf.ask(changed)
    assert (run(changed).state, WordPdf.objects.count()) == ("ready", 1)


def test_of_a_report_that_changed_meanwhile_nothing_is_kept(draft, office):
    word_pdf.ask(draft)
    changed = services.write_texts(draft, {"problems": "人手不足"}, by=SYSTEM)
    assert run(changed) is None


def test_what_failed_says_why_and_is_asked_for_again(draft, office):
    office("exit 1")
    word_pdf.ask(draft)
    failed = run(draft)
    assert (failed.state, failed.fault) == ("failed", libreoffice.Fault.FAILED)
    office(f"printf %s '{PDF.decode()}' > paper.pdf")
    word_pdf.ask(draft)
    assert run(draft).state == "ready"


def test_what_waits_for_a_worker_that_stands_still_may_be_asked_for_again(draft, office):
    word_pdf.ask(draft)
    WordPdf.objects.update(asked_at=instants.now() - dt.timedelta(minutes=11))
    word_pdf.ask(draft)
    assert DBTaskResult.objects.count() == 2


def test_without_libreoffice_nothing_is_asked(draft, settings):
    settings.SOFFICE = "-"
    with pytest.raises(UserError, match="没有安装 LibreOffice"):
        word_pdf.ask(draft)
    assert not WordPdf.objects.exists()


def test_on_the_page_from_asking_to_the_file(draft, office, settings, client):
    county = small.build()
    client.force_login(county.users["leader"], backend="django.contrib.auth.backends.ModelBackend")
    part = {"HX-Request": "true"}
    address = f"/reports/{draft.pk}/word-pdf"
    assert "生成 Word 版式 PDF" in client.get(draft.get_absolute_url()).text
    assert client.get(f"{address}/file").status_code == 404
    assert client.post(address).status_code == 302
    assert "aria-busy" in client.get(address, headers=part).text
    run(draft)
    assert f'href="{address}/file"' in client.get(address, headers=part).text
    answer = client.get(f"{address}/file")
    assert answer.content == PDF and answer["Content-Type"] == "application/pdf"
    settings.SOFFICE = "-"
    WordPdf.objects.all().delete()
    page = client.get(draft.get_absolute_url()).text
    assert "没有安装 LibreOffice" in page and "生成 Word 版式 PDF" not in page
