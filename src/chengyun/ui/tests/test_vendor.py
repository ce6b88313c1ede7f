import hashlib
import json
from pathlib import Path

import pytest

VENDOR = Path(__file__).resolve().parent.parent / "static/vendor"
PACKAGES = json.loads((VENDOR / "vendor.lock").read_text())["packages"]
FILES = [entry for package in PACKAGES for entry in package["files"]]


@pytest.mark.parametrize("entry", FILES, ids=lambda entry: entry["file"])
def test_a_vendored_file_is_the_one_that_the_lock_names(entry):
    assert hashlib.sha256((VENDOR / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]


def test_no_vendored_file_is_outside_the_lock():
    present = {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file()}
    assert present - {"vendor.lock"} == {entry["file"] for entry in FILES}


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package["name"])
def test_a_package_comes_with_its_licence_text(package):
    assert any(Path(entry["file"]).name.startswith("LICENSE") for entry in package["files"])


def test_the_sprite_draws_every_icon_of_the_lock():
    sprite = (VENDOR / "tabler/icons.svg").read_text()
    icons = next(package["icons"] for package in PACKAGES if "icons" in package)
    assert [icon for icon in icons if f'<symbol id="{icon}" ' not in sprite] == []
