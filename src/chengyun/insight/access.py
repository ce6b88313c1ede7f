"""Who reads figures. Whose cases they count is the matter of `figures.scope`."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

from chengyun.core.errors import NotAllowed
from chengyun.people.access import Actor
from chengyun.people.roles import ADMINISTRATORS, Role

# Everybody who works on cases at a desk; a collector's work is his tasks.
READERS: Final = frozenset(Role) - ADMINISTRATORS - {Role.COLLECTOR}


def may_read(actor: Actor) -> bool:
    return actor.has(*READERS)


def check_reads(actor: Actor) -> None:
    if not may_read(actor):
        raise NotAllowed(_("统计数字由办理案件的人员和领导查看，如需查看请联系指挥中心"))
