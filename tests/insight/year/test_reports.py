"""Reports over the demo county's year: true, the same on page, in Word and in PDF, and fixed once they are issued."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import pytest
from docx import Document
from pypdf import PdfReader

from chengyun.assets.models import Component
from chengyun.casework.campaigns.models import Campaign, CampaignCase
from chengyun.casework.cases.models import Case, Notice
from chengyun.casework.components.models import CaseComponent
from chengyun.core import history, instants
from chengyun.core.errors import Conflict, NotFound, UserError
from chengyun.core.models import Event
from chengyun.insight.figures import naming
from chengyun.insight.figures.indicator import find
from chengyun.insight.figures.measuring import Question, measure
from chengyun.insight.figures.periods import Period
from chengyun.insight.reports import drafting, handlers, pdf, preview, services, word_templates
from chengyun.insight.reports.blocks import blocks, text_of
from chengyun.insight.reports.counted import packed
from chengyun.insight.reports.models import Kind, ReportTemplate
from chengyun.insight.targets import services as services_of_targets
from chengyun.insight.targets.models import PlanTarget
from chengyun.people.access import SYSTEM, actor_for
from chengyun.people.models import Department, Scope, User
from chengyun.people.roles import Role
from chengyun.people.tokens import create_token
from tests.insight.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("facts", "moment")]

YEAR = Period(dt.date(2025, 1, 1), dt.date(2025, 12, 31))
MONTH = Period(dt.date(2025, 11, 1), dt.date(2025, 11, 30))
HOSTILE = '#pagebreak() $x$ \\ "引号" [括号] <b>粗</b> {{ 7*7 }} @ref `code` *星* _线_'


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


def test_what_is_late_by_now_is_not_told_as_of_the_period_s_end():
    """Those are among the cases that were open at its end, of which others have been closed since."""
    day = dt.date(2026, 5, 18)
    daily = services.draft(Kind.DAILY, Period(day, day), by=SYSTEM)
    figures = {key: daily.facts["figures"][f"{key}|period|"] for key in ("open", "open_late", "suspended")}
    whole, late, shelved = (services.cases_of(daily, fact).keys() for fact in figures.values())
    assert late <= whole and shelved <= whole and 0 < len(late) < len(whole)
    said = f"期末未结案 {len(whole)} 件，其中起草时超期未处置 {len(late)} 件、挂账 {len(shelved)} 件。"
    assert said in text(daily)


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


def test_a_title_is_one_line():
    report = services.draft(Kind.MONTHLY, MONTH, by=SYSTEM, title="十一月\r\nX-Other: 1\x07\u202e月报　续 ")
    assert report.title == "十一月 X-Other: 1 月报　续"
    assert services.draft(Kind.MONTHLY, MONTH, by=SYSTEM, title="\r\n").title == "城市管理月报（2025年11月）"


def test_each_figure_leads_to_its_cases(month_report):
    shown = str(preview.shown(month_report))
    assert "/figures/filed/?from=2025-11-01&amp;to=2025-11-30&amp;asof=" in shown
    assert "where=source%3Ahotline" in shown


def test_a_topic_is_narrowed(year_report):
    narrow = services.draft(Kind.TOPIC, YEAR, by=SYSTEM, title="热线专题", where={"source": ["hotline"]})
    whole, part = (each.facts["figures"]["reported|period|"]["value"] for each in (year_report, narrow))
    assert 0 < part < whole
    assert part == year_report.facts["figures"]["reported|period|source=hotline"]["value"]


# --- against what was wanted ------------------------------------------------------------------------------------------


def test_the_year_tells_its_targets(evaluator):
    """Recomputed from the plan's own rows and the report's figures."""
    year_report = services.draft(Kind.ANNUAL, YEAR, by=evaluator)
    figures = year_report.facts["figures"]
    targets = PlanTarget.objects.filter(plan__year=2025)
    told = [line.split("\t") for line in text(year_report).splitlines() if line.count("\t") == 6][1:]
    assert len(told) == targets.count() > 10
    (closed,) = [row for row in told if row[0] == "结案数"]
    reached = figures["closed|period|"]["value"]
    deviation = f"−{5700 - reached:,.0f} 件"
    assert closed == ["结案数", "全县", "2025 年", "≥5,700 件", f"{reached:,.0f} 件", deviation, "落后"]
    assert {row[6] for row in told} <= {"已达到", "接近", "落后"}


def test_a_figure_with_its_target_and_deviation(plan, evaluator):
    """A count, a share of a bureau, and what has no target."""
    bureau = Department.objects.get(code="HW")
    for key, wanted, department in (("closed", "3", None), ("on_time_handling_rate", "91.5", bureau)):
        services_of_targets.add_target(
            by=SYSTEM, plan=plan, indicator=key, span="2025-11", wanted=Decimal(wanted), department=department
        )
    where = f"department={bureau.pk}"
    of_bureau = f"'on_time_handling_rate', 'period', '{where}'"
    calls = [f"{word}({given})" for given in ("'closed'", of_bureau) for word in ("target", "deviation")]
    template = said_by("；".join(f"{{{{ {call} }}}}" for call in [*calls, "target('handled')", "figure('closed')"]))
    word_templates.TEMPLATES.replace("monthly", "新.docx", template, by=SYSTEM)
    report = services.draft(Kind.MONTHLY, MONTH, by=evaluator)
    closed = report.facts["figures"]["closed|period|"]["value"]
    share = report.facts["figures"][f"on_time_handling_rate|period|{where}"]["value"]
    assert (closed > 3, share == 91.5) == (True, False)
    by = f"{'+' if share > 91.5 else '−'}{abs(share - 91.5):.2f} 个百分点"
    assert text(report) == f"3；+{closed - 3:.0f} 件；91.50；{by}；—；{closed:.0f}"
    services.correct(report, "closed|period|", 2, "核对", by=SYSTEM)
    assert text(report).startswith("3；−1 件①；")


def said_by(words):
    document, content = Document(), io.BytesIO()
    document.add_paragraph(words)
    document.save(content)
    return content.getvalue()


@pytest.mark.parametrize("call", ["target('nothing')", "targets('week')", "deviation('closed', 'tomorrow')"])
def test_a_target_that_cannot_be_is_refused_by_name(call):
    with pytest.raises(UserError, match="nothing|week|tomorrow"):
        word_templates.checked(said_by(f"{{{{ {call} }}}}"))


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
        ("filed|period|", -5, "x", "立案数.*小于 0"),
        ("filed|period|", 3.7, "x", "立案数.*整数"),
        ("filed|period|", float("inf"), "x", "太大"),
        ("closing_rate|period|", 250, "x", "结案率.*0 到 100"),
        ("closing_rate|period|", -3, "x", "小于 0"),
        ("mean_handling_hours|period|", -0.5, "x", "小于 0"),
        ("@campaigns|count", 1.5, "x", "整数"),
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
        kind=Kind.MONTHLY, at=NOW, name="新.docx", content=word_templates.TEMPLATES.delivered(Kind.DAILY)
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
    (changed,) = services.differences(month_report)
    assert (changed.fact["key"], changed.value - changed.fact["value"]) == ("filed", 1)


def test_a_draft_is_drawn_anew(month_report):
    month_report.facts["figures"]["filed|period|"]["value"] = 1
    month_report.save()
    assert services.draft_anew(month_report, by=SYSTEM).facts["figures"]["filed|period|"]["value"] > 1


# --- the cases behind -------------------------------------------------------------------------------------------------


def test_every_figure_keeps_the_cases_that_it_counted(month_report):
    """Their rows are numerator and denominator; those of a count are the cases of the database."""
    figures = [fact for fact in month_report.facts["figures"].values() if fact["key"]]
    assert len(figures) > 90
    for fact in figures:
        parts = [services.cases_of(month_report, fact, part) for part in range(len(fact["behind"]))]
        if not find(fact["key"]).of.amount:
            assert sum(parts[0].values()) == fact["numerator"], fact
        assert fact["denominator"] is None or sum(parts[1].values()) == fact["denominator"], fact
    days = Case.objects.filter(stage="closed").values_list("pk", "closed_at", "main_department__code")
    closed = [(pk, code) for pk, at, code in days if instants.civil_day(at).strftime("%Y-%m") == "2025-11"]
    whole = month_report.facts["figures"]["closed|period|"]
    assert services.cases_of(month_report, whole) == {pk: 1 for pk, _code in closed}
    of_bureau = month_report.facts["figures"][f"closed|period|department={Department.objects.get(code='HW').pk}"]
    assert services.cases_of(month_report, of_bureau) == {pk: 1 for pk, code in closed if code == "HW"}


def test_a_figure_of_an_issued_report_opens_exactly_those_cases(month_report, client):
    ref = "closing_rate|period|"
    counted = services.cases_of(month_report, month_report.facts["figures"][ref], 1)
    issued = services.issue(month_report, by=SYSTEM)
    client.force_login(User.objects.get(username="kaohe"), backend="django.contrib.auth.backends.ModelBackend")
    address = f"/reports/{issued.pk}/figure?ref=closing_rate%7Cperiod%7C"
    assert f'href="{address}"' in str(preview.shown(issued))
    # What happens to a case afterwards moves nothing.
    gone = max(counted)
    Case.objects.filter(pk=gone).update(stage="void", closed_at=None)
    seen, page = [], f"{address}&part=over"
    while page:
        context = client.get(page).context
        seen += [line.case.number for line in context["lines"]]
        page = context["older_url"] and f"/reports/{issued.pk}/figure{context['older_url']}"
    numbers = dict(Case.objects.filter(pk__in=counted).values_list("pk", "number"))
    assert seen == [numbers[pk] for pk in sorted(counted, reverse=True)] and numbers[gone] in seen
    assert client.get(f"/reports/{issued.pk}/figure?ref=nothing").status_code == 404


def test_which_cases_came_and_left_is_told(month_report, client):
    """Also where as many came as left, so that the figure is the same."""
    fact = month_report.facts["figures"]["closed|period|"]
    counted = services.cases_of(month_report, fact)
    stays = Case.objects.exclude(pk__in=counted).exclude(filed_at=None).first().pk
    came = min(counted)
    row = month_report.counted.get(number=fact["behind"][0])
    row.packed = packed(dict.fromkeys({*counted, stays} - {came}, 1))
    row.save()
    (changed,) = [each for each in services.differences(month_report) if each.fact == fact]
    assert (changed.came, changed.left, changed.value) == ({came}, {stays}, fact["value"])
    client.force_login(User.objects.get(username="kaohe"), backend="django.contrib.auth.backends.ModelBackend")
    shown = client.get(f"/reports/{month_report.pk}/?compare").text
    assert all(f"/cases/{Case.objects.get(pk=pk).number}/" in shown for pk in (came, stays))


def test_the_fingerprint_is_over_the_cases_too(month_report):
    before = services.digest_of(month_report, ())
    row = month_report.counted.order_by("number").first()
    row.packed = packed({1: 1})
    row.save()
    assert services.digest_of(month_report, ()) != before


def test_a_report_that_kept_no_cases_opens_them_as_they_are(month_report, client):
    for fact in month_report.facts["figures"].values():
        fact.pop("behind", None)
    month_report.facts.pop("targets")
    month_report.save()
    issued = services.issue(month_report, by=SYSTEM)
    assert "/figures/closed/?from=2025-11-01" in str(preview.shown(issued))
    assert services.differences(issued) == []


# --- what modules tell, and how classes are called --------------------------------------------------------------------


def test_campaigns_have_a_section(year_report):
    ran = Campaign.objects.filter(begins__lte=YEAR.last, ends__gte=YEAR.first).exclude(state="cancelled")
    linked = CampaignCase.objects.filter(campaign__in=ran)
    closed = linked.filter(case__closed_at__isnull=False).count()
    said = text(year_report)
    assert 0 < closed <= linked.count() and "、专项行动\n" in said
    assert f"开展专项行动 {ran.count()} 项，" in said
    assert f"归集案件 {linked.count():,} 件，结案 {closed:,} 件。" in said
    one = ran.filter(links__isnull=False).first()
    assert f"“{one.name}”（{one.lead.short_name}，{one.begins} 至 {one.ends}）：进度 " in said
    assert f'href="/campaigns/{one.pk}/cases"' in str(preview.shown(year_report))
    assert "开展专项行动" in words_of_pdf(year_report)


def test_components_have_a_section(year_report):
    standing = Component.objects.filter(valid_to=None)
    filed = CaseComponent.objects.filter(case__filed_at__year=2025).exclude(case__stage="merged").count()
    said = text(year_report)
    assert "、部件\n" in said
    assert f"起草时在册部件 {standing.count():,} 个，其中完好 {standing.filter(state='intact').count():,} 个，" in said
    assert f"期内立案的案件中，{filed:,} 件指向在册部件" in said
    major = standing.first().class_code[:2]
    assert f'href="/assets/?major={major}"' in str(preview.shown(year_report))


def test_local_classes_are_counted_with_the_major_that_they_stand_under(year_report, facts):
    """A county's own minor class under a major of the catalogue has a standard of its own, its major has not."""
    filed = Case.objects.filter(filed_at__year=2025).exclude(stage="merged")
    own = filed.filter(minor_class__standard__code="LOCAL").exclude(minor_class__major__standard__code="LOCAL")
    major = own.first().minor_class.major
    key = f"{major.standard.code}/{major.kind}/{major.code}"
    figure = measure(facts, find("filed"), Question(YEAR), ["major"])
    assert figure.groups[(key,)].numerator == filed.filter(minor_class__major=major).count()
    assert naming.majors([key]) == {key: major.name}
    rows = [row["name"] for rows in year_report.facts["tables"].values() for row in rows]
    assert rows and not [name for name in rows if "LOCAL" in name or "/" in name]


def test_what_a_program_asks_wrongly_is_not_answered_with_the_first_page(month_report, client):
    _token, secret = create_token("kaohe", by=SYSTEM, name="报表", scopes=[Scope.CASES_READ])
    answers = {
        query: client.get(f"/api/v1/work-reports?{query}", headers={"Authorization": f"Bearer {secret}"})
        for query in (
            "kind=zzz",
            "before=abc",
            "before=-1",
            "kind=monthly",
            f"before={month_report.pk}",
            "kind=&before=",
        )
    }
    assert [answer.status_code for answer in answers.values()] == [400, 400, 400, 200, 200, 200]
    assert "kind" in answers["kind=zzz"].text and "“zzz”" in answers["kind=zzz"].text
    assert "before" in answers["before=abc"].text and "“abc”" in answers["before=abc"].text
    assert month_report.pk in [each["id"] for each in answers["kind=monthly"].json()["reports"]]
    client.force_login(User.objects.get(username="kaohe"), backend="django.contrib.auth.backends.ModelBackend")
    assert month_report in client.get("/reports/?kind=zz&before=abc").context["rows"]


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
