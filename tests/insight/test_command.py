"""`chengyun insight figure`."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.core.management import CommandError, call_command

from chengyun.casework.cases.services.steps import take_step
from chengyun.core import instants
from chengyun.demo import small
from chengyun.insight import extra
from chengyun.insight.facts import feed
from chengyun.people.models import Department, User
from chengyun.people.roles import Role
from tests.insight.stories import report

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def two_reports(facts_folder):
    with instants.at(dt.datetime(2026, 3, 2, 2, tzinfo=dt.UTC)):
        county = small.build()
        case = report(county)
        take_step(case.pk, "refuse", by=county.actor(Role.RECEIVER), version=1, reason="不属受理范围")
        report(county, "public")
    feed.rebuild()


def figure(capsys, *arguments):
    call_command("insight_figure", *arguments)
    return capsys.readouterr().out


def test_for_programs(capsys):
    told = json.loads(
        figure(capsys, "reported", "--from", "2026-03-01", "--to", "2026-03-02", "--by", "source", "--json")
    )
    assert (told["value"], told["unit"], told["from"], told["to"]) == (2, "件", "2026-03-01", "2026-03-02")
    assert [(group["key"], group["names"], group["value"]) for group in told["groups"]] == [
        (["hotline"], ["热线"], 1),
        (["public"], ["公众"], 1),
    ]


def test_for_people(capsys):
    assert (
        figure(capsys, "on_time_accept_rate", "--from", "2026-03-01", "--to", "2026-03-31")
        == "按时受理率 100 %（1/1）\n"
    )
    assert figure(capsys, "closing_rate", "--from", "2026-03-01", "--to", "2026-03-31") == "结案率 –\n"


def test_narrowed(capsys):
    where = ["--where", "source=hotline", "--where", "township=990126001"]
    assert figure(capsys, "reported", "--from", "2026-03-01", "--to", "2026-03-31", *where) == "上报数 1 件\n"


def test_narrowed_by_what_people_call_it(capsys):
    department, person = Department.objects.order_by("pk")[0], User.objects.order_by("pk")[0]
    for dimension, key, called in (
        ("department", department.pk, department.code),
        ("person", person.pk, person.username),
    ):
        told = [
            json.loads(figure(capsys, "filed", "--where", f"{dimension}={each}", "--json")) for each in (key, called)
        ]
        assert [each["where"] for each in told] == [{dimension: [key]}] * 2


def test_without_a_name_all_are_listed(capsys):
    assert "on_time_handling_rate" in figure(capsys)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["wetter"], "wetter"),
        (["filed", "--from", "1.3.2026"], "日期.*1.3.2026"),
        (["filed", "--from", "2026-03-02", "--to", "2026-03-01"], "早于"),
        (["filed", "--by", "wetter"], "wetter.*township"),
        (["filed", "--by", "source,kind,month"], "最多两个维度"),
        (["filed", "--where", "township"], "维度=值"),
        (["filed", "--where", "department=城管"], "部门.*城管"),
        (["filed", "--where", "source=hotlin"], "来源.*hotlin.*hotline"),
        (["filed", "--where", "weekday=8"], "星期.*8"),
    ],
)
def test_what_cannot_be_is_refused_by_name(arguments, said):
    with pytest.raises(CommandError, match=said):
        call_command("insight_figure", *arguments)


@pytest.mark.parametrize("command", [["insight_figure", "filed"], ["insight_rebuild"]])
def test_without_the_extra_it_says_what_is_missing(monkeypatch, command):
    monkeypatch.setattr(extra, "NEEDED", ("no_such_engine",))
    with pytest.raises(CommandError, match=r"chengyun\[insight\]"):
        call_command(*command)
