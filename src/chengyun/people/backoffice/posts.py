from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from chengyun.core import instants
from chengyun.people.access import Actor
from chengyun.people.backoffice.people_book import PeopleBook
from chengyun.people.backoffice.who import ADMINS, APPOINTERS, ORGANISATION
from chengyun.people.models import Appointment, Department, DutyShift, Post
from chengyun.people.queries import holders
from chengyun.people.register_forms import PostForm
from chengyun.people.registers.declaration import Column, Filter, Panel, Register, Rows, Usage
from chengyun.people.roles import Role
from chengyun.people.services.posts import change_post, close_post, create_post
from chengyun.people.services.separation import granters


def _holders(row: Post, actor: Actor) -> Mapping[str, Any]:
    return {"holders": holders(row, instants.today())}


def _with_role(rows: Rows, role: str) -> Rows:
    # Roles are a JSON list of words; a word stands in quotes, so this finds no other. Both databases spell it alike.
    return rows.extra(where=["CAST(people_post.roles AS TEXT) LIKE %s"], params=[f'%"{role}"%'])


def _departments() -> list[tuple[str, str]]:
    rows = Department.objects.on(instants.today()).order_by("sort_order", "code")
    return [(str(pk), name) for pk, name in rows.values_list("pk", "short_name")]


POSTS = Register(
    key="posts",
    title=_("岗位"),
    group=ORGANISATION,
    order=920,
    icon="id-badge-2",
    help=_("岗位带着角色；谁任这个岗位，谁就有这些角色。"),
    model=Post,
    rows=lambda: Post.objects.select_related("department"),
    columns=[
        Column(_("岗位"), "name", sort="name"),
        Column(_("代码"), "code", sort="code"),
        Column(_("部门"), "department.short_name"),
        Column(_("角色"), lambda row: "、".join(row.role_names)),
        Column(_("有效期至"), "valid_to"),
    ],
    readers=ADMINS,
    changers=APPOINTERS,
    changers_now=granters,
    sort=("department__sort_order", "department__code", "code"),
    search=("name", "code", "department__name"),
    search_hint=_("岗位、代码或部门"),
    filters=[
        Filter("department", _("部门"), _departments, "department"),
        Filter("role", _("角色"), lambda: Role.choices, _with_role),
    ],
    form=lambda data, row: PostForm(data, post=row),
    create=create_post,
    change=change_post,
    retire=close_post,
    retire_rule=_("停用之后不再有效，现任人员的任职同时结束。"),
    bulk_fields=("roles",),
    panels=[Panel(_("现任"), "people/_holders.html", _holders)],
    words={"roles": dict(Role.choices)},
    book=PeopleBook(),
)

USAGES = [
    Usage(Appointment, "post", _("现任人员，任职同时结束")),
    Usage(
        DutyShift,
        "post",
        _("以后的值班"),
        living=lambda rows, day: rows.filter(day__gt=day, is_cancelled=False),
        refuses=True,
    ),
]
