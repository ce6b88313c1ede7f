"""Long lists are drawn without a template for each choice, and look as Django draws them."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from chengyun.ui.form_renderer import Renderer

CHOICES = [
    ("", gettext_lazy("请选择")),
    ("绿化 <公园>", [(7, "07010 井盖 & 雨篦"), ("\"quoted'", mark_safe("<b>安全</b>"))]),
    (mark_safe("<i>组</i>"), [(None, "无"), (True, "是")]),
    (12, "单独"),
]


@pytest.mark.parametrize("attrs", [{}, {"id": "id_a", "required": True, "disabled": False, "data-x": 'a"<'}])
@pytest.mark.parametrize("chosen", [None, 7, "\"quoted'", ["7", 12]])
@pytest.mark.parametrize("kind", [forms.Select, forms.SelectMultiple])
def test_a_list_looks_as_django_draws_it(kind, chosen, attrs):
    widget = kind(choices=CHOICES)
    ours, djangos = (widget.render("a<b", chosen, attrs, renderer=each()) for each in (Renderer, DjangoTemplates))
    assert ours == djangos


def test_the_product_draws_its_forms_so():
    assert isinstance(forms.Form().renderer, Renderer)
