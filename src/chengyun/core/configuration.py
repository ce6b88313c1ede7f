"""The county's own numbers and choices: declared by modules, kept per jurisdiction subtree, changed with history.

Each process keeps all values; at most every `RECHECK_S` seconds one indexed read asks whether another changed them.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from threading import Lock
from typing import Any, TypeVar

from django.db import connection, transaction
from django.utils.translation import gettext as _

from chengyun.core.declarations import Json, SettingDeclaration, collect
from chengyun.core.errors import NotFound
from chengyun.core.history.recording import record, records
from chengyun.core.models import Record, Setting, SettingsStamp
from chengyun.core.who import Doer

RECHECK_S = 2.0

Values = Mapping[tuple[str, str], Any]
Made = TypeVar("Made")


@dataclass(frozen=True)
class _Known:
    stamp: str
    values: Values
    made: dict[tuple[Callable[[str], Any], str], Any] = field(default_factory=dict)
    checked_at: float = field(default_factory=time.monotonic)


_declared: dict[str, SettingDeclaration] = {}
_known: _Known | None = None
_lock = Lock()


def declare(declaration: SettingDeclaration) -> SettingDeclaration:
    _declared[declaration.key] = declaration
    return declaration


def declarations() -> dict[str, SettingDeclaration]:
    return _of_modules() | _declared


@cache
def _of_modules() -> dict[str, SettingDeclaration]:
    return {each.key: each for each in collect(SettingDeclaration)}


def value(key: str, region_code: str = "") -> Any:
    """The value for a place: its own, else the nearest larger region's, else the installation's, else the default."""
    values = _values()
    for length in range(len(region_code), -1, -1):
        if (key, region_code[:length]) in values:
            return values[key, region_code[:length]]
    return _declaration(key).default


def made(make: Callable[[str], Made], region_code: str = "") -> Made:
    """What `make` reads from the settings of a place, made once and again when one of them has changed."""
    known = _current()
    if known is None:
        return make(region_code)
    wanted = make, region_code
    if wanted not in known.made:
        known.made[wanted] = make(region_code)
    found: Made = known.made[wanted]
    return found


def change(key: str, value: Json, region_code: str = "", *, by: Doer) -> None:
    """Set a value for a subtree; None goes back to what holds above."""
    declaration = _declaration(key)
    if value is not None:
        declaration.refuse_misfit(value)
    with transaction.atomic():
        # First the stamp: it is the lock that makes two changes wait for each other.
        SettingsStamp.objects.update_or_create(id=1, defaults={"stamp": uuid.uuid4().hex})
        before = Setting.objects.filter(key=key, region_code=region_code).first()
        _store(before, key, region_code, value)
        data = {"region_code": region_code, "before": before.value if before else None, "after": value}
        record(f"setting:{key}", "setting.changed", data, by=by)
        transaction.on_commit(_Publish())


def history(key: str) -> list[Record]:
    return records(f"setting:{key}")


def forget() -> None:
    """Read everything anew at the next question."""
    global _known
    with _lock:
        _known = None


class _Publish:
    def __call__(self) -> None:
        forget()


def _declaration(key: str) -> SettingDeclaration:
    declaration = _declared.get(key) or _of_modules().get(key)
    if declaration is None:
        raise NotFound(_("没有名为“%(key)s”的参数。") % {"key": key}, field="key")
    return declaration


def _values() -> Values:
    known = _current()
    return known.values if known else _read()


def _current() -> _Known | None:
    """What this process knows, looked after; None where our own transaction has changed something."""
    global _known
    if _changed_in_this_transaction():
        return None
    known = _known
    if known and time.monotonic() - known.checked_at < RECHECK_S:
        return known
    stamp = _stamp()
    if known and known.stamp == stamp:
        fresh = replace(known, checked_at=time.monotonic())
    else:
        fresh = _Known(stamp, _read())
    with _lock:
        _known = fresh
    return fresh


def _changed_in_this_transaction() -> bool:
    """Our own change is true for us before it commits, and never was if it rolls back; the shared cache waits."""
    return any(isinstance(each[1], _Publish) for each in connection.run_on_commit)


def _stamp() -> str:
    return SettingsStamp.objects.values_list("stamp", flat=True).first() or ""


def _read() -> Values:
    return {(key, region): value for key, region, value in Setting.objects.values_list("key", "region_code", "value")}


def _store(before: Setting | None, key: str, region_code: str, value: Json) -> None:
    if value is None:
        Setting.objects.filter(key=key, region_code=region_code).delete()
    else:
        Setting.objects.update_or_create(key=key, region_code=region_code, defaults={"value": value})
