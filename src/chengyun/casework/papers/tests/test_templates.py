"""The template of the 交办单: what is refused, which is in use, and every earlier one to be had again."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse, reverse_lazy
from docx import Document

from chengyun.casework.cases.tests.test_visibility import log_in
from chengyun.casework.papers import orders, services
from chengyun.casework.papers.models import OrderTemplate
from chengyun.casework.papers.orders import SHIPPED, dispatch_orders
from chengyun.casework.papers.tests.test_papers import loaded, words
from chengyun.core.errors import NotAllowed, UserError
from chengyun.people.registers.telling import told_history
from scripts import papers as writer


@pytest.fixture
def case(county):
    return loaded(county.walk(county.report(address="凤凰街 12 号", is_urgent=True), "dispatch"))


def test_the_shipped_template_is_what_the_script_writes(tmp_path, monkeypatch):
    monkeypatch.setattr(writer, "TARGET", tmp_path / "t.docx")
    writer.main()
    assert parts((tmp_path / "t.docx").read_bytes()) == parts(SHIPPED.read_bytes())


def parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def changed(old, new):
    """The shipped template with other words, as an office changes it."""
    document = Document(str(SHIPPED))
    for paragraph in document.paragraphs:
        for run in paragraph.runs:
            run.text = run.text.replace(old, new)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_an_office_puts_its_own_in_place(county, case):
    services.replace_template("我局.docx", changed("城市管理案件交办单", "云泽县交办通知"), by=county.actor("chief"))
    assert "云泽县交办通知" in words(dispatch_orders([case], by=county.actor("dispatcher")))
    services.back_to_shipped(by=county.actor("chief"))
    assert orders.template_now() == SHIPPED.read_bytes()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"not a document", "不是 Word 文档"),
        (b"x" * (2 * 1024 * 1024 + 1), "超过 2 MB"),
        (changed("签发：{{ order.issuer }}", "{{ order.issuer"), "占位符写错"),
        (changed("签发：{{ order.issuer }}", "{{ ''.__class__.__mro__ }}"), "占位符写错"),
        (changed("签发：{{ order.issuer }}", "{{ 1 // 0 }}"), "占位符写错"),
        (changed("签发：{{ order.issuer }}", "{{ order.issuer + 1 }}"), "占位符写错"),
    ],
    ids=["no document", "too large", "broken", "a program", "by nothing", "adds words"],
)
def test_a_template_that_cannot_be_filled_is_refused(county, content, said):
    with pytest.raises(UserError, match=said):
        services.replace_template("a.docx", content, by=county.actor("chief"))
    assert orders.template_now() == SHIPPED.read_bytes()


ROUND = "{% for a in order.number %}"


@pytest.mark.parametrize(
    "written",
    [
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        f"{ROUND * 6}x{'{% endfor %}' * 6}",
        "{% for a in orders recursive %}{{ loop(orders) }}{{ loop(orders) }}{% endfor %}",
        "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
        "{% set a = 'aaaa' %}{{ a }}",
        "{{ 'a' * 999999999 }}",
        "{{ '%999999999d' % 1 }}",
        "{{ 'a'.ljust(999999999) }}",
        "{{ 'a'|center(999999999) }}",
        "{{ order.number.__class__ }}{{ order.__init__.__globals__ }}",
        "{% include '/etc/passwd' %}",
        "{% import 'os' as os %}",
    ],
)
def test_a_template_that_computes_is_refused_at_once(county, written):
    with pytest.raises(UserError, match="占位符写错"):
        services.replace_template("a.docx", changed("签发：{{ order.issuer }}", written), by=county.actor("chief"))
    assert orders.template_now() == SHIPPED.read_bytes()


def test_a_template_without_the_case_is_refused(county):
    document, out = Document(), io.BytesIO()
    document.add_paragraph("空的")
    document.save(out)
    with pytest.raises(UserError, match="没有案件编号"):
        services.replace_template("a.docx", out.getvalue(), by=county.actor("chief"))


# --- earlier templates ------------------------------------------------------------------------------------------------


NEW = reverse_lazy("registers:new", args=["order-templates"])
HEADING = "城市管理案件交办单"


def page(name, row):
    return reverse(f"registers:{name}", args=["order-templates", row.pk])


@pytest.fixture
def two(county):
    """The first upload, and the second, which took its place."""
    by = county.actor("chief")
    return [services.replace_template(f"{word}.docx", changed(HEADING, word), by=by) for word in ("第一版", "第二版")]


def test_only_its_keepers_replace_it(client, county):
    with pytest.raises(NotAllowed):
        services.replace_template("a.docx", b"", by=county.actor("dispatcher"))
    log_in(client, county, "dispatcher")
    assert client.get(NEW).status_code == 403
    assert client.get(reverse("papers:template_file")).status_code == 403


def test_an_upload_on_the_page_holds_at_once(client, county):
    log_in(client, county, "chief")
    sent = {"template": SimpleUploadedFile("b.docx", changed(HEADING, "通知")), "note": "改了抬头"}
    answer = client.post(NEW, sent, follow=True)
    assert "b.docx" in answer.text and "改了抬头" in answer.text
    assert "通知" in words(orders.template_now())
    assert "现用“b.docx”" in client.get(reverse("registers:list", args=["order-templates"])).text


def test_a_broken_upload_is_told_at_its_field(client, county):
    log_in(client, county, "chief")
    answer = client.post(NEW, {"template": SimpleUploadedFile("b.docx", b"no document")})
    assert "不是 Word 文档" in str(answer.context["form"].errors["template"])
    assert not OrderTemplate.objects.exists()


def test_an_earlier_one_is_downloaded_and_put_back_into_use(client, county, two):
    first, second = two
    log_in(client, county, "chief")
    file = client.get(reverse("papers:template_file"), {"version": first.pk})
    assert "第一版" in words(file.content)
    client.post(reverse("registers:act", args=["order-templates", first.pk, "use"]))
    assert "第一版" in words(orders.template_now())
    first.refresh_from_db()
    assert [each.what for each in told_history([first])] == ["启用", "改由新的一行接续", "建立"]
    assert told_history([second])[0].by == "chief"


def test_going_back_to_the_shipped_one_tells_first_what_is_made_by_it(client, county, two, case):
    log_in(client, county, "chief")
    assert case.number in client.get(page("retire", two[1])).text
    client.post(page("retire", two[1]))
    assert orders.template_now() == SHIPPED.read_bytes()
    assert OrderTemplate.objects.count() == 2
    assert client.get(page("retire", two[1])).status_code == 404


@pytest.mark.parametrize("version", ["0", "x", "²", "9" * 40])
def test_a_version_that_never_was_is_not_found(client, county, version):
    log_in(client, county, "chief")
    assert client.get(reverse("papers:template_file"), {"version": version}).status_code == 404
    assert client.get(reverse("papers:template_file"), {"version": "shipped"}).status_code == 200
