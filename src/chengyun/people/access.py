"""Who is acting, in which roles, and how far that person sees (DESIGN §4.8)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db import connection

from chengyun.core import instants
from chengyun.people.models import Department, User
from chengyun.people.roles import ADMINISTRATORS, COUNTY_WIDE, Role, merged

# Whoever works in one of these answers for a place, not only for cases handed to it.
PLACE_KINDS = frozenset({Department.Kind.TOWNSHIP, Department.Kind.COMMUNITY})


@dataclass(frozen=True, slots=True)
class Actor:
    user_id: int | None
    name: str
    roles: frozenset[Role] = frozenset()
    department_ids: tuple[int, ...] = ()
    own_department_ids: tuple[int, ...] = ()
    home_department_id: int | None = None
    home_department_name: str = ""
    county_wide: bool = False
    region_codes: tuple[str, ...] = ()
    post_id: int | None = None
    post_name: str = ""

    def has(self, *roles: str) -> bool:
        """True when the actor may act in at least one of these roles."""
        return not self.roles.isdisjoint(roles)

    def for_county(self, *roles: str) -> bool:
        """True when the actor may act in one of these roles for the whole county: as an administrator, or from a post
        in the centre. A bureau's leader and a township's duty chief are neither."""
        return self.county_wide and self.has(*roles) or self.has(*ADMINISTRATORS.intersection(roles))


ANONYMOUS = Actor(user_id=None, name="")
SYSTEM = Actor(user_id=None, name="系统", roles=frozenset(Role) - ADMINISTRATORS, county_wide=True)


class PostHeld(NamedTuple):
    """One row of `POSTS_HELD`: a post that the user holds that day × a department below it."""

    post_id: int
    post_name: str
    roles: str
    department_id: int
    department_name: str
    department_kind: str
    department_region: str
    below_id: int
    below_kind: str
    below_region: str


# One statement for posts and subtree. Written as SQL because the subtree is a join on a prefix, which the ORM cannot
# spell; LIKE and || read the same on both databases. A department without a path has no subtree but itself.
POSTS_HELD = """
    SELECT post.id, post.name, post.roles, own.id, own.short_name, own.kind, own.region_code,
           below.id, below.kind, below.region_code
      FROM people_appointment held
      JOIN people_post post ON post.id = held.post_id
      JOIN people_department own ON own.id = post.department_id
      JOIN people_department below
        ON below.id = own.id OR (own.path <> '' AND below.path LIKE own.path || %s)
     WHERE held.user_id = %s
       AND held.valid_from <= %s AND (held.valid_to IS NULL OR held.valid_to >= %s)
       AND post.valid_from <= %s AND (post.valid_to IS NULL OR post.valid_to >= %s)
       AND own.valid_from <= %s AND (own.valid_to IS NULL OR own.valid_to >= %s)
       AND below.valid_from <= %s AND (below.valid_to IS NULL OR below.valid_to >= %s)
     ORDER BY CASE WHEN held.deputy_for_id IS NULL THEN 0 ELSE 1 END, held.valid_from, held.id, below.id
"""


def actor_for(user: User | AnonymousUser, on: dt.date | None = None) -> Actor:
    """The actor that `user` is on the civil day `on`; his own posts come first, then those he deputises in."""
    if not isinstance(user, User) or user.pk is None:
        return ANONYMOUS
    return _actor(user, _posts_held(user.pk, on or instants.today()))


def _posts_held(user_id: int, day: dt.date) -> list[PostHeld]:
    with connection.cursor() as cursor:
        cursor.execute(POSTS_HELD, ["%", user_id, *[day] * 8])
        return [PostHeld(*row) for row in cursor.fetchall()]


def _actor(user: User, held: Sequence[PostHeld]) -> Actor:
    home = held[0] if held else None
    return Actor(
        user_id=user.pk,
        name=user.name,
        roles=merged(_roles(held)),
        department_ids=_unique(row.below_id for row in held),
        own_department_ids=_unique(row.department_id for row in held),
        home_department_id=home.department_id if home else None,
        home_department_name=home.department_name if home else "",
        county_wide=any(_sees_the_county(row) for row in held),
        region_codes=tuple(sorted(_places(held))),
        post_id=home.post_id if home else None,
        post_name=home.post_name if home else "",
    )


def _roles(held: Sequence[PostHeld]) -> set[Role]:
    return {role for row in held for role in _roles_of(row)}


def _roles_of(row: PostHeld) -> set[Role]:
    return {Role(value) for value in json.loads(row.roles)}


def _sees_the_county(row: PostHeld) -> bool:
    return row.department_kind == Department.Kind.CENTRE and not COUNTY_WIDE.isdisjoint(merged(_roles_of(row)))


def _places(held: Sequence[PostHeld]) -> set[str]:
    """A township's people see its places; a centre's people only in a county-wide role, so not its collectors."""
    centres = {row.department_region for row in held if _sees_the_county(row)}
    townships = {row.below_region for row in held if row.below_kind in PLACE_KINDS}
    return {region_prefix(code) for code in centres | townships if code}


def region_prefix(code: str) -> str:
    """What all codes below begin with: a prefecture is written with six digits, its counties share four (GB/T 2260)."""
    return code.removesuffix("00") if len(code) == 6 else code


def _unique(ids: Iterable[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(ids))
