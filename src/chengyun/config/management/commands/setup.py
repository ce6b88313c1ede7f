"""`chengyun setup`: prepare an empty installation; running it again only brings it up to date."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from chengyun.casework.phrases.services import load_shipped
from chengyun.config import statics
from chengyun.config.installation import first_administrator
from chengyun.core import calendars
from chengyun.people.access import SYSTEM


class Command(BaseCommand):
    help = "准备一个空的安装：数据库结构、国家分类目录、工作日历、首个管理员；可以重复运行"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--without-administrator", action="store_true", help="不创建首个管理员（演示县自带帐号）")

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        self.stdout.write(_("数据库结构已是最新。"))
        call_command("load_catalogues")
        if count := load_shipped(by=SYSTEM):
            self.stdout.write(_("已装入 %(count)d 条惯用语。") % {"count": count})
        if calendar := calendars.prepare(SYSTEM):
            self.stdout.write(_("工作日历已更新为第 %(version)d 版。") % {"version": calendar.version})
        if statics.collect():
            self.stdout.write(_("静态文件已整理。"))
        if not options["without_administrator"]:
            self.announce_administrator()

    def announce_administrator(self) -> None:
        created = first_administrator()
        if created is None:
            self.stdout.write(_("已有帐号，未创建管理员。"))
            return
        self.stdout.write(_("首个管理员帐号：%(username)s") % {"username": created.username})
        self.stdout.write(_("初始口令（只显示这一次，首次登录须修改）：%(password)s") % {"password": created.password})
