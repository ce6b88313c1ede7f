"""Figures need the extra `insight` (duckdb, pyarrow); the rest of the product does without."""

from __future__ import annotations

from importlib.util import find_spec

from django.utils.translation import gettext as _

from chengyun.core.errors import UserError

NEEDED = ("duckdb", "pyarrow")


def is_installed() -> bool:
    return all(find_spec(name) for name in NEEDED)


def require() -> None:
    """Raises UserError where the extra is not installed."""
    if not is_installed():
        raise UserError(_("没有安装统计组件，请安装 chengyun[insight] 后再试"))
