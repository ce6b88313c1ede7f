"""The base map without a tile server: our own regions (see `regions`), and what the county left as files.

Roads (lines with `name` and `main`), water and buildings (areas) are GeoJSON under `map/` of the data directory; each
may be absent. The roads' address carries the file's time, so browsers keep the answer; a new file has a new address.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import condition, require_safe

NOTHING = b'{"type":"FeatureCollection","features":[]}'


def layers() -> dict[str, str]:
    """The addresses of the layers, for <city-map>."""
    return {
        "townships": reverse("regions:townships"),
        "cells": reverse("regions:cells"),
        "roads": reverse("web:roads", args=[_mark()]),
    }


@require_safe
@gzip_page
@cache_control(private=True, max_age=7 * 24 * 3600)
def roads(request: HttpRequest, mark: int) -> HttpResponse:
    file = roads_file()
    return HttpResponse(file.read_bytes() if file.exists() else NOTHING, content_type="application/geo+json")


def _etag(request: HttpRequest, name: str) -> str:
    return f'"{name}-{_mark(name)}"'


@require_safe
@gzip_page
@cache_control(private=True, no_cache=True)
@condition(etag_func=_etag)
def lines(request: HttpRequest, name: str) -> HttpResponse:
    """One of the files, asked for again only when it changed."""
    file = file_of(name)
    return HttpResponse(file.read_bytes() if file.exists() else NOTHING, content_type="application/geo+json")


def has(name: str) -> Callable[[], bool]:
    return lambda: file_of(name).exists()


def file_of(name: str) -> Path:
    return Path(settings.DATA_DIR) / "map" / f"{name}.geojson"


def roads_file() -> Path:
    """GeoJSON lines with `name`; optional."""
    return file_of("roads")


def _mark(name: str = "roads") -> int:
    file = file_of(name)
    return int(file.stat().st_mtime) if file.exists() else 0
