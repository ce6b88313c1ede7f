"""Who may open a register's pages."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from chengyun.core.errors import NotAllowed
from chengyun.people.access import Actor
from chengyun.people.registers.declaration import Register, register_named
from chengyun.people.roles import Role


def reading(actor: Actor, key: str) -> Register:
    register = register_named(key)
    if not register.may_read(actor):
        raise refused({*register.readers, *register.changers})
    return register


def changing(actor: Actor, key: str) -> Register:
    register = register_named(key)
    if not register.may_change(actor):
        raise refused(register.changing)
    return register


def retiring(actor: Actor, key: str) -> Register:
    register = register_named(key)
    if register.retire is None or not register.may_retire(actor):
        raise refused(register.retiring)
    return register


def refused(roles: Iterable[str]) -> NotAllowed:
    names = "、".join(str(role.label) for role in Role if role in set(roles))
    if not names:
        return NotAllowed(_("这本台账由系统自动维护，不能手工修改。"))
    return NotAllowed(_("这项工作由%(roles)s办理，请联系他们。") % {"roles": names})
