"""The pages of evaluation over the demo county's year, as those see them who evaluate and who are evaluated."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from chengyun.casework.cases.models import Case
from chengyun.core import instants
from chengyun.insight.evaluation import publishing, schemes, spans
from chengyun.insight.evaluation.models import Publication, Scheme
from chengyun.people.access import actor_for
from chengyun.people.models import Department, User
from tests.insight.year.test_evaluation import moved

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("facts", "moment")]

YEAR = {"kind": "department", "group": "bureaus", "period": "2025"}


def client(username):
    found = Client()
    found.force_login(User.objects.get(username=username))
    return found


@pytest.fixture
def evaluator():
    return client("kaohe")


@pytest.fixture
def published():
    return publishing.publish(
        "department", spans.read("2025"), "bureaus", by=actor_for(User.objects.get(username="kaohe"))
    )


def page(who, name, *args, status=200, **query):
    answer = who.get(reverse(f"evaluation:{name}", args=args), query)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def test_the_board_says_what_is_published_open_and_running(evaluator, published):
    said = page(evaluator, "home", length="year")
    assert f'href="/evaluation/{published.pk}/"' in said
    assert said.count("已发布") == 1 and said.count("待发布") == 29 and said.count("看现在") == 10
    for length in spans.LENGTHS:
        assert "待发布" in page(evaluator, "home", length=length)


@pytest.mark.parametrize("key", ["area:cell", "area:township", "department", "post:collector", "post:receiver"])
def test_a_result_as_it_is_now(evaluator, key):
    said = page(evaluator, "result", kind=key, period="2025")
    assert "还没有固定" in said and "/figures/" in said
    for sort in ("name", "change", "late", "0", "99", "x"):
        page(evaluator, "result", kind=key, period="2025", sort=sort)


def test_a_figure_opens_the_cases_behind_it(evaluator):
    said = page(evaluator, "result", **YEAR)
    href, numerator = re.search(r'title="(\d+) / \d+；[^>]*><a class="figure" href="([^"]+)"', said).groups()[::-1]
    shown = evaluator.get(href.replace("&amp;", "&"))
    assert shown.status_code == 200
    assert f"分子 {numerator}" in shown.content.decode()
    assert "此后有" not in shown.content.decode()


def test_many_objects_are_turned_page_by_page(evaluator, monkeypatch):
    monkeypatch.setattr("chengyun.insight.evaluation.views.PAGE", 5)
    asked, seen = {"kind": "area:township", "period": "2025"}, []
    for start in ("", "5", "10"):
        said = page(evaluator, "result", **asked, start=start, sort="name")
        seen += re.findall(r"object=(\d+)", said)
        assert ("start=" in said) and "共 11 个对象" in said
    assert len(seen) == len(set(seen)) == 11


def test_what_cannot_be_asked_is_told(evaluator):
    assert "2025-Q3" in page(evaluator, "result", kind="department", period="2025-99", status=422)
    assert "area:township" in page(evaluator, "result", kind="weather", status=422)
    for border in ("2199", "2199-12", "1970-01"):
        assert f"“{border}”太早或太晚" in page(evaluator, "result", kind="department", period=border, status=422)
    empty = page(evaluator, "result", kind="department", period="2001")
    assert "没有可以评价的数据" in empty and reverse("evaluation:publish") not in empty


def test_publishing_and_correcting_by_hand(evaluator):
    answer = evaluator.post(reverse("evaluation:publish"), YEAR)
    made = Publication.objects.get()
    assert answer.url == made.get_absolute_url()
    again = evaluator.post(reverse("evaluation:publish"), YEAR, follow=True).content.decode()
    assert "已经发布" in again and "已发布第 1 版" in again
    assert "请" in page(evaluator, "correct", made.pk)
    refused = evaluator.post(reverse("evaluation:correct", args=[made.pk]), {"reason": ""})
    assert refused.status_code == 422
    answer = evaluator.post(reverse("evaluation:correct", args=[made.pk]), {"reason": "补录案件"})
    newest = Publication.objects.get(version=2)
    assert answer.url == newest.get_absolute_url()
    assert "补录案件" in page(evaluator, "publication", newest.pk)
    assert "已被第 2 版更正取代：补录案件" in page(evaluator, "publication", made.pk)


def test_an_object_tells_how_its_total_came_about(evaluator, published):
    row = published.rows.exclude(total=None).first()
    said = page(evaluator, "object", published.pk, row.key)
    assert str(row.total) in said and "结案数 ÷ 应结案数" in said and "得分 = 100 − 比率 × 100" in said
    live = page(evaluator, "live_object", **YEAR, object=row.key)
    assert str(row.total) in live
    assert "eva-chart" in page(evaluator, "live_object", kind="area:county", period="2025-12", object="990126")
    page(evaluator, "live_object", **YEAR, object="0", status=404)


def test_the_frozen_cases_behind_a_figure(evaluator, published):
    row = published.rows.exclude(total=None).first()
    kept = publishing.kept_cases(published, "0/of")[row.key]
    said = page(evaluator, "cases", published.pk, row.key, part="0/of")
    numbers = set(Case.objects.filter(pk__in=sorted(kept, reverse=True)[:50]).values_list("number", flat=True))
    assert set(re.findall(r'class="code nowrap"><a href="/cases/([^/"]+)', said)) == numbers
    assert f"发布时计 {len(kept)}" in said
    for nothing in ("9/of", "0/zz", "0/foo", "0", "0/", "/of", "", "٠/of"):
        page(evaluator, "cases", published.pk, row.key, part=nothing, status=404)
    for place, indicator in enumerate(schemes.shipped("department").indicators):
        for side in ("of", "over") if indicator.over else ("of",):
            assert str(indicator.title) in page(evaluator, "cases", published.pk, row.key, part=f"{place}/{side}")


def test_differences_name_the_cases(evaluator, published, facts, monkeypatch):
    assert "重新计算的结果与发布的一致" in page(evaluator, "differences", published.pk)
    case, later = moved(facts, published)
    monkeypatch.setattr("chengyun.insight.facts.session.session", lambda: later)
    said = page(evaluator, "differences", published.pk)
    assert Department.objects.get(pk=case.main_department_id).short_name in said
    assert "少 1 件" in said and case.number in said
    assert "重新计算的结果与发布的一致" not in said


# --- schemes ----------------------------------------------------------------------------------------------------------


def filled(said):
    """What the form holds, as a browser would send it."""
    sent = {}
    for tag in re.findall(r"<input [^>]+>", said):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and 'type="checkbox"' not in tag and name[1] != "csrfmiddlewaretoken":
            sent[name[1]] = value[1] if value else ""
    for name, body in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', said, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', body)
        sent[name] = chosen[1] if chosen else ""
    for name, text in re.findall(r'<textarea name="([^"]+)"[^>]*>\s*(.*?)</textarea>', said, re.DOTALL):
        sent[name] = text
    return sent


@pytest.mark.parametrize("kind", ["department", "receiver", "area"])
def test_a_scheme_saved_as_it_is_is_the_same(evaluator, kind):
    sent = filled(page(evaluator, "scheme", kind))
    answer = evaluator.post(reverse("evaluation:scheme", args=[kind]), sent)
    assert answer.status_code == 302, answer.content.decode()
    plan, shipped = schemes.plan_of(Scheme.objects.get()), schemes.shipped(kind)
    assert plan.rules == shipped.rules
    assert [group.key for group in plan.groups] == [group.key for group in shipped.groups]
    assert "从" in page(evaluator, "schemes")


def test_a_scheme_is_changed(evaluator):
    sent = filled(page(evaluator, "scheme", "department"))
    bureau = Department.objects.filter(kind="department").first()
    sent |= {"line_3_weight": "5", "line_4_indicator": "return_rate", "line_4_weight": "5", "line_4_rule": "down",
             "grade_0_name": "优秀", "group_0_departments": [str(bureau.pk)], "valid_from": "2025-01-01"}  # fmt: skip
    assert evaluator.post(reverse("evaluation:scheme", args=["department"]), sent).status_code == 302
    said = page(evaluator, "result", **YEAR)
    assert "回退率" in said and "优秀" in said and "共 1 个对象" in said


@pytest.mark.parametrize("kind", ["area", "department"])
def test_a_scheme_saved_in_english_is_in_chinese_as_the_papers_are(evaluator, kind):
    with translation.override("zh-hans"):
        shipped = schemes.shipped(kind)
        groups = [str(group.name) for group in shipped.groups]
    evaluator.cookies["language"] = "en"
    said = page(evaluator, "scheme", kind)
    assert 'lang="en"' in said
    assert evaluator.post(reverse("evaluation:scheme", args=[kind]), filled(said)).status_code == 302
    plan = schemes.plan_of(Scheme.objects.get())
    assert (plan.name, plan.note) == (shipped.name, shipped.note)
    assert [group.name for group in plan.groups] == groups


def test_the_form_begins_with_the_scheme_of_today_and_not_with_one_to_come(evaluator):
    by = actor_for(User.objects.get(username="kaohe"))
    shipped = schemes.shipped("department")
    for name, day in (("今年的", instants.today()), ("明年的", dt.date(2027, 1, 1))):
        schemes.save(replace(shipped, name=name), day, by=by)
    said = page(evaluator, "scheme", "department")
    assert filled(said)["name"] == "今年的" and "明年的" in said


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"valid_from": "9999-12-31"}, "2025-01-01 至 2027-12-31"),
        ({"valid_from": "0001-01-01"}, "2025-01-01 至 2027-12-31"),
        ({"line_0_weight": "29"}, "权重合计为 99，应为 100"),
        ({"line_0_weight": "三十"}, "请填写数字"),
        ({"line_3_bands": "50-100"}, "界限:得分"),
        ({"line_3_bands": "100:90 50:100"}, "从小到大"),
        ({"line_3_bands": "1e-1000000:100 *:0"}, "“1e-1000000:100”读不懂"),
        ({"line_3_bands": "50:100 100:0e1000000"}, "“100:0e1000000”读不懂"),
        ({"line_3_bands": "50:100 *:90 *:0"}, "只能写一次"),
        ({"line_3_bands": " ".join(f"{step}:{100 - step}" for step in range(11))}, "最多 10 个，现有 11 个"),
        ({"line_3_bands": "-50:100 0:90"}, "不会小于 0"),
        ({"line_0_weight": "1e-999"}, "请填写数字"),
        ({"grade_1_limit": "95"}, "从高到低"),
        ({"line_0_indicator": "fine_total"}, "fine_total"),
    ],
)
def test_a_wrong_scheme_is_refused_and_keeps_what_was_typed(evaluator, wrong, words):
    sent = filled(page(evaluator, "scheme", "department")) | wrong
    answer = evaluator.post(reverse("evaluation:scheme", args=["department"]), sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Scheme.objects.exists()


# --- who sees what ----------------------------------------------------------------------------------------------------


def test_a_department_sees_its_group_and_opens_its_own_figures(published):
    own = client("zhifa")
    assert f"/evaluation/{published.pk}/" in page(own, "home")
    said = page(own, "publication", published.pk)
    department = User.objects.get(username="zhifa").appointments.get().post.department
    linked = set(re.findall(r"where=department%3A(\d+)", said))
    assert linked == {str(department.pk)}
    assert said.count('<th scope="row">') == published.rows.count()
    page(own, "result", **YEAR, status=403)
    page(own, "differences", published.pk, status=403)
    page(own, "scheme", "department", status=403)


def test_a_person_sees_his_own_line():
    by = actor_for(User.objects.get(username="kaohe"))
    result = publishing.publish("post:collector", spans.read("2025"), by=by)
    collector = User.objects.get(username="caiji")
    said = page(client("caiji"), "publication", result.pk)
    assert re.findall(r"/evaluation/\d+/(\d+)/\"", said) == [str(collector.pk)]
    assert "/figures/" not in said
    other = result.rows.exclude(key=str(collector.pk)).first()
    page(client("caiji"), "object", result.pk, other.key, status=404)
    page(client("shouli"), "publication", result.pk, status=404)
