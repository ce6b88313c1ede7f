"""What the worker does in a demo county that was told to live on (`chengyun demo --alive`)."""

from __future__ import annotations

from random import Random

from chengyun.core.jobs import every
from chengyun.demo import live


@every(seconds=240)
def let_something_happen() -> None:
    if live.is_alive():
        live.perhaps_report(Random())
