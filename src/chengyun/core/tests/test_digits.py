import pytest

from chengyun.core.digits import whole


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("007", 7), ("9" * 18, 10**18 - 1)])
def test_digits_are_a_number(text, number):
    assert whole(text) == number


@pytest.mark.parametrize("text", [None, "", " 1", "-1", "+1", "1.0", "1_000", "１", "²", "一", "9" * 19, "9" * 5_000])
def test_anything_else_is_none(text):
    assert whole(text) is None


def test_more_digits_than_wanted_are_none():
    assert (whole("9999", most=4), whole("99999", most=4)) == (9999, None)
