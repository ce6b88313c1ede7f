"""Which cases of the facts an actor may count: `cases.queries.visible_to`, said over the facts' columns.

A test holds the two against each other, role by role.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chengyun.people.access import Actor
from chengyun.people.roles import Role


@dataclass(frozen=True)
class Scope:
    """A condition over the case `c`, with its parameters."""

    sql: str = "true"
    parameters: Mapping[str, Any] = field(default_factory=dict)


EVERYTHING = Scope()
NOTHING = Scope("false")


def region_scope(code: str) -> Scope:
    """What the centre of this county sees: its own places, and what lies nowhere. Blank is everything."""
    if not code:
        return EVERYTHING
    return Scope("(starts_with(c.county_code, $region) OR c.county_code = '')", {"region": code})


def scope_of(actor: Actor) -> Scope:
    if actor.county_wide and not actor.region_codes:
        return EVERYTHING
    if actor.user_id is None:
        return NOTHING
    parameters: dict[str, Any] = {"me": actor.user_id, "departments": list(actor.department_ids)}
    parts = ["list_contains(c.user_ids, $me)", "list_has_any(c.department_ids, $departments::BIGINT[])"]
    for number, code in enumerate(actor.region_codes):
        name = f"place_{number}"
        parameters[name] = code
        parts.append(f"starts_with(c.{_column(code)}, ${name})")
    if actor.county_wide:
        parts.append("c.county_code = ''")
    if actor.has(Role.COLLECTOR):
        parts.append(f"(c.waits_for = '{Role.COLLECTOR}' AND c.waits_user_id IS NULL)")
    return Scope(f"({' OR '.join(parts)})", parameters)


def _column(code: str) -> str:
    """GB/T 2260 and 10114: up to six digits for a county, nine for a township, twelve for a community."""
    if len(code) <= 6:
        return "county_code"
    return "township_code" if len(code) <= 9 else "community_code"
