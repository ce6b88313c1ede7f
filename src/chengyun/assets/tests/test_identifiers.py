import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun.assets import identifiers, mercator


def test_an_identifier_is_division_class_and_sequence():
    assert identifiers.parse("99012601003000017") == ("990126", "01003", "000017")


def test_the_edition_of_2013_had_sixteen_digits():
    parsed = identifiers.parse("9901260103000017")
    assert parsed is not None
    assert parsed.is_former


@pytest.mark.parametrize(
    "text", ["", "9901260100300001", "990126010030000171", "99012601003000000", "９９０１２６０１００３００００１７"]
)
def test_anything_else_is_none(text):
    found = identifiers.parse(text)
    assert found is None or found.is_former


def test_the_last_number_of_a_class_is_the_last():
    assert identifiers.made("990126", "01003", 999_999).endswith("999999")
    with pytest.raises(ValueError, match="1000000"):
        identifiers.made("990126", "01003", 1_000_000)


@given(st.floats(-179.9, 179.9), st.floats(-84, 84))
def test_steps_lead_back_within_a_hand(lon, lat):
    back_lon, back_lat = mercator.degrees_of(*mercator.steps(lon, lat))
    assert abs(back_lon - lon) < 1e-6
    assert abs(back_lat - lat) < 1e-6
