"""The first account of an empty installation."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from chengyun.people.access import SYSTEM
from chengyun.people.models import Department, User
from chengyun.people.roles import Role
from chengyun.people.services.departments import create_department
from chengyun.people.services.posts import appoint, create_post
from chengyun.people.services.users import create_user


@dataclass(frozen=True)
class FirstAdministrator:
    username: str
    password: str


@transaction.atomic
def first_administrator() -> FirstAdministrator | None:
    """Create the first system administrator with a random password; None where anybody has an account already."""
    if User.objects.exists():
        return None
    user, password = create_user(by=SYSTEM, username="admin", name=_("系统管理员"))
    post = create_post(
        by=SYSTEM, code="system-admin", name=_("系统管理员"), department=_centre(), roles=[Role.SYSTEM_ADMIN]
    )
    appoint(user, post, by=SYSTEM)
    return FirstAdministrator(user.username, password)


def _centre() -> Department:
    kind = Department.Kind.CENTRE
    found: Department | None = Department.objects.filter(kind=kind).first()
    if found:
        return found
    return create_department(
        by=SYSTEM, code="centre", name=_("监督指挥中心"), short_name=_("指挥中心"), kind=kind, sort_order=0
    )
