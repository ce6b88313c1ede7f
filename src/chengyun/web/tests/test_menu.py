import pytest

from chengyun.core.declarations import MenuEntry
from chengyun.people.access import Actor
from chengyun.people.roles import Role
from chengyun.web import menu

ENTRIES = [
    MenuEntry("首页", "web:home", 10, icon="home"),
    MenuEntry("密码", "web:password", 20, frozenset({Role.RECEIVER})),
    MenuEntry("名册", "web:login", 600),
    MenuEntry("还没有", "nothing:here", 30),
]


@pytest.fixture(autouse=True)
def declared(monkeypatch):
    monkeypatch.setattr(menu, "collect", lambda kind: ENTRIES)


def titles(items):
    return [item.title for item in items]


def test_an_entry_shows_to_its_roles_only():
    receiver = Actor(1, "甲", roles=frozenset({Role.RECEIVER}))
    assert "密码" in titles(menu.menu_for(receiver, "/"))
    assert "密码" not in titles(menu.menu_for(Actor(2, "乙"), "/"))


def test_an_entry_without_an_address_is_left_out():
    assert "还没有" not in titles(menu.menu_for(Actor(1, "甲"), "/"))


def test_the_longest_matching_address_is_current():
    items = menu.menu_for(Actor(1, "甲"), "/login")
    assert [item.title for item in items if item.is_current] == ["名册"]


def test_registers_stand_apart_from_daily_work():
    items = menu.menu_for(Actor(1, "甲"), "/")
    assert [item.title for item in items if item.is_register] == ["名册"]


def test_what_is_declared_twice_stands_once_where_it_comes_first(monkeypatch):
    twice = [*ENTRIES, MenuEntry("我的密码", "web:password", 610)]
    monkeypatch.setattr(menu, "collect", lambda kind: twice)
    receiver = Actor(1, "甲", roles=frozenset({Role.RECEIVER}))
    assert titles(menu.menu_for(receiver, "/")) == ["首页", "密码", "名册"]
    assert titles(menu.menu_for(Actor(2, "乙"), "/")) == ["首页", "名册", "我的密码"]
