"""What the page around every page knows; asked only for what a template really shows."""

from __future__ import annotations

import json
from functools import cached_property, lru_cache

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from chengyun.casework.cases.notices import UnreadCount
from chengyun.casework.cases.queries import Sight
from chengyun.casework.urgent.line import render_line
from chengyun.casework.urgent.queries import anything_rings, hears, ringing
from chengyun.core import configuration, disk
from chengyun.core.events import Beside, Cursor
from chengyun.people.access import ANONYMOUS, Actor
from chengyun.people.duty import OnDuty, duty_now
from chengyun.people.roles import Role
from chengyun.regions.models import NamedPlace
from chengyun.web import basemap
from chengyun.web.menu import Item, grouped, menu_for

DISK_NOTICES = {
    disk.Level.LOW: _("服务器磁盘空间不多了，请尽快清理。"),
    disk.Level.NO_UPLOADS: _("服务器磁盘空间不足，暂停上传和导入；办理不受影响。"),
    disk.Level.NO_WRITES: _("服务器磁盘已满，暂停写入，只能查看；请通知系统管理员。"),
}
# Who may mend an empty roster.
PLANNERS = (Role.DUTY_CHIEF, Role.SYSTEM_ADMIN)


class Shell:
    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def actor(self) -> Actor | None:
        return getattr(self.request, "actor", None) if self._signed_in() else None

    def _signed_in(self) -> bool:
        user = getattr(self.request, "user", None)
        return bool(user and user.is_authenticated)

    @cached_property
    def _items(self) -> list[Item]:
        return menu_for(self.actor, self.request.path) if self.actor else []

    @property
    def menu(self) -> list[Item]:
        return [item for item in self._items if not item.is_register]

    @property
    def registers(self) -> list[tuple[str, list[Item]]]:
        return grouped(item for item in self._items if item.is_register)

    @property
    def in_registers(self) -> bool:
        return self.request.path.startswith(reverse("registers:index")) or any(
            item.is_current for item in self._items if item.is_register
        )

    @property
    def county(self) -> str:
        return str(configuration.value("web.county_name"))

    @property
    def post(self) -> str:
        return self.actor.post_name if self.actor else ""

    @cached_property
    def duty(self) -> list[OnDuty]:
        return duty_now() if self.actor else []

    @cached_property
    def may_plan_duty(self) -> bool:
        return bool(self.actor and self.actor.for_county(*PLANNERS))

    @cached_property
    def hears_urgent(self) -> bool:
        return bool(self.actor and hears(self.actor))

    @cached_property
    def urgent_url(self) -> str:
        return reverse("urgent:line")

    @cached_property
    def urgent_line(self) -> str:
        """What rings as this page is made; what comes later reaches it over the polling line."""
        rings = self.actor and self.hears_urgent and self._newest[1].get("rings")
        return render_line(self.request, ringing(self.actor)) if self.actor and rings else ""

    @cached_property
    def search_url(self) -> str:
        return _reverse("cases:list") if self.actor else ""

    @cached_property
    def live_url(self) -> str:
        return reverse("web:live") if self.actor else ""

    @cached_property
    def _newest(self) -> tuple[Cursor, dict[str, int]]:
        """One statement for all: where the page begins, whether anything rings, and what waits to be read."""
        return _beside(Sight.of(self.actor) if self.actor else Sight.of(ANONYMOUS)).newest()

    @cached_property
    def live_cursor(self) -> str:
        return str(self._newest[0])

    @cached_property
    def map(self) -> dict[str, str]:
        """Addresses of the base map's layers, for <city-map>."""
        return basemap.layers()

    @cached_property
    def disk_notice(self) -> str:
        """What everybody has to know of a full disk; of one that will soon be full, whoever can mend it."""
        level = disk.state().level
        if level == disk.Level.LOW and not (self.actor and self.actor.has(Role.SYSTEM_ADMIN)):
            return ""
        return str(DISK_NOTICES.get(level, ""))

    @cached_property
    def places_url(self) -> str:
        return _reverse("regions:places")

    @property
    def place_kinds(self) -> str:
        """Names of the kinds of place in JSON, for <place-search>."""
        return json.dumps({kind.value: str(kind.label) for kind in NamedPlace.Kind}, ensure_ascii=False)

    @cached_property
    def notices_url(self) -> str:
        return _reverse("cases:notices") if self.actor else ""

    @cached_property
    def notices(self) -> int:
        return self._newest[1].get("unread", 0) if self.actor else 0


@lru_cache(maxsize=500)
def _beside(sight: Sight) -> Beside:
    return Beside.facts(rings=anything_rings(), unread=UnreadCount(sight))


def _reverse(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def shell(request: HttpRequest) -> dict[str, Shell]:
    return {"shell": Shell(request)}
