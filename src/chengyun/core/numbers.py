"""Counters behind public numbers. One statement; the row stays locked until commit, so there are no gaps."""

from __future__ import annotations

from django.db import connection

from chengyun.core.models import Counter


def next_number(series: str) -> int:
    return next_numbers(series, 1)[0]


def next_numbers(series: str, count: int) -> range:
    """The next `count` numbers of a series, in one go."""
    table = connection.ops.quote_name(Counter._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (series, value) VALUES (%s, %s) "
            f"ON CONFLICT (series) DO UPDATE SET value = {table}.value + excluded.value RETURNING value",
            [series, count],
        )
        last: int = cursor.fetchone()[0]
    return range(last - count + 1, last + 1)
