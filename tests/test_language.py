"""The interface in two languages: every Chinese string is marked, and every marked string has its English."""

import re
from pathlib import Path

import pytest

from scripts import messages

PLACEHOLDERS = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
TRANSLATED_BLOCKS = re.compile(r"\{%\s*blocktrans(late)?\b.*?\{%\s*endblocktrans(late)?\s*%\}", re.DOTALL)
TAGS_AND_COMMENTS = re.compile(
    r"\{%\s*comment.*?endcomment\s*%\}|\{#.*?#\}|<!--.*?-->|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL
)
# A language is named in itself; and the page of styles is for those who build pages, shown in debugging only.
OWN_NAME = re.compile(r'lang="zh-hans">\s*中文')
TEMPLATES = sorted(file for file in messages.PACKAGE.glob("**/templates/**/*.html") if file.name != "style.html")


def forms(value) -> list[str]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def test_every_string_has_its_english():
    assert [message.id for message in messages.untranslated(messages.updated())] == []


def test_english_fills_the_same_placeholders():
    def differing(message) -> bool:
        wanted = set(PLACEHOLDERS.findall(forms(message.id)[-1]))
        return any(set(PLACEHOLDERS.findall(form)) != wanted for form in forms(message.string))

    assert [message.id for message in messages.english() if message.id and differing(message)] == []


def test_the_english_catalogue_holds_no_string_that_nobody_says():
    said = {(message.id, message.context) for message in messages.template_catalogue() if message.id}
    kept = {(message.id, message.context) for message in messages.english() if message.id}
    assert kept - said == set()


def test_the_compiled_catalogue_is_current():
    assert messages.MO.read_bytes() == messages.as_mo(messages.english())


def test_english_is_served(settings):
    from django.utils import translation

    message = next(message for message in messages.english() if message.id and isinstance(message.id, str))
    with translation.override("en"):
        assert translation.gettext(message.id) == message.string


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda file: file.relative_to(messages.PACKAGE).as_posix())
def test_a_template_marks_its_chinese(template: Path):
    text = TAGS_AND_COMMENTS.sub(" ", TRANSLATED_BLOCKS.sub(" ", template.read_text(encoding="utf-8")))
    text = OWN_NAME.sub(" ", text)
    assert [line.strip() for line in text.splitlines() if CHINESE.search(line)] == []
