"""The office's own Word templates: what they may say, and what is refused by name."""

import io

import pytest
from docx import Document
from docx.opc.packuri import PackURI
from docx.opc.part import Part

from chengyun.core.errors import NotAllowed, UserError
from chengyun.insight.reports import word_templates
from chengyun.insight.reports.models import Kind, ReportTemplate
from chengyun.insight.word.tests.papers import parts, template
from chengyun.people.access import SYSTEM, Actor
from chengyun.people.roles import Role
from scripts import reports as writer


def test_the_delivered_templates_are_what_the_script_writes(tmp_path, monkeypatch):
    monkeypatch.setattr(writer, "FOLDER", tmp_path)
    writer.main()
    for kind in Kind:
        assert parts((tmp_path / f"{kind}.docx").read_bytes()) == parts(word_templates.TEMPLATES.delivered(kind))


@pytest.mark.django_db
def test_an_office_puts_its_own_in_place_and_goes_back():
    content = template("结案 {{ figure('closed', 'year') }} 件", "{{ report.title }}")
    word_templates.TEMPLATES.replace(Kind.DAILY, "我局.docx", content, by=SYSTEM)
    assert word_templates.TEMPLATES.current(Kind.DAILY) == content
    assert word_templates.TEMPLATES.current(Kind.WEEKLY) == word_templates.TEMPLATES.delivered(Kind.WEEKLY)
    word_templates.TEMPLATES.back_to_delivered(Kind.DAILY, by=SYSTEM)
    assert word_templates.TEMPLATES.current(Kind.DAILY) == word_templates.TEMPLATES.delivered(Kind.DAILY)
    assert [row.name for row in word_templates.TEMPLATES.versions(Kind.DAILY)] == ["", "我局.docx"]


FIGURE = "{{ figure('filed') }}"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{{ figure('closd') }}", "没有“closd”这个指标"),
        ("{{ figure('closed', 'yesterday') }}", "没有“yesterday”这个时段"),
        ("{{ figure('closed', 'year', 'colour=red') }}", "colour=red"),
        ("{{ figure('closed', 'year', 'department=城管') }}", "城管"),
        ("{{ figure() }}", "参数"),
        ("{{ figure(3) }}", "参数"),
        ("{{ figure('closed', wann='year') }}", "参数"),
        ("{{ change('closed', 'never') }}", "never"),
        ("{% for row in table('filed', 'colour') %}{{ row.filed }}{% endfor %}", "没有“colour”这个维度"),
        ("{% for row in table('filed', 'source') %}{{ row.closed }}{% endfor %}", "占位符写错"),
        ("{% for row in table('filed', 'source', 'period', 999) %}{% endfor %}", "行数"),
        ("{% if false %}{{ figure('closd') }}{% endif %}", "closd"),
        ("{% for line in text('Über') %}{% endfor %}", "代号"),
        ("{{ report.telephone }}", "report.telephone 不认得"),
        ("{{ gender }}", "“gender”不认得"),
        ("{{ figur('closed') }}", "没有函数“figur”"),
        ("{{ nht() }}", "没有函数“nht”"),
        ("{% if false %}{{ figur('closed') }}{% endif %}", "没有函数“figur”"),
        ("{{ 1|round(2000000, 'ceil') }}", "0 到 6"),
        ("{{ 1|round(-2000000) }}", "0 到 6"),
        ("{{ 1|round(1, 'no_such_way') }}", "占位符写错"),
        ("{{ figure('filed'", "占位符写错"),
        ("{{ figure('fi' + 'led') }}", "占位符写错"),
        ("{{ figure(report.title) }}", "占位符写错"),
        ("{{ figure.__globals__ }}", "占位符写错"),
        ("{{ ''.__class__.__mro__ }}", "占位符写错"),
        ("{{ report.__init__() }}", "占位符写错"),
        ("{{ 'a' * 999999999 }}", "占位符写错"),
        ("{% for a in range(99999999) %}{% endfor %}", "占位符写错"),
        ("{% macro m() %}{{ m() }}{% endmacro %}", "占位符写错"),
        ("{% include '/etc/passwd' %}", "占位符写错"),
        (FIGURE * 301, "引用太多"),
        ("没有数", "没有引用任何指标"),
    ],
)
def test_what_cannot_be_filled_is_refused_by_name(written, said):
    lines = [written] if written == "没有数" else [FIGURE, written]
    with pytest.raises(UserError, match=said) as refused:
        word_templates.TEMPLATES.replace(Kind.DAILY, "a.docx", template(*lines), by=SYSTEM)
    assert refused.value.field == "template"
    assert not ReportTemplate.objects.exists()


@pytest.mark.parametrize(
    ("content", "said"), [(b"not a document", "不是 Word 文档"), (b"x" * (2 * 1024 * 1024 + 1), "超过 2 MB")]
)
def test_what_is_no_document_is_refused(content, said):
    with pytest.raises(UserError, match=said):
        word_templates.checked(content)


VBA = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"


@pytest.mark.parametrize("name", ["/word/vbaProject.bin", "/word/media/picture.bin"])
def test_a_template_with_macros_is_refused_whatever_their_file_is_called(name):
    document = Document(io.BytesIO(template(FIGURE)))
    kind = "application/vnd.ms-office.vbaProject" if "vba" in name else "application/octet-stream"
    document.part.relate_to(Part(PackURI(name), kind, b"macro", document.part.package), VBA)
    document.save(content := io.BytesIO())
    assert name[1:] in parts(content.getvalue())
    with pytest.raises(UserError, match="模板里有宏") as refused:
        word_templates.checked(content.getvalue())
    assert refused.value.field == "template"


def test_only_the_office_replaces_it():
    with pytest.raises(NotAllowed):
        word_templates.TEMPLATES.replace(
            Kind.DAILY, "a.docx", b"", by=Actor(1, "x", roles=frozenset({Role.RECEIVER}), county_wide=True)
        )
