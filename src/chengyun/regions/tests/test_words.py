import pytest

from chengyun.regions.finding.words import house_of, keys_of, parsed, spelling


def test_a_name_is_found_from_each_of_its_characters_on():
    assert [key.decode() for key in keys_of("凤凰街12号")] == ["凤凰街12号", "凰街12号", "街12号", "12号"]


def test_what_reads_alike_is_spelled_alike():
    assert spelling("凤凰 街（１２）号，A座") == "凤凰街12号a座"


@pytest.mark.parametrize(
    ("text", "street", "number"),
    [
        ("凤凰街12号", "凤凰街", 12),
        ("城关镇凤凰街 12 号东侧", "城关镇凤凰街", 12),
        ("凤凰街十二号", "凤凰街", 12),
        ("人民路一百零三号", "人民路", 103),
        ("建设一路8弄3号", "建设一路", 8),
        ("瑞金二路197号", "瑞金二路", 197),
        ("广西北路230-1号", "广西北路", 230),
        ("人民路东段5号", "人民路东段", 5),
        ("凤凰街", "", None),
        ("12号", "", None),
    ],
)
def test_a_house_number_is_read(text, street, number):
    assert house_of(text) == (street, number)


def test_a_street_is_tried_without_what_stands_before_it():
    assert "凤凰街" in parsed("城关镇凤凰街12号").streets


@pytest.mark.parametrize(
    "text", ["凤凰街与人民路交叉口", "凤凰街和人民路路口", "凤凰街×人民路十字路口", "凤凰街与人民路口"]
)
def test_a_crossing_is_read(text):
    first, second = parsed(text).crossing or ([""], [""])
    assert (first[0], second[0]) == ("凤凰街", "人民路")
