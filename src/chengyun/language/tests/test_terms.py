from hypothesis import assume, given
from hypothesis import strategies as st

from chengyun.language.terms import MAX_QUERY, MAX_TEXT, MAX_WORD, QueryTerm, normalise, query_terms, terms

HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)
CHINESE = st.text(st.one_of(HAN, st.sampled_from("路灯坏了，。 a3Ｇ２\n")), min_size=1, max_size=60)


def finds(query: str, text: str) -> bool:
    """What an index engine does: each query term as neighbouring terms, the last by prefix where allowed."""
    indexed = terms(text)
    return all(any(_stands_at(indexed, at, term) for at in range(len(indexed))) for term in query_terms(query))


def _stands_at(indexed: list[str], at: int, term: QueryTerm) -> bool:
    there = tuple(indexed[at : at + len(term.words)])
    if not term.prefix:
        return there == term.words
    return there[:-1] == term.words[:-1] and len(there) == len(term.words) and there[-1].startswith(term.words[-1])


def test_a_run_of_chinese_becomes_pairs_and_its_last_character():
    assert terms("路灯坏") == ["路灯", "灯坏", "坏"]


def test_one_character_alone_is_a_term():
    assert terms("灯") == ["灯"]


def test_punctuation_and_line_breaks_part_runs():
    assert terms("路灯。坏\n了") == ["路灯", "灯", "坏", "了"]


def test_numbers_and_latin_words_stay_whole_and_lower_case():
    assert terms("案件370126在G2高速ABC") == ["案件", "件", "370126", "在", "g2", "高速", "速", "abc"]


def test_characters_outside_the_basic_plane_are_chinese_too():
    assert terms("𠮷野") == ["𠮷野", "野"]


def test_normalise_makes_one_spelling():
    assert normalise("  Ａ３区\u3000中海\t国际\u200b社区\x00\r\n（二期）") == "a3区 中海 国际社区 (二期)"


def test_one_character_asks_by_prefix():
    assert query_terms("灯") == [QueryTerm(("灯",), prefix=True)]


def test_more_characters_ask_for_neighbouring_pairs():
    assert query_terms("路灯坏") == [QueryTerm(("路灯", "灯坏"))]


def test_numbers_and_words_ask_by_prefix():
    assert query_terms("3701 Ab") == [QueryTerm(("3701",), prefix=True), QueryTerm(("ab",), prefix=True)]


def test_a_mixed_query_asks_for_all_its_parts():
    assert query_terms("A3区路灯 坏") == [
        QueryTerm(("a3",), prefix=True),
        QueryTerm(("区路", "路灯")),
        QueryTerm(("坏",), prefix=True),
    ]


def test_a_query_without_words_asks_for_nothing():
    assert query_terms('！？"*:() 😀_\x00') == []


def test_a_sequence_that_is_nowhere_is_not_found():
    assert finds("灯路", "路灯") is False
    assert finds("路坏", "路灯坏") is False


def test_pairs_scattered_over_the_text_are_not_neighbours():
    assert finds("路灯坏", "灯坏了才修路灯") is False


@given(CHINESE, st.data())
def test_every_piece_of_up_to_four_chinese_characters_is_found(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    piece = text[start : start + data.draw(st.integers(1, 4))]
    assume(all("\u4e00" <= character <= "\u9fff" for character in piece))
    assert query_terms(piece)
    assert finds(piece, text)


@given(st.integers(0, 10**20), st.integers(1, 20))
def test_every_number_is_found_by_its_beginning(number, length):
    assert finds(str(number)[:length], f"编号{number}，完")


@given(st.text(max_size=200))
def test_anything_typed_gives_short_clean_terms(text):
    words = [*terms(text), *(word for term in query_terms(text) for word in term.words)]
    assert all(0 < len(word) <= MAX_WORD and len(word.split()) == 1 for word in words)
    # Neither engine's query language gives anything but ASCII signs a meaning.
    assert all(not character.isascii() or character.isalnum() for word in words for character in word)
    "".join(words).encode()


@given(st.text(max_size=100))
def test_normalising_twice_changes_nothing(text):
    assert normalise(normalise(text)) == normalise(text)


def test_a_huge_text_and_a_huge_query_are_cut():
    assert len(terms("路灯" * 20_000)) == MAX_TEXT
    assert sum(len(term.words) for term in query_terms("路灯，坏" * 5_000)) <= MAX_QUERY
    assert finds("x" * 500, "x" * 500)
