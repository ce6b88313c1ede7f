"""`chengyun demo` as it is typed."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from chengyun.core import events
from chengyun.demo import building, organisation, small
from chengyun.demo.management.commands.demo import forget_facts
from chengyun.demo.models import DemoStep
from chengyun.insight.facts import store
from chengyun.people.models import User

pytestmark = pytest.mark.django_db


def said(*arguments) -> str:
    out = io.StringIO()
    call_command("demo", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def quick(monkeypatch, settings, tmp_path):
    """One part only, which makes the small county."""
    settings.DATA_DIR = tmp_path

    def whole(build):
        small.build()
        return "小县"

    monkeypatch.setattr(building, "PARTS", [("county", "小县", whole)])


def test_it_names_each_part_with_its_seconds(quick):
    assert said().startswith("1/1 小县：小县（")


def test_the_second_run_only_looks(quick):
    said()
    before = User.objects.count()
    assert said() == "1/1 小县：已建立\n"
    assert User.objects.count() == before


def test_it_prints_an_account_per_role(quick):
    said()
    printed = said("--accounts")
    assert organisation.PASSWORD in printed
    assert all(team.stem in printed for team in organisation.CENTRE_TEAMS)


def test_afterwards_the_facts_are_told(quick):
    said()
    assert store.manifest().cursor == events.newest()


def test_facts_of_an_emptied_county_count_no_more(quick):
    said()
    forget_facts()
    assert store.manifest() is None


def test_it_refuses_to_mix_with_real_accounts(quick):
    User.objects.create(username="real", name="真")
    with pytest.raises(CommandError, match="已有真实帐号"):
        said()
    assert not DemoStep.objects.exists()


def test_it_never_empties_a_real_installation(quick):
    User.objects.create(username="real", name="真")
    with pytest.raises(CommandError, match="已有真实帐号"):
        said("--reset")
    assert User.objects.filter(username="real").exists()


def test_without_a_demo_there_are_no_accounts_to_show():
    with pytest.raises(CommandError, match="还没有演示县"):
        said("--accounts")
