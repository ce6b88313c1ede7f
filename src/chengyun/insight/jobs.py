"""Timed work: the fact files follow what happens."""

from __future__ import annotations

from chengyun.core.jobs import every
from chengyun.insight import extra


@every(seconds=60, lease_s=600)
def write_facts() -> None:
    if extra.is_installed():
        from chengyun.insight.facts import feed

        feed.advance()
