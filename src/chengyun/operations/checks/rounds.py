"""Which checks there are, and the order of asking: without a database nothing that needs one is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _

from chengyun.operations.checks import database, keeping, machine, safety, work
from chengyun.operations.checks.finding import Finding, Level, fault

Check = Callable[[], Iterator[Finding]]
ALWAYS: tuple[Check, ...] = (
    machine.python,
    machine.disk,
    machine.data_directory,
    machine.fonts,
    machine.libreoffice,
    machine.web,
    safety.secrets,
    safety.permissions,
    safety.certificates,
    safety.proxies,
    keeping.backups,
    keeping.logs,
)
WITH_DATABASE: tuple[Check, ...] = (database.version, database.durability, database.encoding, database.migrations)
WITH_TABLES: tuple[Check, ...] = (
    database.contents,
    machine.clock,
    work.worker,
    work.outbox,
    work.failures,
    work.seals,
)


def examine() -> Iterator[Finding]:
    for check in ALWAYS:
        yield from _done(check)
    reached = list(_done(database.reachable))
    yield from reached
    if any(found.level == Level.FAULT for found in reached):
        return
    pending = False
    for check in WITH_DATABASE:
        for found in _done(check):
            pending = pending or (found.code == "migrations" and found.level == Level.FAULT)
            yield found
    for check in () if pending else WITH_TABLES:
        yield from _done(check)


def _done(check: Check) -> Iterator[Finding]:
    """A check that breaks is a finding as well: the doctor finishes the round."""
    try:
        yield from check()
    except Exception as error:
        said = _("检查“%(name)s”没有做完：%(kind)s。") % {"name": check.__name__, "kind": type(error).__name__}
        yield fault(check.__name__, said, _("请看日志，或带上 chengyun doctor --json 的结果联系维护人员。"))
