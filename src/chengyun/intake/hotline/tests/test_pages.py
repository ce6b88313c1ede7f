import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chengyun.casework.cases.models import Case
from chengyun.core import instants
from chengyun.intake.hotline import queries
from chengyun.intake.hotline.models import HotlineImport, HotlineOrder
from chengyun.intake.hotline.services import uploads
from chengyun.intake.hotline.tests.conftest import NOW, person
from chengyun.intake.hotline.tests.files import LAMP, NOISE, WASTE, changed, text, write, write_xlsx

pytestmark = pytest.mark.django_db


def imported(folder, *rows):
    call_command("import_hotline", str(write(folder, text(*rows))), verbosity=0)


def send(client, content, name="orders.csv", feed="12345"):
    content = content.encode() if isinstance(content, str) else content
    return client.post(reverse("hotline:upload"), {"file": SimpleUploadedFile(name, content), "feed": feed})


def page(response):
    return response.content.decode()


# The list and the page of an order


def test_the_list_shows_orders_newest_first_and_masked(at_the_desk, tmp_path):
    imported(tmp_path, LAMP, NOISE)
    shown = page(at_the_desk.get(reverse("hotline:orders")))
    assert shown.index("夜间施工") < shown.index("路灯不亮")
    assert "138****0000" in shown
    assert "13800000000" not in shown
    assert "王某" not in shown


def test_an_empty_list_says_what_to_do(at_the_desk):
    assert "还没有热线工单" in page(at_the_desk.get(reverse("hotline:orders")))


def statements_of_the_list(client):
    with CaptureQueriesContext(connection) as seen:
        client.get(reverse("hotline:orders"))
    return len(seen)


def test_the_list_costs_the_same_for_many_orders(at_the_desk, tmp_path):
    imported(tmp_path, changed(LAMP, id="first"))
    statements_of_the_list(at_the_desk)  # settings and the like are read once
    one = statements_of_the_list(at_the_desk)
    imported(tmp_path, *(changed(LAMP, id=str(at)) for at in range(60)))
    assert statements_of_the_list(at_the_desk) <= one <= 10


def test_the_list_is_paged_by_key_there_and_back(receiver, tmp_path):
    imported(tmp_path, *(changed(LAMP, id=str(at), time=f"2026-11-20 08:{at // 2:02}") for at in range(120)))
    orders = HotlineOrder.objects.all()
    first = queries.page_of(orders, {})
    second = queries.page_of(orders, {"before": first.older})
    third = queries.page_of(orders, {"before": second.older})
    numbers = [int(order.order_no) for shown in (first, second, third) for order in shown.orders]
    assert numbers == list(range(119, -1, -1))
    assert (first.newer, third.older) == ("", "")
    back = queries.page_of(orders, {"after": third.newer})
    assert [order.pk for order in back.orders] == [order.pk for order in second.orders]
    assert queries.page_of(orders, {"after": back.newer}).newer == ""


def test_a_page_leads_to_the_next_and_back(at_the_desk, tmp_path):
    imported(tmp_path, *(changed(LAMP, id=str(at), title=f"第 {at:03} 件") for at in range(60)))
    first = page(at_the_desk.get(reverse("hotline:orders")))
    [older] = re.findall(r'href="(\?before=[^"]+)" rel="next"', first)
    second = page(at_the_desk.get(reverse("hotline:orders") + older))
    assert "第 059 件" in first
    assert "第 000 件" in second
    [newer] = re.findall(r'href="(\?after=[^"]+)" rel="prev"', second)
    assert "第 059 件" in page(at_the_desk.get(reverse("hotline:orders") + newer))


@pytest.mark.parametrize(
    "key", ["x", "_", "20261120T000000.000000_", "99999999T000000.0_1", "20261120T000000.000000_" + "9" * 99]
)
def test_a_key_that_is_none_shows_a_page(at_the_desk, key):
    assert at_the_desk.get(reverse("hotline:orders"), {"before": key, "after": key}).status_code == 200


def test_an_order_shows_what_was_said_and_its_case(at_the_desk, tmp_path):
    imported(tmp_path, LAMP)
    imported(tmp_path, changed(LAMP, text="凤凰街路灯五天不亮"))
    order = HotlineOrder.objects.get()
    shown = page(at_the_desk.get(reverse("hotline:order", args=[order.pk])))
    assert "凤凰街路灯三天不亮" in shown
    assert "凤凰街路灯五天不亮" in shown
    assert order.case.number in shown
    assert "13800000000" not in shown


def test_an_order_without_kind_and_phone_has_its_page(at_the_desk, tmp_path):
    imported(tmp_path, NOISE)
    assert at_the_desk.get(reverse("hotline:order", args=[HotlineOrder.objects.get().pk])).status_code == 200


def test_a_word_of_the_hotlines_own_is_shown(at_the_desk, tmp_path):
    imported(tmp_path, changed(LAMP, kind="表扬"))
    assert "表扬" in page(at_the_desk.get(reverse("hotline:orders")))


def test_an_order_that_is_not_there_is_not_found(at_the_desk):
    assert at_the_desk.get(reverse("hotline:order", args=[1])).status_code == 404


@pytest.mark.parametrize("name", ["orders", "upload"])
def test_only_the_centre_sees_the_hotline(client, handler, name):
    client.force_login(handler, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse(f"hotline:{name}")).status_code == 403


# The import from the browser


def test_a_file_is_shown_before_anything_is_stored(at_the_desk):
    response = send(at_the_desk, text(LAMP, changed(WASTE, text="")))
    shown = page(at_the_desk.get(response.url))
    assert "凤凰街路灯三天不亮" in shown
    assert "内容为空" in shown
    assert "13800000000" not in shown
    assert not Case.objects.exists()


def run_jobs():
    for run in HotlineImport.objects.filter(state=HotlineImport.State.WAITING):
        uploads.run_confirmed(run.pk)


def confirm(client, address, **columns):
    run = HotlineImport.objects.latest("pk")
    mapping = uploads.preview(run, {}).mapping | columns
    return client.post(address + "confirm", mapping)


def test_a_confirmed_file_is_imported_by_a_job_and_the_result_says_so(at_the_desk):
    address = send(at_the_desk, text(LAMP, changed(WASTE, text=""), NOISE)).url
    assert confirm(at_the_desk, address).url == address
    assert "every 2s" in page(at_the_desk.get(address))
    run_jobs()
    shown = page(at_the_desk.get(address))
    assert "导入 2 条，已有 0 条，补充 0 条，错误 1 条" in shown
    assert "every 2s" not in shown
    assert Case.objects.count() == 2


def test_the_job_is_queued_with_the_run(at_the_desk, monkeypatch):
    queued = []
    monkeypatch.setattr("chengyun.intake.hotline.views.run_import", type("Job", (), {"enqueue": queued.append}))
    address = send(at_the_desk, text(LAMP)).url
    confirm(at_the_desk, address)
    assert queued == [HotlineImport.objects.get().pk]


def test_bad_rows_can_be_fetched(at_the_desk):
    address = send(at_the_desk, text(LAMP, changed(WASTE, text=""))).url
    confirm(at_the_desk, address)
    run_jobs()
    fetched = b"".join(at_the_desk.get(address + "bad-rows").streaming_content).decode("utf-8-sig")
    assert fetched.splitlines() == ["行号,列,原因", "3,诉求内容,内容为空"]


def test_the_uploaded_file_is_gone_after_the_import(at_the_desk):
    address = send(at_the_desk, text(LAMP)).url
    stored = uploads.path_of(HotlineImport.objects.get())
    assert stored.exists()
    confirm(at_the_desk, address)
    run_jobs()
    assert not stored.exists()


def test_a_second_click_imports_once(at_the_desk):
    address = send(at_the_desk, text(LAMP)).url
    confirm(at_the_desk, address)
    run_jobs()
    assert at_the_desk.post(address + "confirm", {}).url == address
    run_jobs()
    assert HotlineOrder.objects.count() == 1


def test_columns_nobody_could_guess_are_chosen(at_the_desk):
    header = ["甲", "乙", "丙", "丁", "戊", "己", "庚"]
    address = send(at_the_desk, text(LAMP, header=header)).url
    assert "没有找到“受理时间”“诉求内容”列" in page(at_the_desk.get(address))
    again = at_the_desk.post(address + "confirm", {"received_at": "乙", "text": "丁", "look": "1"})
    again = page(at_the_desk.get(again.url))
    assert "凤凰街路灯三天不亮" in again
    confirm(at_the_desk, address, received_at="乙", text="丁", source_id="甲")
    run_jobs()
    assert HotlineOrder.objects.get().order_no == "GD001"


def test_a_guessed_column_can_be_left_out(at_the_desk):
    address = send(at_the_desk, text(LAMP)).url
    confirm(at_the_desk, address, phone="")
    run_jobs()
    assert HotlineOrder.objects.get().report.reporter_phone == ""


def test_columns_must_be_the_files_own(at_the_desk):
    address = send(at_the_desk, text(LAMP)).url
    response = confirm(at_the_desk, address, text="没有")
    assert response.status_code == 422
    assert "文件里没有这一列" in page(response)


def test_one_column_cannot_be_read_twice_by_mistake(at_the_desk):
    address = send(at_the_desk, text(LAMP)).url
    response = confirm(at_the_desk, address, title="诉求内容")
    assert response.status_code == 302


@pytest.mark.parametrize("content", [b"\xd0\xcf\x11\xe0" * 20, b"PK\x03\x04broken", b"\n\n"])
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(at_the_desk, content):
    address = send(at_the_desk, content).url
    assert at_the_desk.get(address).status_code == 422
    assert at_the_desk.post(address + "confirm", {}).status_code in (400, 422)


def test_an_empty_upload_is_refused(at_the_desk):
    response = send(at_the_desk, b"")
    assert response.status_code == 422
    assert "文件是空的" in page(response)


def test_a_file_too_large_is_refused(at_the_desk, monkeypatch):
    monkeypatch.setattr(uploads, "MAX_BYTES", 10)
    response = send(at_the_desk, text(LAMP))
    assert response.status_code == 422
    assert not HotlineImport.objects.exists()


def test_a_workbook_goes_the_same_way(at_the_desk, tmp_path):
    address = send(at_the_desk, write_xlsx(tmp_path, LAMP, WASTE).read_bytes(), name="工单.xlsx").url
    confirm(at_the_desk, address)
    run_jobs()
    assert HotlineOrder.objects.count() == 2


def test_somebody_elses_upload_is_not_shown(at_the_desk, client):
    address = send(at_the_desk, text(LAMP)).url
    client.force_login(person("另一人", "receiver"), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(address).status_code == 404


def test_an_upload_nobody_confirmed_is_forgotten_after_a_day(at_the_desk):
    send(at_the_desk, text(LAMP))
    stored = uploads.path_of(HotlineImport.objects.get())
    uploads.forget_unconfirmed()
    assert stored.exists()
    with instants.at(NOW + dt.timedelta(hours=25)):
        uploads.forget_unconfirmed()
    assert not stored.exists()
    assert not HotlineImport.objects.exists()
