"""The bulletin as Word and Excel: all that was frozen, opened again as its readers open it."""

import io

import docx
import openpyxl
import pytest

from chengyun.core.errors import NotFound
from chengyun.insight.evaluation import bulletin_book, bulletin_word
from chengyun.insight.evaluation.models import Publication, PublishedCases
from chengyun.insight.figures import packing

pytestmark = pytest.mark.django_db
FORMULA = '=HYPERLINK("http://x.example")'
LATE = [[1, "99010126030200001", "暴露垃圾", "住建局", 12.3], [2, "99010126030200002", "@SUM(A1)", "住建局", None]]


@pytest.fixture
def bureaus(results, county):
    """One unit with a hostile name and no rank, and late cases behind the other."""
    made = results["bureaus"]
    market = made.rows.get(place=1)
    market.name, market.total, market.grade, market.rank, market.figures[2]["score"] = FORMULA, None, "", None, None
    market.figures[2]["value"] = None
    market.save()
    made.rows.filter(place=0).update(previous_total="91.50", previous_rank=2, late=3, exempted=1)
    content = packing.pack({str(county.housing.pk): [1, 2]}, LATE)
    PublishedCases.objects.create(publication=made, parts=["open_late"], content=content, digest="0" * 64)
    return made


def read(content):
    """Paragraphs and tables of a Word file as text."""
    document = docx.Document(io.BytesIO(content))
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]
    return "\n".join(paragraph.text for paragraph in document.paragraphs), tables


def opened(actor, publication):
    target = io.BytesIO()
    bulletin_book.write(target, actor, publication)
    return openpyxl.load_workbook(target)


def test_the_word_file_says_what_was_frozen(bureaus, who):
    text, (results, figures, late, method) = read(bulletin_word.word(who("evaluator"), bureaus))
    assert "2026年2月县直部门绩效评价通报" in text
    assert "（2026-02-01 至 2026-02-28，县直部门）" in text
    assert results[0] == ["名次", "县直部门", "总分", "等级", "较上期", "上期名次", "超期数（原始）", "申诉豁免数"]
    assert results[1][0:2] == ["1", bureaus.rows.get(place=0).name]
    assert results[1][2:] == ["90.00", "A", "-1.50", "2", "3", "1"]
    assert results[2] == ["—", FORMULA, "—", "—", "—", "—", "1", "0"]
    assert figures[0][1:3] == ["结案率（%）", "得分"]
    assert figures[2][5:7] == ["—", "—"]
    assert late[1:] == [
        ["99010126030200001", results[1][1], "暴露垃圾", "住建局", "12.3"],
        ["99010126030200002", results[1][1], "@SUM(A1)", "住建局", "—"],
    ]
    assert sum(float(row[1]) for row in method[1:]) == 100
    assert ["返工率", "30", "有返工的案件 ÷ 应结案数", "得分 = 100 − 比率 × 100"] in method
    for said in (
        "A 不低于 90 分",
        bureaus.scheme["note"],
        bureaus.digest,
        "evaluator 2026-03-02 09:00 发布",
        "共 2 件",
    ):
        assert said in text


def test_the_excel_file_holds_numbers_and_no_formula(bureaus, who):
    book = opened(who("evaluator"), bureaus)
    assert book.sheetnames == ["评价结果", "遗留超期未处置件", "评价办法"]
    results = book["评价结果"]
    heads = [cell.value for cell in results[6]]
    first = dict(zip(heads, [cell.value for cell in results[7]], strict=True))
    assert (first["名次"], first["总分"], first["较上期"], first["超期数（原始）"]) == (1, 90, -1.5, 3)
    assert (first["结案率（%）"], first["结案率 分子"], first["结案率 分母"], first["结案率 得分"]) == (100, 1, 1, 100)
    assert dict(zip(heads, [cell.value for cell in results[8]], strict=True))["总分"] is None
    cells = [cell for sheet in book for row in sheet for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"n", "s"}
    dangerous = [cell for cell in cells if str(cell.value).startswith(("=", "@"))]
    assert {cell.value for cell in dangerous} == {FORMULA, "@SUM(A1)"}
    assert all(cell.quotePrefix for cell in dangerous)
    assert [cell.value for cell in book["遗留超期未处置件"][7]][-1] == 12.3


def test_a_correction_says_so_and_the_one_before_that_it_is_replaced(bureaus, who):
    later = Publication.objects.get(pk=bureaus.pk)
    later.pk, later.version, later.reason = None, 2, "补录三件"
    later.save(force_insert=True)
    assert "第 2 版，更正理由：补录三件" in read(bulletin_word.word(who("evaluator"), later))[0]
    assert "已被第 2 版更正取代" in read(bulletin_word.word(who("evaluator"), bureaus))[0]


def test_of_persons_there_is_no_late_list_and_only_who_reads_all_has_it(results, who):
    receivers = results["receivers"]
    text, tables = read(bulletin_word.word(who("leader"), receivers))
    assert "受理员绩效评价通报" in text and "三、评价办法" in text
    assert "遗留超期" not in text and len(tables) == 3
    with pytest.raises(NotFound):
        bulletin_word.word(who("receiver"), receivers)


def test_a_department_has_that_of_its_group(bureaus, who):
    assert read(bulletin_word.word(who("handler"), bureaus))[1][0][1][2] == "90.00"
