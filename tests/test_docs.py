"""The documentation names everything that there is, and nothing that there is not."""

import re
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import pytest
from django.core.management import get_commands

from chengyun.casework.cases.workflow import STEPS
from chengyun.core import declarations
from scripts import docs

ROOT = Path(__file__).resolve().parent.parent
VARIABLE = re.compile(r"\bCHENGYUN_[A-Z_]*[A-Z]\b")
READS_VARIABLES = ("src/**/*.py", "tests/**/*.py", "benchmarks/*.py", "conftest.py", "dev", ".ci/run")
MADE_UP_IN_TESTS = "/tests/"
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "src").rglob("README.md")])


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def variables_in_use() -> set[str]:
    files = [file for place in READS_VARIABLES for file in ROOT.glob(place) if MADE_UP_IN_TESTS not in f"/{file}"]
    return {name for file in files for name in VARIABLE.findall(file.read_text(encoding="utf-8"))}


def test_every_variable_is_documented_and_no_other():
    assert set(VARIABLE.findall(text("docs/settings.md"))) == variables_in_use() | {"CHENGYUN_CI"}


def spoken(command):
    """`load_county_catalogue` is typed as `load county-catalogue`."""
    return command.replace("_", " ").replace("-", " ")


def test_every_command_is_documented():
    ours = {name for name, app in get_commands().items() if str(app).startswith("chengyun.")}
    documented = set(re.findall(r"^## `chengyun ([a-z_ -]+?)(?: [A-Z\[].*)?`", text("docs/commands.md"), re.MULTILINE))
    assert {spoken(name) for name in ours} == {spoken(name) for name in documented}


def test_every_workshop_verb_is_documented():
    loader = SourceFileLoader("dev", str(ROOT / "dev"))
    dev = module_from_spec(spec_from_loader("dev", loader))
    loader.exec_module(dev)
    verbs = next(action for action in dev.parser()._actions if action.dest == "verb").choices
    assert set(re.findall(r"^## `\./dev (\w+)", text("docs/commands.md"), re.MULTILINE)) == set(verbs)


def test_every_setting_of_a_county_is_documented():
    documented = text("docs/settings.md")
    keys = [each.key for each in declarations.collect(declarations.SettingDeclaration)]
    assert [key for key in keys if f"`{key}`" not in documented] == []


def test_every_step_is_documented():
    documented = text("docs/workflow.md")
    assert [verb for verb in STEPS if f"`{verb}`" not in documented] == []


@pytest.mark.parametrize("block", docs.BLOCKS)
def test_what_the_code_knows_better_is_current(block):
    assert docs.written(block) == docs.expected(block), "run: python scripts/docs.py"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page):
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []
