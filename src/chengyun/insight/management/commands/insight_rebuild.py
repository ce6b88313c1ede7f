"""`chengyun insight rebuild`: make the fact files anew from the database."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from chengyun.core.errors import UserError
from chengyun.insight import extra


class Command(BaseCommand):
    help = "Make the fact files under CHENGYUN_DATA/facts anew from the database."

    def handle(self, **options: Any) -> None:
        try:
            extra.require()
        except UserError as error:
            raise CommandError(str(error)) from error
        from chengyun.insight.facts import feed, store

        with store.alone() as mine:
            if not mine:
                raise CommandError(_("另一个进程正在写统计文件，请稍后再试。"))
            count = feed.rebuild_alone()
        self.stdout.write(_("已从数据库重建统计文件：%(count)d 件案件。") % {"count": count})
