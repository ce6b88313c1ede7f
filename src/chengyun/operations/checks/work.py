"""What goes on behind the pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext as _

from chengyun.core.instants import now
from chengyun.core.models import Event, HandlerFailure, Schedule, Seal
from chengyun.operations import work as works
from chengyun.operations.checks.finding import Finding, fault, ok, warning

LAG_S = 300
UNSEALED = dt.timedelta(hours=1)


def worker() -> Iterator[Finding]:
    silence = works.silence()
    remedy = _("请启动 chengyun worker（或 systemctl start chengyun-worker）。")
    if silence is None:
        yield fault("worker", _("后台进程从未运行。"), remedy)
    elif silence > works.SILENT_S:
        yield fault("worker", _("后台进程已 %(s)d 秒没有动静。") % {"s": silence}, remedy)
    else:
        yield ok("worker", _("后台进程在运行。"))
    if lost := works.expired_leases():
        said = _("有 %(count)d 个任务的执行者已消失，还没有人接手。") % {"count": lost}
        yield warning("leases", said, remedy)


def outbox() -> Iterator[Finding]:
    lags = works.lags()
    for lag in lags:
        values = {"name": lag.handler, "count": lag.waiting, "s": lag.seconds, "tries": lag.tries}
        if lag.tries:
            said = _("处理器 %(name)s 卡住了：同一事件已失败 %(tries)d 次，其后积压 %(count)d 个。") % values
            yield fault("outbox", said, _("请看日志中 handler 的错误；八次后它会跳过并记下该事件。"))
        elif lag.seconds > LAG_S:
            said = _("处理器 %(name)s 积压 %(count)d 个事件，最早的已等 %(s)d 秒。") % values
            yield warning("outbox", said, _("请确认后台进程在运行，必要时再开一个。"))
    if not any(lag.tries or lag.seconds > LAG_S for lag in lags):
        yield ok("outbox", _("事件都已送达。"))


def failures() -> Iterator[Finding]:
    left = HandlerFailure.objects.count()
    if left:
        said = _("有 %(count)d 个事件处理失败，已被跳过。") % {"count": left}
        yield warning("failed_events", said, _("请查看失败记录的错误，修复后重新处理。"))
    for row in Schedule.objects.exclude(error="").order_by("name"):
        last = row.error.strip().splitlines()[-1][:120]
        said = _("定时任务 %(name)s 上次失败：%(error)s。") % {"name": row.name, "error": last}
        yield warning("schedules", said, _("请看日志；原因消除后它会自己再做。"))
    failed = works.jobs().get("FAILED", 0)
    if failed:
        said = _("有 %(count)d 个后台任务失败。") % {"count": failed}
        yield warning("jobs", said, _("请看日志中 job 的错误，修复后重新发起。"))


def seals() -> Iterator[Finding]:
    """History that no seal covers for long can be cut off unnoticed."""
    newest = Event.objects.order_by("-id").values_list("at", flat=True).first()
    sealed = Seal.objects.order_by("-number").values_list("at_text", flat=True).first()
    if newest is None:
        return
    behind = newest - (dt.datetime.fromisoformat(sealed) if sealed else newest - UNSEALED * 2)
    if behind > UNSEALED and now() - newest > dt.timedelta(minutes=5):
        said = _("最近的历史记录没有封存。")
        yield warning("seals", said, _("请确认后台进程在运行，或运行 chengyun audit seal。"))
    else:
        yield ok("seals", _("历史记录按时封存。"))
