"""The three administrators apart (三员分立), as services ask it: the system administrator keeps registers and settings,
the security administrator grants and takes away rights, the audit administrator reads.

Commands and jobs act without a person (`user_id` None): whoever reaches the machine itself is beyond these rules.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from chengyun.core import instants
from chengyun.core.errors import NotAllowed
from chengyun.core.who import Doer
from chengyun.people.models import Appointment, Post, User
from chengyun.people.roles import ADMINISTRATORS, Role


def only_security(by: Doer) -> None:
    """Raises NotAllowed for everybody but the security administrator."""
    if by.user_id is not None and Role.SECURITY_ADMIN not in _roles(by):
        raise NotAllowed(_("这项工作由安全管理员办理，请联系他们。"))


def granters() -> frozenset[str]:
    """Posts and their holders: the security administrator; the system administrator while there is none yet."""
    first = frozenset[str]() if _security_stands() else frozenset({str(Role.SYSTEM_ADMIN)})
    return frozenset({str(Role.SECURITY_ADMIN)}) | first


def may_grant(by: Doer) -> bool:
    return by.user_id is None or not granters().isdisjoint(_roles(by))


def check_may_grant(by: Doer) -> None:
    if not may_grant(by):
        raise NotAllowed(_("岗位和任职由安全管理员办理，请联系他们。"))


def check_may_import(by: Doer, roles: Iterable[str]) -> None:
    """A file of people is the system administrator's, but it makes nobody an administrator."""
    if ADMINISTRATORS.intersection(roles):
        check_may_grant(by)


def may_manage(by: Doer, user: User) -> bool:
    """Login name, password, on and off: an administrator's are the security administrator's, else none were safe."""
    return by.user_id is None or Role.SECURITY_ADMIN in _roles(by) or not _is_administrator(user)


def check_may_manage(by: Doer, user: User) -> None:
    if not may_manage(by, user):
        raise NotAllowed(_("管理员的账号和密码由安全管理员办理，请联系他们。"))


def _roles(by: Doer) -> Iterable[str]:
    roles: Iterable[str] = getattr(by, "roles", ())
    return roles


def _security_stands() -> bool:
    posts = [pk for pk, roles in Post.objects.values_list("pk", "roles") if Role.SECURITY_ADMIN in roles]
    return Appointment.objects.on(instants.today()).filter(user__is_active=True, post__in=posts).exists()


def _is_administrator(user: User) -> bool:
    held = Appointment.objects.on(instants.today()).filter(user=user).select_related("post")
    return any(ADMINISTRATORS.intersection(each.post.roles) for each in held)
