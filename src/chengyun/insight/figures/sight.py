"""Whom a reader of figures may be told of by name: persons that stand in cases which he may see.

Groups keep to that by themselves, for they are counted within his scope. What somebody typed does not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from chengyun.core.digits import whole
from chengyun.insight import extra
from chengyun.insight.figures.dimensions import DIMENSIONS, Dimension, Key, Names
from chengyun.insight.figures.scope import scope_of
from chengyun.people.access import Actor

PERSON = "person"


def names_for(actor: Actor, split: Dimension, keys: Iterable[Key]) -> Names:
    """What these keys are called; persons out of the reader's sight are left out."""
    wanted = {key for key in keys if key not in (None, "")}
    return split.names(persons_in_sight(actor, wanted) if split.key == PERSON else wanted)


def read(actor: Actor, split: Dimension, text: str) -> Key:
    """A key as typed. Raises ValueError where there is none such, and for a login name out of sight as for no name:
    the difference would tell who has an account."""
    key = split.read(text)
    if split.key == PERSON and whole(text) is None and not persons_in_sight(actor, {key}):
        raise ValueError(text)
    return key


def persons_in_sight(actor: Actor, keys: Collection[int]) -> set[int]:
    """Those of `keys` whom a figure of this reader, split by persons, can name."""
    if actor.county_wide or not keys:
        return set(keys)
    extra.require()
    from chengyun.insight.facts.session import session

    scope, split = scope_of(actor), DIMENSIONS[PERSON]
    columns = [("cases c", split.sql)]
    columns += [(f"{table} f JOIN cases c USING (case_id)", column) for table, column in split.own.items()]
    parts = [
        f"SELECT {column} FROM {source} WHERE {scope.sql} AND list_contains($wanted::BIGINT[], {column})"
        for source, column in columns
    ]
    rows = session().ask(" UNION ".join(parts), {**scope.parameters, "wanted": sorted(keys)})
    return {key for (key,) in rows} | {key for key in keys if key == actor.user_id}
