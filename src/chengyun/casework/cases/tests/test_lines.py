"""Lines of lists and queues: one template, rendered once, filled for each case."""

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from chengyun.casework.cases.models import Case
from chengyun.casework.cases.templatetags.case_lines import HOLES

NASTY = "<b>{number}</b> & {0} %s"


@pytest.fixture
def desk(client, county):
    client.force_login(county.users["receiver"], backend="django.contrib.auth.backends.ModelBackend")
    return lambda page: client.get(reverse(page)).content.decode()


@pytest.mark.parametrize("page", ["cases:queue", "cases:list"])
def test_words_are_escaped_and_braces_are_only_words(desk, county, page):
    case = county.report()
    Case.objects.filter(pk=case.pk).update(title=NASTY, address=NASTY)
    shown = desk(page)
    assert shown.count("&lt;b&gt;{number}&lt;/b&gt; &amp; {0} %s") == 2
    assert "<b>" not in shown


def test_a_line_says_what_its_case_says(desk, county):
    plain, urgent = county.report(), county.report()
    Case.objects.filter(pk=urgent.pk).update(is_urgent=True, unseen_supplements=1, address="")
    lines = {part.partition('"')[0]: part for part in desk("cases:queue").split('data-case="')[1:]}
    assert "紧急" in lines[urgent.number] and "有补充" in lines[urgent.number] and "地点待补" in lines[urgent.number]
    assert "紧急" not in lines[plain.number] and "有补充" not in lines[plain.number]
    assert f'href="{plain.get_absolute_url()}"' in desk("cases:queue")


def test_a_line_speaks_the_language_of_its_reader(desk, county, client):
    case = county.report()
    assert f'aria-label="选择 {case.number}"' in desk("cases:list")
    client.cookies["language"] = "en"
    assert f'aria-label="Choose {case.number}"' in desk("cases:list")


@pytest.mark.parametrize("line", ["cases/_list_line.html", "cases/_queue_line.html"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_template_of_a_line_holds_no_braces_but_its_holes(line, language):
    with translation.override(language):
        pattern = render_to_string(line, dict.fromkeys(HOLES, ""))
    assert "{" not in pattern and "}" not in pattern
