"""The fact tables as Arrow has them; this and what imports it need the extra `insight`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from chengyun.insight.facts import schema

Facts = dict[str, pa.Table]


def _type(name: str) -> pa.DataType:
    return pa.list_(pa.int64()) if name == schema.IDS else pa.type_for_alias(name)


SCHEMAS: Final = {
    table: pa.schema([(column, _type(name)) for column, name in columns.items()])
    for table, columns in schema.TABLES.items()
}


def empty() -> Facts:
    return {name: columns.empty_table() for name, columns in SCHEMAS.items()}


def join(parts: Sequence[Facts]) -> Facts:
    return {name: pa.concat_tables([part[name] for part in parts]) for name in schema.TABLES}


def only(facts: Facts, case_ids: Iterable[int]) -> Facts:
    wanted = pa.array(sorted(case_ids), pa.int64())
    return {name: table.filter(pc.is_in(table["case_id"], value_set=wanted)) for name, table in facts.items()}


def without(facts: Facts, case_ids: Iterable[int]) -> Facts:
    gone = pa.array(sorted(case_ids), pa.int64())
    return {name: table.filter(pc.invert(pc.is_in(table["case_id"], value_set=gone))) for name, table in facts.items()}


def ordered(name: str, table: pa.Table) -> pa.Table:
    """The rows as they stand in a file."""
    return table.sort_by([(column, "ascending") for column in schema.ORDER[name]]).combine_chunks()
