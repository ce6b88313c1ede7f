import re
from pathlib import Path

import pytest
from django.template.loader import get_template

UI = Path(__file__).resolve().parent.parent
SHEETS = sorted((UI / "static/ui/css").glob("*.css"))
MODULES = sorted((UI / "static/ui").rglob("*.js"))
PACKAGE = UI.parent
TEMPLATES = sorted(PACKAGE.rglob("templates/**/*.html"))


def test_our_sheets_stay_small():
    assert sum(sheet.stat().st_size for sheet in SHEETS) < 84_000


@pytest.mark.parametrize("sheet", [sheet for sheet in SHEETS if sheet.name != "tokens.css"], ids=lambda path: path.name)
def test_only_the_tokens_name_the_meanings_colours(sheet):
    named = set(re.findall(r"--(?:on-time|near|over|paused|accent|ink|paper|ground)[a-z0-9-]*\s*:", sheet.read_text()))
    assert sheet.name == "print.css" or named == set()


def test_every_token_in_use_exists():
    tokens = {name for sheet in SHEETS for name in re.findall(r"(--[a-z0-9-]+)\s*:", sheet.read_text())}
    used = {name for path in [*SHEETS, *MODULES] for name in re.findall(r"[(\"](--[a-z0-9-]+)[)\"]", path.read_text())}
    assert used - tokens == set()


@pytest.mark.parametrize("path", [path for path in MODULES if path.parent.name == "map"], ids=lambda path: path.name)
def test_every_part_of_the_map_is_imported_by_a_module(path):
    modules = [*MODULES, *(UI.parent / "web/mapdesk/static").rglob("*.js")]
    assert any(f'/{path.name}"' in each.read_text() for each in modules if each != path)


@pytest.mark.parametrize(
    "path", [path for path in SHEETS + MODULES if path.parent.name != "map"], ids=lambda path: path.name
)
def test_every_sheet_and_module_is_loaded_by_the_shell_a_page_or_a_module(path):
    pages = "".join(template.read_text() for template in UI.parent.rglob("templates/**/*.html"))
    named = re.search(rf"static ['\"]{re.escape(path.relative_to(UI / 'static').as_posix())}['\"]", pages)
    imported = re.compile(rf"from ['\"][./]*/{re.escape(path.name)}['\"]")
    assert named or any(imported.search(each.read_text()) for each in MODULES)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_needs_inline_code_or_style(template):
    text = template.read_text()
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|javascript:|hx-on", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_every_template_parses(template):
    get_template(template.relative_to(next(p for p in template.parents if p.name == "templates")).as_posix())
