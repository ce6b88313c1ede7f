"""The office's own bulletin and objection sheet: what may stand in them, what is refused by name, what is kept."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from chengyun.core import history
from chengyun.core.errors import NotAllowed, UserError
from chengyun.insight.evaluation import (
    bulletin_word,
    objection_word,
    objections,
    publishing,
    word_templates,
)
from chengyun.insight.evaluation.bulletin import compose
from chengyun.insight.evaluation.models import KeptTemplate, PaperKind, PaperTemplate
from chengyun.insight.evaluation.tests.test_bulletin import read
from chengyun.insight.evaluation.word_templates import SAMPLES, TEMPLATES
from chengyun.insight.word.tests.papers import parts, template
from chengyun.people.access import SYSTEM
from scripts import evaluation_papers as writer

pytestmark = pytest.mark.django_db
ROWS = "{% for row in rows %}{{ row.name }}{% endfor %}"


def test_the_delivered_templates_are_what_the_script_writes_and_can_be_filled(tmp_path, monkeypatch):
    monkeypatch.setattr(writer, "FOLDER", tmp_path)
    writer.main()
    for kind in PaperKind:
        assert parts((tmp_path / f"{kind}.docx").read_bytes()) == parts(TEMPLATES.delivered(kind))
        word_templates.check(kind, TEMPLATES.delivered(kind))


def shape(value):
    if isinstance(value, dict):
        return {name: shape(each) for name, each in value.items()}
    return [shape(each) for each in value[:1]] if isinstance(value, list) else type(value)


def test_a_template_is_tried_with_what_the_papers_are_told(bureaus, row, who):
    """Lists that are empty today have the sample's shape."""
    told = shape(bulletin_word.words_of(compose(who("evaluator"), bureaus)))
    sample = shape(SAMPLES[PaperKind.BULLETIN])
    assert {name: each or sample[name] for name, each in told.items()} == sample
    made = objections.object_to(row, 2, "返工由派遣有误造成的，请核实", by=who("handler"))
    told = shape(objection_word.words_of(made))
    assert told | {"reason": [str]} == shape(SAMPLES[PaperKind.OBJECTION])


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{{ ranking }}", "“ranking”不认得"),
        ("{{ bulletin.telephone }}", "“bulletin.telephone”不认得"),
        ("{% for row in rows %}{{ row.nme }}{% endfor %}", "“row.nme”不认得"),
        ("{% for row in rows %}{{ row.weight }}{% endfor %}", "这里没有“weight”"),
        ("{% if not has_backlog %}{{ cases.wrong }}{% endif %}", "“cases.wrong”不认得"),
        ("{{ bulletin['secret'] }}", "“bulletin.secret”不认得"),
        ("{% for row in rows %}", "占位符写错"),
        ("{{ bulletin.title * 999999999 }}", "占位符写错"),
        ("{{ bulletin.__class__ }}", "不认得"),
        ("{% for a in range(99999999) %}{% endfor %}", "占位符写错"),
    ],
)
def test_what_cannot_be_filled_is_refused_by_name(written, said):
    with pytest.raises(UserError, match=said) as refused:
        TEMPLATES.replace(PaperKind.BULLETIN, "a.docx", template(ROWS, written), by=SYSTEM)
    assert refused.value.field == "template"
    assert not PaperTemplate.objects.exists()


def test_a_bulletin_without_its_results_is_refused():
    with pytest.raises(UserError, match="“rows”"):
        TEMPLATES.replace(PaperKind.BULLETIN, "a.docx", template("{{ bulletin.title }}"), by=SYSTEM)


def test_only_the_evaluator_replaces_it(who):
    for name in ("leader", "handler", "chief"):
        with pytest.raises(NotAllowed):
            TEMPLATES.replace(PaperKind.BULLETIN, "a.docx", template(ROWS), by=who(name))


def test_the_bulletin_keeps_the_template_that_it_was_published_with(bureaus, who):
    TEMPLATES.replace(PaperKind.BULLETIN, "我县.docx", template("第一版", "{{ nth() }}" + ROWS), by=who("evaluator"))
    bureaus.template = word_templates.kept(PaperKind.BULLETIN)
    bureaus.save()
    TEMPLATES.replace(PaperKind.BULLETIN, "新.docx", template("第二版", ROWS), by=who("evaluator"))
    assert read(bulletin_word.word(who("leader"), bureaus))[0].startswith("第一版\n一、" + bureaus.rows.first().name)
    assert word_templates.kept(PaperKind.BULLETIN).content == TEMPLATES.current(PaperKind.BULLETIN)
    word_templates.kept(PaperKind.BULLETIN)
    assert KeptTemplate.objects.count() == 2
    records = history.records("evaluation:template_bulletin")
    assert [record.data["name"] for record in records] == ["新.docx", "我县.docx"]


def test_the_fingerprint_is_over_the_template_too(bureaus):
    bureaus.template = word_templates.kept(PaperKind.BULLETIN)
    bureaus.digest = publishing.digest_of(bureaus, [], [])
    with_it = bureaus.digest
    bureaus.template = None
    assert publishing.digest_of(bureaus, [], []) != with_it


def test_the_sheet_tells_facts_and_decision(row, who):
    made = objections.object_to(row, 2, "返工由派遣有误造成的，请核实", by=who("handler"))
    text, (facts,) = read(objection_word.word(made))
    told = dict(facts)
    assert told["被评价对象"] == row.name and told["申诉的指标"].startswith("返工率（")
    assert told["发布的数值"] == "100 %（1 / 1）" and told["申诉人"] == who("handler").name
    assert "返工由派遣有误造成的，请核实" in text and "等待考核员裁定" in text
    objections.decide(made, 1, upheld=False, reason="派遣并无错误", by=who("evaluator"))
    text, (_facts, decision) = read(objection_word.word(made))
    assert dict(decision)["结论"] == "不成立" and dict(decision)["裁定人"] == who("evaluator").name
    assert "派遣并无错误" in text and "等待" not in text


def test_the_sheet_of_what_was_withdrawn_says_by_whom(row, who):
    made = objections.object_to(row, 2, "返工由派遣有误造成的，请核实", by=who("handler"))
    objections.withdraw(made, 1, by=who("handler"))
    text, tables = read(objection_word.word(made))
    assert f"{who('handler').name} 于 2026-03-02 09:00 撤回申诉" in text and len(tables) == 1


def test_the_page_takes_a_template_and_gives_it_back(client, county):
    client.force_login(county.users["evaluator"], backend="django.contrib.auth.backends.ModelBackend")
    address = "/evaluation/templates/objection"
    wrong = client.post(address, {"template": SimpleUploadedFile("a.docx", template("{{ nobody }}"))})
    assert wrong.status_code == 422 and "“nobody”不认得" in wrong.text
    mine = template("{{ objection.name }}")
    assert client.post(address, {"template": SimpleUploadedFile("我局.docx", mine)}).status_code == 302
    page = client.get(address).text
    assert "我局.docx" in page and "{%p if is_decided %}" in page
    assert client.get(f"{address}.docx/file").content == mine
    client.post(address, {"delivered": "1"})
    assert client.get(f"{address}.docx/file").content == TEMPLATES.delivered(PaperKind.OBJECTION)
    assert client.get(f"{address}.docx/file?version={PaperTemplate.objects.first().pk}").content == mine
    assert client.get("/evaluation/templates/other").status_code == 404
