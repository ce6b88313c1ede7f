"""Full-text search over cases: one side table, `cases_search`, a row per case.

The terms come from `language.terms`, so both engines only store and look up words:

SQLite      FTS5, rowid = case id; the `ascii` tokenizer splits at our blanks and leaves all else alone. The prefix
            indexes serve single characters (1) and case numbers typed in part (3 to 14); they hold no pairs.
PostgreSQL  a `tsvector` written out with positions (what `simple` would make of the terms), GIN over it.

Results come by key, newest first, and are limited. A frequent pair is cheap because reading stops at the limit.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from django.db import connection
from django.db.models import BooleanField, Model, QuerySet
from django.db.models.expressions import RawSQL

from chengyun.language.terms import QueryTerm, normalise, query_terms, terms

TABLE = "cases_search"
# Up to so many hits a filter names their ids; above, a term is frequent and the caller's own order finds it soon.
FEW = 5_000
# A term that so many of the newest cases hold (one in four) is asked of each case where it was typed in part: SQLite
# would otherwise put the hits of all its words together.
EVERYWHERE = 4
# PostgreSQL looks through so many of the newest cases before it asks the index for all hits.
RECENT = 8_000
NEWEST = 2**63 - 1

_CREATE = {
    "sqlite": [
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {TABLE} USING"
        " fts5(terms, tokenize='ascii', prefix='1 3 4 5 6 7 8 9 10 11 12 13 14')",
    ],
    "postgresql": [
        f"CREATE TABLE IF NOT EXISTS {TABLE} (case_id bigint PRIMARY KEY, terms tsvector NOT NULL)",
        f"CREATE INDEX IF NOT EXISTS {TABLE}_terms ON {TABLE} USING gin (terms)",
    ],
}
_INSERT = {
    "sqlite": f"INSERT OR REPLACE INTO {TABLE} (rowid, terms) VALUES (%s, %s)",
    "postgresql": f"INSERT INTO {TABLE} (case_id, terms) VALUES (%s, %s::tsvector)"
    " ON CONFLICT (case_id) DO UPDATE SET terms = excluded.terms",
}
_NEWEST_SQLITE = f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s AND rowid < %s ORDER BY rowid DESC LIMIT %s"
# A plain ORDER BY … LIMIT tempts the planner to walk all cases backwards for a term that nobody used.
_NEWEST_POSTGRES = (
    f"WITH hits AS MATERIALIZED (SELECT case_id FROM {TABLE} WHERE terms @@ %s::tsquery AND case_id < %s)"
    " SELECT case_id FROM hits ORDER BY case_id DESC LIMIT %s"
)
_RECENT_POSTGRES = (
    f"SELECT case_id FROM (SELECT case_id, terms FROM {TABLE} WHERE case_id < %s ORDER BY case_id DESC LIMIT {RECENT})"
    " AS recent WHERE terms @@ %s::tsquery ORDER BY case_id DESC LIMIT %s"
)
_SOME_POSTGRES = (
    f"WITH hits AS MATERIALIZED (SELECT case_id FROM {TABLE} WHERE terms @@ %s::tsquery)"
    " SELECT case_id FROM hits LIMIT %s"
)

Row = TypeVar("Row", bound=Model)


def create_sql(vendor: str) -> list[str]:
    """The statements of the cases' migration that make the side table."""
    return _CREATE[vendor]


def drop_sql(vendor: str) -> list[str]:
    return [f"DROP TABLE IF EXISTS {TABLE}"]


def index_case(case_id: int, text: str) -> None:
    """Make the case found by `text`, and by nothing it was found by before. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_INSERT[connection.vendor], [case_id, _document(text)])


def index_many(rows: Iterable[tuple[int, str]]) -> None:
    documents = [(case_id, _document(text)) for case_id, text in rows]
    with connection.cursor() as cursor:
        cursor.executemany(_INSERT[connection.vendor], documents)


def search_ids(query: str, limit: int = 50, *, before: int | None = None) -> list[int]:
    """Cases that hold everything in `query`, newest first; `before` is the last key of the page above."""
    asked = query_terms(query)
    return _newest(asked, limit, NEWEST if before is None else before) if asked else []


def filter(queryset: QuerySet[Row], query: str) -> QuerySet[Row]:
    """`queryset` of cases restricted to those that hold `query`; a blank query restricts nothing."""
    asked = query_terms(query)
    if not asked:
        return queryset.none() if normalise(query) else queryset
    ids = _some(asked, FEW + 1)
    if len(ids) <= FEW:
        return queryset.filter(pk__in=ids)
    return queryset.filter(_among_hits(queryset.model, asked, everywhere=ids[0] - ids[-1] < EVERYWHERE * FEW))


def _document(text: str) -> str:
    words = terms(text)
    if connection.vendor == "postgresql":
        return " ".join(f"'{word}':{at}" for at, word in enumerate(words, 1))
    return " ".join(words)


def _match(asked: list[QueryTerm]) -> str:
    return _tsquery(asked) if connection.vendor == "postgresql" else _fts5_query(asked)


def _fts5_query(asked: list[QueryTerm]) -> str:
    return " AND ".join(f'"{" ".join(term.words)}"{" *" if term.prefix else ""}' for term in asked)


def _tsquery(asked: list[QueryTerm]) -> str:
    return " & ".join(
        "(" + " <-> ".join(f"'{word}'{':*' if term.prefix else ''}" for word in term.words) + ")" for term in asked
    )


def _newest(asked: list[QueryTerm], limit: int, before: int) -> list[int]:
    match = _match(asked)
    if connection.vendor != "postgresql":
        return _ids(_NEWEST_SQLITE, match, before, limit)
    recent = _ids(_RECENT_POSTGRES, before, match, limit)
    return recent if len(recent) == limit else _ids(_NEWEST_POSTGRES, match, before, limit)


def _some(asked: list[QueryTerm], limit: int) -> list[int]:
    if connection.vendor != "postgresql":
        return _ids(_NEWEST_SQLITE, _match(asked), NEWEST, limit)
    return _ids(_SOME_POSTGRES, _match(asked), limit)


def _ids(sql: str, *params: str | int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [row[0] for row in cursor.fetchall()]


def _among_hits(model: type[Model], asked: list[QueryTerm], *, everywhere: bool) -> RawSQL:
    quoted = connection.ops.quote_name
    key = f"{quoted(model._meta.db_table)}.{quoted(str(model._meta.pk.column))}"
    if connection.vendor == "postgresql":
        sql = f"{key} IN (SELECT case_id FROM {TABLE} WHERE terms @@ %s::tsquery)"
    elif everywhere and any(term.prefix for term in asked):
        sql = f"EXISTS (SELECT 1 FROM {TABLE} WHERE rowid = {key} AND {TABLE} MATCH %s)"
    else:
        # The plus keeps the hits from becoming the outer loop: the caller's own order stays the way through.
        sql = f"+{key} IN (SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s)"
    return RawSQL(sql, [_match(asked)], output_field=BooleanField())
