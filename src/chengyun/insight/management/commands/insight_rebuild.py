"""`chengyun insight rebuild`: make the fact files anew from the database."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from chengyun.core.errors import Conflict, UserError
from chengyun.insight import extra


class Command(BaseCommand):
    help = "Make the fact files under CHENGYUN_DATA/facts anew from the database."

    def handle(self, **options: Any) -> None:
        try:
            extra.require()
            count = _rebuilt()
        except UserError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_("已从数据库重建统计文件：%(count)d 件案件。") % {"count": count})


def _rebuilt() -> int:
    from chengyun.insight.facts import feed, store

    with store.alone() as mine:
        if not mine:
            raise Conflict(_("另一个进程正在写统计文件，请稍后再试。"))
        return feed.rebuild_alone()
