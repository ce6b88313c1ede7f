"""Whoever does something, as far as this floor needs to know. `people.access.Actor` is one."""

from __future__ import annotations

from typing import Protocol


class Doer(Protocol):
    @property
    def user_id(self) -> int | None: ...

    @property
    def name(self) -> str: ...
