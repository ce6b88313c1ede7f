"""Reports over the demo county's year: true, the same on page, in Word and in PDF, and fixed once they are issued."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from docx import Document
from pypdf import PdfReader

from chengyun.casework.cases.models import Notice
from chengyun.core import history, instants
from chengyun.core.errors import Conflict, NotFound, UserError
from chengyun.core.models import Event
from chengyun.insight.figures.periods import Period
from chengyun.insight.reports import drafting, handlers, pdf, preview, services, word_templates
from chengyun.insight.reports.blocks import blocks, text_of
from chengyun.insight.reports.models import Kind, ReportTemplate
from chengyun.people.access import SYSTEM, actor_for
from chengyun.people.roles import Role
from tests.insight.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("facts", "moment")]

YEAR = Period(dt.date(2025, 1, 1), dt.date(2025, 12, 31))
MONTH = Period(dt.date(2025, 11, 1), dt.date(2025, 11, 30))
HOSTILE = '#pagebreak() $x$ \\ "引号" [括号] <b>粗</b> {{ 7*7 }} @ref `code` *星* _线_'


@pytest.fixture
def moment(facts, monkeypatch):
    monkeypatch.setattr("chengyun.insight.facts.session.session", lambda: facts)
    with instants.at(NOW):
        yield


@pytest.fixture
def year_report():
    return services.draft(Kind.ANNUAL, YEAR, by=SYSTEM)


@pytest.fixture
def month_report():
    return services.draft(Kind.MONTHLY, MONTH, by=SYSTEM)


def text(report):
    return text_of(blocks(preview.compose(report)))


def lines_of_word(content):
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [*(paragraph.text for paragraph in document.paragraphs), *cells]


def squeezed(words):
    return "".join("".join(words).split())


def words_of_pdf(report):
    reader = PdfReader(io.BytesIO(pdf.made(report, preview.compose(report))))
    return squeezed(page.extract_text() for page in reader.pages)


# --- true -------------------------------------------------------------------------------------------------------------


def test_the_year_tells_what_the_events_tell(year_report, facts):
    (filed,) = facts.ask(
        "SELECT count(*) FROM cases WHERE year(filed_at + INTERVAL 8 HOUR) = 2025 AND stage <> 'merged'"
    )
    (closed,) = facts.ask(
        "SELECT count(*) FROM cases WHERE year(closed_at + INTERVAL 8 HOUR) = 2025 AND stage = 'closed'"
    )
    (hotline,) = facts.ask(
        "SELECT count(*) FROM reports WHERE year(received_at + INTERVAL 8 HOUR) = 2025 AND source = 'hotline'"
    )
    said = text(year_report)
    assert filed[0] > closed[0] > hotline[0] > 0
    assert f"立案 {filed[0]:,} 件" in said
    assert f"结案 {closed[0]:,} 件" in said
    assert f"12345 热线转来诉求 {hotline[0]:,} 件" in said


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind != Kind.ANNUAL])
def test_every_delivered_template_can_be_filled(kind):
    said = text(services.draft(kind, MONTH, by=SYSTEM, title="十一月"))
    assert said.startswith("十一月\n")
    assert not set("{}") & set(said)


def test_page_word_and_pdf_say_the_same(month_report):
    services.write_texts(month_report, {"problems": HOSTILE + "\n第二段"}, by=SYSTEM)
    month_report.refresh_from_db()
    said = [line for line in text(month_report).replace("\t", "\n").splitlines() if line]
    in_word = lines_of_word(preview.compose(month_report).word())
    assert sorted(line for line in in_word if line.strip()) == sorted(said)
    in_pdf = words_of_pdf(month_report)
    assert [line for line in said if squeezed(line) not in in_pdf and "同比" not in line and len(line) < 30] == []
    assert sum(map(len, map(squeezed, said))) <= len(in_pdf)
    assert squeezed(HOSTILE) in in_pdf


def test_each_figure_leads_to_its_cases(month_report):
    shown = str(preview.shown(month_report))
    assert "/figures/filed/?from=2025-11-01&amp;to=2025-11-30&amp;asof=" in shown
    assert "where=source%3Ahotline" in shown


def test_a_topic_is_narrowed(year_report):
    narrow = services.draft(Kind.TOPIC, YEAR, by=SYSTEM, title="热线专题", where={"source": ["hotline"]})
    whole, part = (each.facts["figures"]["reported|period|"]["value"] for each in (year_report, narrow))
    assert 0 < part < whole
    assert part == year_report.facts["figures"]["reported|period|source=hotline"]["value"]


# --- given by hand ----------------------------------------------------------------------------------------------------


def test_a_corrected_figure_is_marked_everywhere_and_told(month_report):
    old = month_report.facts["figures"]["filed|period|"]["value"]
    services.correct(month_report, "filed|period|", 12345, "补录 <三> 件", by=SYSTEM)
    said = text(month_report)
    assert "立案 12,345① 件" in said
    assert f"① 立案数 2025-11-01 – 2025-11-30：{old:,.0f} 更正为 12,345（系统，2026-05-20）。理由：补录 <三> 件" in said
    assert any("12,345①" in line for line in lines_of_word(preview.compose(month_report).word()))
    assert "12,345①" in words_of_pdf(month_report)
    assert "is-corrected" in str(preview.shown(month_report))
    services.withdraw(month_report, "filed|period|", by=SYSTEM)
    assert "①" not in text(month_report)
    assert [row.verb for row in history.records(services.chain_of(month_report))] == [
        "work_report.correction_withdrawn", "work_report.corrected", "work_report.drafted",
    ]  # fmt: skip


def test_what_is_compared_follows_the_correction(month_report):
    previous = month_report.facts["figures"]["filed|previous|"]["value"]
    services.correct(month_report, "filed|period|", previous * 2, "核对", by=SYSTEM)
    assert "增长 100.0%①" in text(month_report)


@pytest.mark.parametrize(
    ("ref", "new", "reason", "said"),
    [
        ("filed|period|", 5, "  ", "理由"),
        ("filed|period|", float("nan"), "x", "太大"),
        ("filed|period|", 1e15, "x", "太大"),
        ("nothing|period|", 5, "x", "没有这个数"),
    ],
)
def test_a_correction_that_cannot_be_is_refused(month_report, ref, new, reason, said):
    with pytest.raises(UserError, match=said):
        services.correct(month_report, ref, new, reason, by=SYSTEM)
    assert not month_report.corrections.exists()


# --- issued -----------------------------------------------------------------------------------------------------------


def test_what_is_issued_stands(month_report):
    services.correct(month_report, "filed|period|", 77, "核对", by=SYSTEM)
    issued = services.issue(month_report, by=SYSTEM)
    said = text(issued)
    assert len(issued.digest) == 64
    for change in (
        lambda: services.correct(issued, "filed|period|", 78, "再改", by=SYSTEM),
        lambda: services.withdraw(issued, "filed|period|", by=SYSTEM),
        lambda: services.write_texts(issued, {"problems": "有"}, by=SYSTEM),
        lambda: services.draft_anew(issued, by=SYSTEM),
        lambda: services.issue(issued, by=SYSTEM),
    ):
        with pytest.raises(Conflict):
            change()
    ReportTemplate.objects.create(
        kind=Kind.MONTHLY, at=NOW, name="新.docx", content=word_templates.delivered(Kind.DAILY)
    )
    issued.refresh_from_db()
    assert text(issued) == said


def test_a_period_that_still_runs_is_not_issued():
    report = services.draft(Kind.ANNUAL, Period(dt.date(2026, 1, 1), dt.date(2026, 12, 31)), by=SYSTEM)
    with pytest.raises(UserError, match="2026-12-31"):
        services.issue(report, by=SYSTEM)


def test_it_can_be_recomputed_and_differences_are_told(month_report):
    assert services.differences(month_report) == []
    month_report.facts["figures"]["filed|period|"]["value"] -= 1
    month_report.save()
    ((fact, now),) = services.differences(month_report)
    assert (fact["key"], now - fact["value"]) == ("filed", 1)


def test_a_draft_is_drawn_anew(month_report):
    month_report.facts["figures"]["filed|period|"]["value"] = 1
    month_report.save()
    assert services.draft_anew(month_report, by=SYSTEM).facts["figures"]["filed|period|"]["value"] > 1


# --- by themselves ----------------------------------------------------------------------------------------------------


def test_regular_reports_begin_in_the_morning_once():
    with instants.at(NOW - dt.timedelta(hours=4)):  # half past six
        assert drafting.draft_what_is_due() == []
    made = drafting.draft_what_is_due()
    assert [(report.kind, report.first.isoformat(), report.last.isoformat()) for report in made] == [
        ("daily", "2026-05-19", "2026-05-19"),
        ("weekly", "2026-05-11", "2026-05-17"),
        ("monthly", "2026-04-01", "2026-04-30"),
    ]
    assert drafting.draft_what_is_due() == []


def test_the_office_is_told_of_what_began_by_itself(year_report):
    """Of what somebody drafted himself nobody is told."""
    report = drafting.draft_what_is_due()[0]
    drafted = list(Event.objects.filter(kind="work_report.drafted"))
    handlers.notices(drafted)
    handlers.notices(drafted)
    told = Notice.objects.filter(url=report.get_absolute_url())
    assert {role for notice in told for role in actor_for(notice.user).roles} & {Role.DUTY_CHIEF, Role.EVALUATOR}
    assert not Notice.objects.filter(url=year_report.get_absolute_url()).exists()
    assert told.count() == told.values("user").distinct().count()


# --- paper ------------------------------------------------------------------------------------------------------------


def test_a_character_that_no_font_has_is_named(month_report):
    with pytest.raises(UserError, match="\U0003134a"):
        pdf.compiled({"title": "", "draft": False, "blocks": [
            {"style": "text", "text": "缺\U0003134a字", "rows": [], "columns": 0},
        ]}, NOW)  # fmt: skip


def test_the_missing_figure_of_a_report_is_not_found(month_report):
    with pytest.raises(NotFound):
        services.withdraw(month_report, "filed|period|", by=SYSTEM)
