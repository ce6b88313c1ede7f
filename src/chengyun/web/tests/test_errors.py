import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import include, path

from chengyun.core.errors import Conflict, NotAllowed, NotFound, UserError

RAISED = {
    "input": UserError("处置时限必须大于 0 小时", field="hours"),
    "forbidden": NotAllowed("立案由值班长办理"),
    "absent": NotFound("没有这个案件"),
    "late": Conflict("别人已先一步派遣"),
}


@login_not_required
def refuse(request, kind):
    raise RAISED[kind]


@login_not_required
def crash(request):
    raise RuntimeError("boom")


urlpatterns = [
    path("refuse/<kind>", refuse),
    path("crash", crash),
    path("fine", login_not_required(lambda request: HttpResponse("fine"))),
    path("", include("chengyun.config.urls")),
]
handler404 = "chengyun.web.errors.not_found"
handler500 = "chengyun.web.errors.server_error"

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.mark.parametrize(("kind", "status"), [("input", 400), ("forbidden", 403), ("absent", 404), ("late", 409)])
def test_a_refusal_is_a_page_with_its_own_status_and_sentence(client, kind, status):
    answer = client.get(f"/refuse/{kind}")
    assert answer.status_code == status
    assert str(RAISED[kind]) in answer.text
    assert "<html" in answer.text


def test_a_part_of_a_page_is_refused_with_a_part(client):
    answer = client.get("/refuse/late", headers={"HX-Request": "true", "HX-Current-URL": "/cases/17"})
    assert answer.status_code == 409
    assert "<html" not in answer.text
    assert 'href="/cases/17"' in answer.text


def test_a_script_is_refused_in_json_with_the_field(client):
    answer = client.get("/refuse/input", headers={"Accept": "application/json"})
    assert answer.json() == {"message": "处置时限必须大于 0 小时", "field": "hours", "code": ""}


def test_an_unknown_address_says_where_to_go_on(client):
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert "没有找到这个页面" in answer.text


def test_a_crash_shows_an_honest_page_without_details(client):
    client.raise_request_exception = False
    answer = client.get("/crash")
    assert answer.status_code == 500
    assert "系统出错" in answer.text
    assert "boom" not in answer.text


def test_every_answer_carries_the_strict_policy(client):
    policy = client.get("/fine")["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'self'" in policy
    assert "worker-src 'self'" in policy


def test_a_signed_out_part_goes_to_the_login_as_a_whole_page(client):
    answer = client.get("/password", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer["HX-Redirect"] == "/login?next=/password"


def test_a_crash_behind_a_part_is_told_in_a_part(client):
    client.raise_request_exception = False
    answer = client.get("/crash", headers={"HX-Request": "true"})
    assert answer.status_code == 500
    assert "<html" not in answer.text
    assert "系统出错" in answer.text
