"""The pages: who may, what stands on them, how many statements they cost."""

import datetime as dt
import io
import re

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from chengyun.casework.campaigns.models import Campaign, Counting, Task
from chengyun.casework.campaigns.services import closing, planning, working

DAY = dt.date(2026, 3, 2)
BACKEND = "django.contrib.auth.backends.ModelBackend"


def jpeg():
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "grey").save(out, "JPEG")
    return SimpleUploadedFile("a.jpg", out.getvalue(), "image/jpeg")


@pytest.fixture
def login(client, county):
    def as_(name):
        client.force_login(county.users[name], backend=BACKEND)
        return client

    return as_


MANAGE = {"supervisor", "chief", "evaluator", "leader"}
READ = MANAGE | {"receiver", "dispatcher", "handler"}
PEOPLE = READ | {"market", "collector", "admin"}


@pytest.mark.parametrize("name", sorted(PEOPLE))
def test_who_opens_what(plan, login, name):
    campaign, task = plan()
    client = login(name)
    reads = 200 if name in READ else 404
    manages = 200 if name in MANAGE else 403
    lists = 403 if name in ("collector", "admin") else 200
    assert client.get("/campaigns/").status_code == lists
    for page in ("", "cases", "report", "report/word"):
        assert client.get(f"/campaigns/{campaign.pk}/{page}").status_code == reads, page
    assert client.get(f"/campaigns/tasks/{task.pk}/").status_code == reads
    assert client.get("/campaigns/new").status_code == manages
    for page in ("edit", "phases/new", "targets/new", "tasks/new"):
        assert client.get(f"/campaigns/{campaign.pk}/{page}").status_code == manages, page


@pytest.mark.parametrize("name", sorted(PEOPLE - MANAGE))
def test_who_may_not_manage_changes_nothing(plan, login, name):
    campaign, task = plan(started=False)
    client = login(name)
    for page in (f"{campaign.pk}/start", f"{campaign.pk}/cancel", f"{campaign.pk}/close", f"tasks/{task.pk}/accept"):
        assert client.post(f"/campaigns/{page}").status_code in (403, 404)
    assert Campaign.objects.get().state == "planned"


def test_a_plan_is_made_in_the_browser(login, county):
    client = login("supervisor")
    sent = {
        "name": "户外广告整治",
        "goal": "拆除违规广告",
        "lead": county.market.pk,
        "begins": "2026-03-01",
        "ends": "2026-04-30",
    }
    campaign = Campaign.objects.get(pk=int(client.post("/campaigns/new", sent).url.split("/")[2]))
    client.post(f"/campaigns/{campaign.pk}/phases/new", {"name": "摸底", "begins": "2026-03-01", "ends": "2026-03-10"})
    client.post(f"/campaigns/{campaign.pk}/targets/new", {"name": "拆除广告", "unit": "块", "counting": "evidence"})
    target = campaign.targets.get()
    amounts = {f"amount_{county.market.pk}": "20", f"amount_{county.village.pk}": "5"}
    response = client.post(
        f"/campaigns/{campaign.pk}/tasks/new", {"target": target.pk, "phase": "", "ends": "", **amounts}
    )
    assert response.status_code == 302
    assert set(campaign.tasks.values_list("department__code", "amount")) == {("market", 20), ("village", 5)}
    page = client.get(f"/campaigns/{campaign.pk}/").content.decode()
    assert "摸底" in page and "0 / 20 块" in page


def test_a_fault_names_its_field(login, county):
    sent = {"name": "a", "goal": "b", "lead": county.market.pk, "begins": "2026-03-02", "ends": "2026-03-01"}
    response = login("chief").post("/campaigns/new", sent)
    assert response.status_code == 422
    assert "结束日期不能早于开始日期" in response.content.decode()


def test_evidence_with_pictures_before_and_after(plan, login, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    _campaign, task = plan()
    client = login("handler")
    sent = {"day": "2026-03-02", "amount": "4", "note": "清理四处", "before": jpeg(), "after": jpeg()}
    assert client.post(f"/campaigns/tasks/{task.pk}/", sent).status_code == 302
    page = client.get(f"/campaigns/tasks/{task.pk}/").content.decode()
    assert page.count("<img") == 2
    assert "4<small> / 10 处</small>" in page


def test_the_pictures_of_a_unit_are_not_for_another(plan, county, login, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    _campaign, task = plan()
    working.report(task, by=county.actor("handler"), day=DAY, amount=1, note="一处", after=[jpeg()])
    address = re.search(r'<img src="([^"]+)"', login("handler").get(f"/campaigns/tasks/{task.pk}/").content.decode())[1]
    shown = login("handler").get(address)
    assert b"".join(shown.streaming_content)
    assert shown.status_code == 200
    assert login("market").get(address).status_code in (403, 404)


def test_the_cases_behind_a_figure_are_as_many(plan, county, login):
    campaign, task = plan(counting=Counting.REPORTED_CASES)
    for _count in range(3):
        county.walk(county.report(), "dispatch")
    planning.change(campaign, by=county.actor("chief"), name=campaign.name)
    page = login("chief").get(f"/campaigns/{campaign.pk}/cases?task={task.pk}")
    assert len(page.context["rows"]) == 3
    assert "3<small> / 10 处</small>" in login("chief").get(f"/campaigns/tasks/{task.pk}/").content.decode()


def test_a_case_shows_its_campaigns(plan, county, login):
    case = county.walk(county.report(), "dispatch")
    campaign, _task = plan()
    assert campaign.name in login("chief").get(case.get_absolute_url()).content.decode()


def test_the_report_reads_back_from_word(plan, county, login):
    campaign, task = plan()
    working.report(task, by=county.actor("handler"), day=DAY, amount=4, note="清理")
    closing.write_report(campaign, by=county.actor("chief"), results="清理四处", problems="人手不足", next_steps="")
    response = login("chief").get(f"/campaigns/{campaign.pk}/report/word")
    document = docx.Document(io.BytesIO(response.content))
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert words.startswith("春季市容整治工作总结")
    assert "清理垃圾点：目标 10 处，完成 4 处。" in words and "人手不足" in words
    assert [cell.text for cell in document.tables[0].rows[1].cells] == [
        "住建局",
        "清理垃圾点（处）",
        "10",
        "4",
        "办理中",
    ]


def statements(client, address):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_list_costs_the_same_with_many(plan, login):
    client = login("chief")
    plan()
    statements(client, "/campaigns/")
    one = statements(client, "/campaigns/")
    for _count in range(6):
        plan()
    assert statements(client, "/campaigns/") == one


def test_a_campaign_costs_the_same_with_many_tasks(plan, county, login):
    campaign, task = plan()
    client = login("chief")
    statements(client, campaign.get_absolute_url())
    one = statements(client, campaign.get_absolute_url())
    Task.objects.bulk_create(
        Task(campaign=campaign, target=task.target, department=county.market, amount=5, begins=DAY, ends=DAY)
        for _count in range(30)
    )
    assert statements(client, campaign.get_absolute_url()) == one
