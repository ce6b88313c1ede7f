import datetime as dt
from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from chengyun.core import instants
from chengyun.core.worktime.units import Unit
from chengyun.ui.templatetags import ui_tags

THIS_YEAR = dt.datetime(2026, 11, 22, 6, 5, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def a_day_in_2026():
    with instants.at(dt.datetime(2026, 11, 23, tzinfo=dt.UTC)):
        yield


def test_a_moment_of_this_year_hides_the_year():
    assert ui_tags.local_time(THIS_YEAR) == "11-22 14:05"


def test_a_moment_of_another_year_shows_it_in_shanghai_time():
    assert ui_tags.local_time(dt.datetime(2025, 12, 31, 16, 30, tzinfo=dt.UTC)) == "01-01 00:30"
    assert ui_tags.local_time(dt.datetime(2025, 12, 31, 15, 30, tzinfo=dt.UTC)) == "2025-12-31 23:30"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "不到 1 分"),
        (59, "不到 1 分"),
        (1500, "25 分"),
        (12000, "3 小时 20 分"),
        (93600, "1 天 2 小时"),
        (86400, "1 天"),
    ],
)
def test_a_duration_has_two_parts_at_most(seconds, words):
    assert ui_tags.duration(seconds) == words


@pytest.mark.parametrize(
    ("amount", "unit", "words"),
    [
        (Decimal("3.3334"), Unit.WORKING_HOUR, "剩 3 小时 20 分"),
        (Decimal("26"), Unit.WORKING_HOUR, "剩 26 小时"),
        (Decimal("-26"), Unit.URGENT_HOUR, "超 1 天 2 小时"),
        (Decimal("1.5"), Unit.WORKING_DAY, "剩 1 天 4 小时"),
        (Decimal("-2"), Unit.STATUTORY_DAY, "超 2 天"),
    ],
)
def test_remaining_time_reads_in_the_limits_own_unit(amount, unit, words):
    assert ui_tags.remaining_text(amount, unit) == words


def test_a_limit_names_its_unit():
    assert ui_tags.limit(Decimal("2.00"), Unit.WORKING_HOUR) == "2 工作时"


def test_figures_are_grouped_thinly_and_long_counts_stop():
    assert ui_tags.grouped(1234567) == "1\u202f234\u202f567"
    assert ui_tags.counted(10000) == "10\u202f000+"


def test_every_lamp_has_its_own_shape_and_name():
    shown = Template("{% load ui_tags %}{% lamp 'red' %}").render(Context())
    assert "lamp-red" in shown and "超时" in shown and "shape-red" in shown


def test_a_paused_clock_does_not_tick():
    shown = Template("{% load ui_tags %}{% remaining 'grey' 2 'working_hour' ticks=True %}").render(Context())
    assert "data-ticks" not in shown


class Sample(forms.Form):
    hours = forms.IntegerField(
        label="时限", help_text="大于 0", min_value=1, widget=forms.NumberInput(attrs={"data-unit": "小时"})
    )


def field(form):
    return Template('{% include "ui/_field.html" with field=form.hours %}').render(Context({"form": form}))


def test_a_field_shows_its_rule_and_unit_before_any_mistake():
    shown = field(Sample())
    assert 'id="id_hours_rule">大于 0' in shown
    assert '<span class="unit">小时</span>' in shown
    assert "aria-invalid" not in shown


def test_a_faulty_field_is_tied_to_its_fault():
    with translation.override("zh-hans"):
        shown = field(Sample({"hours": "0"}))
    assert 'aria-describedby="id_hours_rule id_hours_fault"' in shown
    assert 'aria-invalid="true"' in shown
    assert 'id="id_hours_fault"' in shown
