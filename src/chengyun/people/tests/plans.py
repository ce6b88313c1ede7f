"""How the database goes about a page of a register."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from chengyun.people.registers.declaration import Register
from chengyun.people.registers.listing import page_of


def plan_of_page(register: Register, asked: dict[str, str]) -> str:
    """SQLite's plan of the statement that reads the page's rows."""
    with CaptureQueriesContext(connection) as said:
        page_of(register, asked)
    table = f'FROM "{register.model._meta.db_table}"'
    [rows] = [each["sql"] for each in said if table in each["sql"] and "LIMIT 51" in each["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {rows}")
        return " ".join(row[3] for row in cursor.fetchall())
