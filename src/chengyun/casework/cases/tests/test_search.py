import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chengyun.casework.cases import search
from chengyun.people.models import Department

pytestmark = pytest.mark.django_db

TEXTS = {
    1: "370126202611220001 凤凰街12号路灯坏了",
    2: "370126202611220002 幸福小区路灯不亮，A3区停车难",
    3: "370126202611230003 灯坏了三天，路面塌陷 G2高速",
    4: "370126202611230004 噪音扰民",
}
HOSTILE = [
    "'",
    '"',
    '""',
    "路灯'",
    '路灯"',
    "NEAR(",
    "NEAR(路灯 坏, 5)",
    "路灯 AND",
    "OR",
    "NOT 路灯",
    "*",
    "路*",
    ":",
    "路:灯",
]
HOSTILE += [
    "terms:路灯",
    "{路灯",
    "^路灯",
    "-路灯",
    "路\x00灯",
    "\x00",
    "😀",
    "路灯😀",
    "&|!<->()",
    "\\",
    "%s",
    "%",
    "_",
]
HOSTILE += ["\ud800", "路灯" * 5_000, "x" * 10_000, "1 " * 5_000, "\u202e灯", "é̂́" * 100, "ﷺ" * 500]


@pytest.fixture(autouse=True)
def four_cases(db):
    with connection.cursor() as cursor:
        for statement in search.create_sql(connection.vendor):
            cursor.execute(statement)
    search.index_many(TEXTS.items())


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("灯", [3, 2, 1]),
        ("亮", [2]),
        ("路灯", [2, 1]),
        ("灯坏", [3, 1]),
        ("灯坏了", [3, 1]),
        ("路灯坏了", [1]),
        ("幸福小区路灯", [2]),
        ("370126202611230003", [3]),
        ("3701262026", [4, 3, 2, 1]),
        ("20261123", []),
        ("12", [1]),
        ("g2", [3]),
        ("Ａ３区 路灯", [2]),
        ("路灯 12", [1]),
        ("灯 塌陷", [3]),
        ("路坏", []),
        ("垃圾", []),
    ],
)
def test_a_query_finds_the_newest_first(query, found):
    assert search.search_ids(query) == found


def test_results_are_limited():
    assert search.search_ids("灯", limit=2) == [3, 2]


def test_the_next_page_starts_before_the_last_key():
    assert search.search_ids("灯", limit=2, before=2) == [1]


def test_indexing_again_replaces_what_a_case_is_found_by():
    search.index_case(1, "违章停车")
    assert search.search_ids("路灯坏") == []
    assert search.search_ids("停车") == [2, 1]


def test_a_case_is_indexed_by_one_statement():
    with CaptureQueriesContext(
        connection,
    ) as queries:
        search.index_case(5, "暴露垃圾")
    assert len(queries) == 1


def test_a_case_without_words_is_found_by_nothing():
    search.index_case(5, "")
    assert search.search_ids("。") == []


@pytest.mark.parametrize("query", HOSTILE)
def test_hostile_queries_are_only_words(query):
    assert set(search.search_ids(query)) <= set(TEXTS)
    search.filter(Department.objects.all(), query).exists()


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_indexed(text):
    search.index_case(5, "哨兵 " + text)
    assert search.search_ids("哨兵") == [5]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(text=st.text(max_size=80), query=st.text(max_size=20))
def test_no_text_and_no_query_is_an_error(text, query):
    search.index_case(9, text)
    search.search_ids(query)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=100)
@given(data=st.data(), text=st.text("路灯坏了三天,a3。 ", min_size=1, max_size=40))
def test_every_piece_of_chinese_is_found(data, text):
    start = data.draw(st.integers(0, len(text) - 1))
    piece = text[start : start + data.draw(st.integers(1, 4))]
    search.index_case(9, text)
    if all("\u4e00" <= character <= "\u9fff" for character in piece):
        assert 9 in search.search_ids(piece)


def test_the_end_of_a_very_long_text_does_not_disturb_its_beginning():
    search.index_case(5, "哨兵" + "路灯坏" * 30_000)
    search.index_case(6, "哨兵 " + " ".join("𠮷" * 2 + str(number) for number in range(20_000)))
    assert search.search_ids("哨兵") == [6, 5]


class TestFilter:
    @pytest.fixture(autouse=True)
    def rows(self, four_cases):
        Department.objects.bulk_create(Department(pk=key, code=str(key), kind="department") for key in TEXTS)

    def found(self, query):
        return [row.pk for row in search.filter(Department.objects.order_by("pk"), query)]

    def test_restricts_a_queryset_to_what_holds_the_query(self):
        assert self.found("路灯") == [1, 2]

    def test_keeps_the_other_conditions(self):
        kept = search.filter(Department.objects.filter(code="1"), "路灯")
        assert [row.pk for row in kept] == [1]

    def test_a_blank_query_restricts_nothing(self):
        assert self.found(" ") == [1, 2, 3, 4]

    def test_signs_alone_are_found_nowhere(self):
        assert self.found("？？") == []

    def test_a_frequent_term_gives_the_same_rows(self, monkeypatch):
        monkeypatch.setattr(search, "FEW", 1)
        assert self.found("路灯") == [1, 2]
        assert self.found("灯坏了") == [1, 3]
        assert search.filter(Department.objects.all(), "灯").count() == 3
