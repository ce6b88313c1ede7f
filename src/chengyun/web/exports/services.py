"""Making exports: at once where the list is short, by a job where it is long; each leaves an audit record."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Mapping
from typing import IO, Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from chengyun.casework.cases.models import Notice
from chengyun.core import events, history
from chengyun.core.errors import NotAllowed, NotFound, UserError
from chengyun.core.exports import Export, export_named, write_workbook
from chengyun.core.instants import now
from chengyun.people.access import Actor, actor_for
from chengyun.web.exports.models import ExportRun

# Longer lists are made in the background: a worker thread is not held for them.
AT_ONCE = 5_000
KEEP = dt.timedelta(days=7)


def rows_for(export: Export, actor: Actor, params: Mapping[str, str]) -> QuerySet[Any]:
    if export.roles and not actor.has(*export.roles):
        raise NotAllowed(_("您的岗位不能导出“%s”；需要时请联系系统管理员") % export.title)
    return export.rows(actor, params)


def is_long(rows: QuerySet[Any]) -> bool:
    return rows.order_by().values("pk")[: AT_ONCE + 1].count() > AT_ONCE


def made_at_once(export: Export, actor: Actor, params: Mapping[str, str], rows: QuerySet[Any]) -> IO[bytes]:
    """The file, without a name on the disk: it is gone when it has been sent."""
    # The answer closes it.
    made = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115
    try:
        count = write_workbook(made, export, rows)
    except BaseException:
        made.close()
        raise
    note(export, actor, params, count)
    made.seek(0)
    return made


def note(export: Export, actor: Actor, params: Mapping[str, str], count: int) -> None:
    """Who took what out of the house: the filters, but not the words that somebody searched for."""
    filters = {name: "…" if name in export.private else value for name, value in params.items()}
    history.record(f"export:{export.key}", "list.exported", {"filters": filters, "rows": count}, by=actor)


def ask(export: Export, actor: Actor, params: Mapping[str, str], language: str) -> tuple[ExportRun, bool]:
    """The run for this list, and whether it is new: a second click gets the one that is being made."""
    mine = ExportRun.objects.filter(by_id=actor.user_id, key=export.key, state=ExportRun.State.WAITING)
    same = next((run for run in mine.order_by("-id")[:20] if run.params == dict(params)), None)
    if same:
        return same, False
    if actor.user_id is None:
        raise NotAllowed(_("请先登录，再导出"))
    run = ExportRun(by_id=actor.user_id, key=export.key, title=str(export.title), params=dict(params))
    run.language, run.asked_at = language, now()
    run.save(force_insert=True)
    return run, True


def make(run: ExportRun) -> None:
    """What the job does; what it raises is tried again. Access is asked again: a post may have been lost in between."""
    with translation.override(run.language):
        try:
            export, actor = export_named(run.key), actor_for(run.by)
            rows = rows_for(export, actor, run.params)
            run.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            run.rows = write_workbook(str(run.path), export, rows)
        except UserError as error:
            run.path.unlink(missing_ok=True)
            _finish(run, ExportRun.State.FAILED, str(error)[:200])
        except Exception:
            # Told at once; when a later try succeeds, the file is there all the same.
            run.path.unlink(missing_ok=True)
            _finish(run, ExportRun.State.FAILED, _("系统出错，没有生成；请再导出一次，仍不成功时告诉系统管理员"))
            raise
        else:
            run.size = run.path.stat().st_size
            with transaction.atomic():
                note(export, actor, run.params, run.rows)
                _finish(run, ExportRun.State.READY)


def _finish(run: ExportRun, state: str, fault: str = "") -> None:
    is_news = run.state != state
    run.state, run.fault, run.finished_at = state, fault, now()
    with transaction.atomic():
        run.save(update_fields=["state", "fault", "finished_at", "rows", "size"])
        if is_news:  # a job that fails is tried again, and need not be told twice
            _tell(run)


def _tell(run: ExportRun) -> None:
    """At the bell of whoever asked for it."""
    event = events.append("export.finished", f"export:{run.pk}", {"state": run.state})
    said = _("导出完成，可以下载：%s") if run.state == ExportRun.State.READY else _("导出没有生成：%s")
    Notice.objects.create(
        user_id=run.by_id, event_id=event.pk, at=event.at, kind=f"export_{run.state}", text=(said % run.title)[:200],
        url=reverse("exports:run", args=[run.pk]),
    )  # fmt: skip


def runs_of(actor: Actor) -> QuerySet[ExportRun]:
    return ExportRun.objects.filter(by_id=actor.user_id).order_by("-id")


def run_of(actor: Actor, pk: int) -> ExportRun:
    run = runs_of(actor).filter(pk=pk).first()
    if run is None:
        raise NotFound(_("没有这个导出文件：保存 7 天后自动删除，也可能是他人导出的"))
    return run


def forget_old() -> int:
    old = list(ExportRun.objects.filter(asked_at__lt=now() - KEEP)[:1000])
    for run in old:
        run.path.unlink(missing_ok=True)
    ExportRun.objects.filter(pk__in=[run.pk for run in old]).delete()
    return len(old)
