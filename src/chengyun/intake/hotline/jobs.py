from __future__ import annotations

from chengyun.core.jobs import every, job
from chengyun.intake.hotline.services import uploads


@job(tries=5)
def run_import(run_id: int) -> None:
    uploads.run_confirmed(run_id)


@every(seconds=3600)
def forget_unconfirmed_uploads() -> None:
    uploads.forget_unconfirmed()
