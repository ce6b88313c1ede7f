"""Who may do what with the register of components. Everybody who is logged in may read it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from chengyun.core.errors import NotAllowed
from chengyun.people.access import Actor
from chengyun.people.roles import Role

# Whoever keeps the registers, and the centre's chiefs, who hear first what changed in the street.
KEEPERS = (Role.SYSTEM_ADMIN, Role.DUTY_CHIEF, Role.DISPATCHER)


def may_keep(actor: Actor) -> bool:
    return actor.for_county(*KEEPERS)


def check_keeper(actor: Actor) -> None:
    if not may_keep(actor):
        names = "、".join(str(role.label) for role in KEEPERS)
        raise NotAllowed(_("部件台账由%(roles)s维护，请联系他们。") % {"roles": names})
