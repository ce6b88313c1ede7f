from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from chengyun.core.numbers import next_number, next_numbers


@pytest.mark.django_db
def test_a_series_counts_from_one():
    assert [next_number("case:2026") for _ in range(3)] == [1, 2, 3]


@pytest.mark.django_db
def test_series_do_not_disturb_each_other():
    next_number("case:2026")

    assert next_number("case:2027") == 1


@pytest.mark.django_db
def test_many_numbers_come_in_one_statement(django_assert_num_queries):
    next_number("case:2026")

    with django_assert_num_queries(1):
        assert next_numbers("case:2026", 3) == range(2, 5)


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_number_is_given_again():
    with transaction.atomic():
        next_number("case:2026")
        transaction.set_rollback(True)

    assert next_number("case:2026") == 1


@pytest.mark.django_db(transaction=True)
def test_nobody_gets_the_same_number():
    def take(_):
        try:
            return next_number("case:2026")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(take, range(40)))

    assert sorted(numbers) == list(range(1, 41))
