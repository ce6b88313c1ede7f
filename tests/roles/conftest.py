from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.roles.world import World, at_work, build

# The frame around every page (menu, duty, urgent line) is tested in `web`; here it would be most of the time.
FRAME = {"ui/base.html": "{% block content %}{% endblock %}"}


@pytest.fixture
def world(db: None, settings: Any, tmp_path: Path) -> Iterator[World]:
    settings.DATA_DIR = tmp_path
    settings.TEMPLATES = [_without_frame(engine) for engine in settings.TEMPLATES]
    made = build()
    with at_work():
        yield made


def _without_frame(engine: dict[str, Any]) -> dict[str, Any]:
    frame = ("django.template.loaders.locmem.Loader", FRAME)
    loaders = [("django.template.loaders.cached.Loader", [frame, "django.template.loaders.app_directories.Loader"])]
    return engine | {"APP_DIRS": False, "OPTIONS": engine["OPTIONS"] | {"loaders": loaders}}
