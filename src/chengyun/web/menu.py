"""The menu of one person. Modules declare their entries; this file only chooses and orders them.

Order 0–499 stands in the bar itself (the daily work), from 500 on in the drop-down 台账 (registers), where the declared
registers stand too, by their groups.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils.translation import gettext as _

from chengyun.core.declarations import MenuEntry, Text, collect
from chengyun.people.access import Actor
from chengyun.people.registers.declaration import open_to

REGISTERS_FROM = 500


@dataclass(frozen=True)
class Item:
    title: Text
    url: str
    icon: str
    order: int
    is_current: bool = False
    group: Text = ""
    key: str = ""

    @property
    def is_register(self) -> bool:
        return self.order >= REGISTERS_FROM


def menu_for(actor: Actor, path: str) -> list[Item]:
    """The entries this person may open, the one that `path` lies in marked as current.

    What stands in the bar for some and in the drop-down for others is declared twice and shown once, where it comes
    first.
    """
    prefix = get_script_prefix()
    entries = [entry for entry in collect(MenuEntry) if _is_open(entry, actor)]
    found = [
        Item(each.title, url, each.icon, each.order, group=each.group, key=each.key)
        for each in entries
        if (url := _address(each.url_name, prefix))
    ]
    found += [Item(each.title, each.url, each.icon, each.order, group=each.group) for each in open_to(actor)]
    current = max((item.url for item in found if path.startswith(item.url)), key=len, default="")
    marked = [replace(item, is_current=item.url == current) for item in found]
    once = {item.url: item for item in sorted(marked, key=lambda item: -item.order)}
    return sorted(once.values(), key=lambda item: item.order)


def _is_open(entry: MenuEntry, actor: Actor) -> bool:
    has = actor.for_county if entry.for_county else actor.has
    return not entry.roles or has(*entry.roles)


def grouped(items: Iterable[Item]) -> list[tuple[str, list[Item]]]:
    """Registers under their headings, the headings in the order of their first entry."""
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(str(item.group or _("其他")), []).append(item)
    return list(groups.items())


@lru_cache(maxsize=200)
def _address(name: str, prefix: str) -> str:
    """Blank while the module's address is not hung up: the entry is then left out rather than every page broken."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
