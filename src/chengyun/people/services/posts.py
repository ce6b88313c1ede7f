"""Posts and who holds them. The three administrators stay apart from each other and from all business (三员分立)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from chengyun.core import instants
from chengyun.core.dated import DatedQuerySet
from chengyun.core.errors import UserError
from chengyun.core.who import Doer
from chengyun.people import register
from chengyun.people.models import Appointment, Department, Post, User
from chengyun.people.roles import ADMINISTRATORS, Role
from chengyun.people.services.separation import check_may_grant


@transaction.atomic
def create_post(*, by: Doer, code: str, name: str, department: Department, roles: Sequence[str], **fields: Any) -> Post:
    check_may_grant(by)
    check_roles(roles)
    return register.store(Post(code=code, name=name, department=department, roles=list(roles), **fields), by=by)


@transaction.atomic
def change_post(post: Post, *, by: Doer, **fields: Any) -> Post:
    """Change the name or the roles; a post that moves to another department is another post."""
    check_may_grant(by)
    post = register.locked(post)
    allowed = {name: value for name, value in fields.items() if name in ("name", "roles")}
    if "roles" in allowed:
        allowed["roles"] = list(allowed["roles"])
        check_roles(allowed["roles"])
        for held in Appointment.objects.filter(post=post).select_related("user"):
            _check_apart(held.user, allowed["roles"], held.valid_from, held.valid_to, leave_out=post)
    register.change(post, allowed, by=by)
    return post


@transaction.atomic
def close_post(post: Post, *, by: Doer, last_day: dt.date | None = None) -> Post:
    """The post ends with `last_day` (today), and with it whoever still holds it."""
    check_may_grant(by)
    post = register.locked(post)
    last_day = last_day or instants.today()
    for appointment in Appointment.objects.filter(post=post).on(last_day + dt.timedelta(days=1)):
        end_appointment(appointment, by=by, last_day=last_day)
    register.change(post, {"valid_to": last_day}, by=by, action="closed")
    return post


def appoint(
    user: User, post: Post, *, by: Doer, valid_from: dt.date | None = None, valid_to: dt.date | None = None
) -> Appointment:
    return _hold(user, post, by=by, valid_from=valid_from or instants.today(), valid_to=valid_to)


def deputise(
    deputy: User, post: Post, *, absent: User, by: Doer, valid_from: dt.date, valid_to: dt.date
) -> Appointment:
    """`deputy` works in the post of `absent` on these days, the last included."""
    if deputy.pk == absent.pk:
        raise UserError(_("代岗人不能是本人，请另选一人。"), field="user")
    if not Appointment.objects.filter(user=absent, post=post, deputy_for=None).on(valid_from).exists():
        raise UserError(_("被代岗人在开始日期不任此岗，请核对日期。"), field="deputy_for")
    return _hold(deputy, post, by=by, valid_from=valid_from, valid_to=valid_to, deputy_for=absent)


@transaction.atomic
def end_appointment(appointment: Appointment, *, by: Doer, last_day: dt.date | None = None) -> Appointment:
    """It ends with `last_day` (today); one that would begin later is ended on the day it begins."""
    check_may_grant(by)
    appointment = register.locked(appointment)
    last_day = max(last_day or instants.today(), appointment.valid_from)
    register.change(appointment, {"valid_to": last_day}, by=by, action="ended")
    return appointment


@transaction.atomic
def _hold(user: User, post: Post, *, by: Doer, **fields: Any) -> Appointment:
    check_may_grant(by)
    # Two appointments of one person at a time wait here, so that neither misses the other's roles.
    user = register.locked(user)
    appointment = Appointment(user=user, post=post, **fields)
    starts, ends = appointment.valid_from, appointment.valid_to
    if user.pk == by.user_id:
        raise UserError(_("不能给自己任职，请由另一位管理员办理。"), field="post")
    if not user.is_active:
        raise UserError(_("该人员已停用，不能任职。"), field="user")
    if not (post.is_valid_on(starts) and post.department.is_valid_on(starts)):
        raise UserError(_("岗位或部门在开始日期无效，请核对日期。"), field="post")
    if _overlapping(user, starts, ends).filter(post=post).exists():
        raise UserError(_("该人员在这段时间已任此岗。"), field="post")
    _check_apart(user, post.roles, starts, ends)
    return register.store(appointment, by=by)


def check_roles(roles: Sequence[str]) -> None:
    """Raise when a single post cannot carry these roles."""
    if not roles:
        raise UserError(_("请至少选一个角色。"), field="roles")
    unknown = sorted(set(roles) - set(Role.values))
    if unknown:
        raise UserError(_("没有“%(role)s”这个角色。") % {"role": unknown[0]}, field="roles")
    check_separation(roles)


def _check_apart(
    user: User, roles: Iterable[str], starts: dt.date, ends: dt.date | None, leave_out: Post | None = None
) -> None:
    held = _overlapping(user, starts, ends).exclude(post=leave_out)
    others = {role for each in held.select_related("post") for role in each.post.roles}
    check_separation(others | set(roles), _("%(name)s：") % {"name": user.name})


def check_separation(roles: Iterable[str], who: str = "") -> None:
    administrators = ADMINISTRATORS.intersection(roles)
    if len(administrators) > 1:
        raise UserError(who + _("系统、安全、审计管理员必须由不同的人担任。"), field="roles")
    if administrators and set(roles) - administrators:
        raise UserError(who + _("管理员不能兼任业务岗位，请由不同的人担任。"), field="roles")


def _overlapping(user: User, starts: dt.date, ends: dt.date | None) -> DatedQuerySet:
    found = Appointment.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=starts), user=user)
    return found if ends is None else found.filter(valid_from__lte=ends)
