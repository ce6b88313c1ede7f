"""An objection from the result's page to its decision, and the bulletin's files, as people meet them."""

import pytest

from chengyun.insight.evaluation.models import Objection

pytestmark = pytest.mark.django_db
WORDS = "三件案件的返工是派遣有误造成的，请核实"
LIST = "/evaluation/objections"


@pytest.fixture
def visit(client, county):
    def enter(name):
        client.force_login(county.users[name], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return enter


def page_of(row, rest=""):
    return f"/evaluation/{row.publication_id}/{row.key}/{rest}"


def text(answer):
    return answer.content.decode()


def object_to(visit, row, line=2, words=WORDS):
    return visit("handler").post(page_of(row, f"objections/{line}"), {"words": words})


def test_the_way_of_an_objection(visit, row):
    assert "申诉：返工率" in text(visit("handler").get(page_of(row)))
    form = text(visit("handler").get(page_of(row, "objections/2")))
    assert "发布的数值" in form and row.name in form
    told = object_to(visit, row)
    objection = Objection.objects.get()
    assert told.url == objection.get_absolute_url()
    beside = text(visit("handler").get(page_of(row)))
    assert WORDS in beside and "申诉：返工率" not in beside and "申诉：结案率" in beside
    assert WORDS in text(visit("leader").get(row.publication.get_absolute_url()))
    assert "等待考核员裁定" in text(visit("handler").get(told.url))

    seen = visit("evaluator").get(told.url)
    assert 'name="state"' in text(seen)
    given = {"version": 1, "state": "upheld", "reason": "返工由派遣造成"}
    assert visit("evaluator").post(told.url, given).status_code == 302
    again = visit("evaluator").post(told.url, given | {"state": "rejected"})
    assert again.status_code == 422 and "先一步" in text(again)
    decided = visit("evaluator").get(told.url)
    assert "返工由派遣造成" in text(decided)
    assert f"/evaluation/{row.publication_id}/correct?reason=" in text(decided)
    assert "/correct" not in text(visit("handler").get(told.url))
    (link,) = [each for each in text(decided).split('"') if "/correct?reason=" in each]
    assert f"申诉成立：{row.name}，返工率。" in text(visit("evaluator").get(link))


def test_what_is_wrong_is_told_and_kept(visit, row):
    answer = object_to(visit, row, words="太低")
    assert (answer.status_code, "太低" in text(answer)) == (422, True)
    object_to(visit, row)
    twice = object_to(visit, row)
    assert twice.status_code == 422 and "等待裁定" in text(twice) and WORDS in text(twice)
    address = Objection.objects.get().get_absolute_url()
    unfit = visit("evaluator").post(address, {"version": 1, "state": "open", "reason": "返工由派遣造成"})
    assert unfit.status_code == 422 and Objection.objects.get().is_open
    torn = visit("evaluator").post(address, {"version": "x", "state": "upheld", "reason": "返工由派遣造成"})
    assert torn.status_code == 422 and "页面不完整或已过期（version" in text(torn)
    assert Objection.objects.get().is_open


def test_the_list_is_empty_then_holds_what_the_reader_may_see(visit, row):
    assert "还没有申诉" in text(visit("evaluator").get(LIST))
    object_to(visit, row)
    assert WORDS in text(visit("leader").get(LIST))
    assert WORDS in text(visit("handler").get(f"{LIST}?state=open"))
    assert "没有这种状态的申诉" in text(visit("handler").get(f"{LIST}?state=upheld"))
    assert WORDS not in text(visit("market").get(LIST))
    assert visit("market").get(Objection.objects.get().get_absolute_url()).status_code == 404


def test_another_department_reads_the_line_but_cannot_object(visit, row):
    assert "申诉：" not in text(visit("market").get(page_of(row)))
    assert visit("market").post(page_of(row, "objections/2"), {"words": WORDS}).status_code == 403
    assert not Objection.objects.exists()


def test_withdrawn_on_its_page(visit, row):
    told = object_to(visit, row)
    page = text(visit("handler").get(told.url))
    assert f'action="{told.url}/withdraw"' in page
    assert "/withdraw" not in text(visit("evaluator").get(told.url))
    assert visit("handler").post(f"{told.url}/withdraw", {"version": "1"}).status_code == 302
    shown = text(visit("evaluator").get(told.url))
    assert "已撤回" in shown and 'name="state"' not in shown and "等待考核员裁定" not in shown
    again = visit("handler").post(f"{told.url}/withdraw", {"version": "²"}, follow=True)
    assert "不能再撤回" in text(again)
    assert "申诉：返工率" in text(visit("handler").get(page_of(row)))


def test_the_sheet_of_an_objection_is_a_file_for_who_sees_it(visit, row):
    told = object_to(visit, row)
    answer = visit("handler").get(f"{told.url}/sheet.docx")
    assert answer.content.startswith(b"PK") and answer["Cache-Control"] == "no-store"
    assert visit("market").get(f"{told.url}/sheet.docx").status_code == 404


@pytest.mark.parametrize(("kind", "start"), [("docx", b"PK"), ("xlsx", b"PK")])
def test_the_bulletin_is_a_file_of_the_group(visit, row, kind, start):
    answer = visit("handler").get(f"/evaluation/{row.publication_id}/bulletin.{kind}")
    assert answer.content.startswith(start)
    assert answer["Cache-Control"] == "no-store"
    assert "%E7%BB%A9%E6%95%88%E8%AF%84%E4%BB%B7%E9%80%9A%E6%8A%A5" in answer["Content-Disposition"]
    assert f"bulletin.{kind}" in text(visit("handler").get(row.publication.get_absolute_url()))


def test_of_a_post_the_person_has_no_bulletin(visit, results):
    pk = results["receivers"].pk
    assert "bulletin" not in text(visit("receiver").get(f"/evaluation/{pk}/"))
    assert visit("receiver").get(f"/evaluation/{pk}/bulletin.docx").status_code == 404
