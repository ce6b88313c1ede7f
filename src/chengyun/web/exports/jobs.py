from __future__ import annotations

from chengyun.core.jobs import every, job
from chengyun.web.exports import services
from chengyun.web.exports.models import ExportRun


@job(tries=3)
def make_export(pk: int) -> None:
    """May run twice: the file is written anew."""
    run = ExportRun.objects.select_related("by").filter(pk=pk).exclude(state=ExportRun.State.READY).first()
    if run:
        services.make(run)


@every(seconds=3600)
def forget_old_exports() -> None:
    services.forget_old()
