"""`chengyun demo`: a believable county with its year, to look at and to try. Running it again changes nothing."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from chengyun.core import instants
from chengyun.demo import building, judged, live, organisation
from chengyun.demo.models import DemoStep
from chengyun.insight import extra
from chengyun.people.models import Appointment, User


class Command(BaseCommand):
    help = "建立演示县（虚构的云泽县）：区划、机构、人员、权责清单和上一年到今天的案件；可以重复运行"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reset", action="store_true", help="清空本安装的全部数据，重新建立演示县")
        parser.add_argument("--accounts", action="store_true", help="只显示演示帐号")
        alive = parser.add_mutually_exclusive_group()
        alive.add_argument("--alive", action="store_true", help="此后由后台进程不时产生新的上报")
        alive.add_argument("--still", action="store_true", help="停止产生新的上报")
        parser.add_argument("--scale", choices=list(building.SCALES), default="full", help="规模：full 或 small")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["accounts"]:
            self.show_accounts()
            return
        if options["reset"]:
            self.reset()
        self.refuse_real_installation()
        for progress in building.build(building.SCALES[options["scale"]]):
            self.stdout.write(line_of(progress))
        tell_facts()
        self.judge()
        if options["alive"]:
            live.wake()
        if options["still"]:
            live.rest()

    def judge(self) -> None:
        """From the facts, which only now stand in their files."""
        if DemoStep.objects.filter(name=building.LAST).exists():
            published, drafted = judged.tell(instants.now())
            if published or drafted:
                self.stdout.write(f"发布评价 {published} 份，编写报表 {drafted} 份")

    def reset(self) -> None:
        """Only what the demo itself has filled is ever emptied."""
        self.refuse_real_installation()
        call_command("flush", interactive=False, verbosity=0)
        forget_facts()
        call_command("setup", "--without-administrator", stdout=self.stdout)
        self.stdout.write(_("已清空。"))

    def refuse_real_installation(self) -> None:
        if User.objects.exists() and not DemoStep.objects.exists():
            raise CommandError(_("这里已有真实帐号，不能建立演示县；请用 CHENGYUN_DATA 指定另一个数据目录。"))

    def show_accounts(self) -> None:
        users = {user.username: user for user in User.objects.filter(username__in=organisation.SHOWN_LOGINS)}
        if not users:
            raise CommandError(_("还没有演示县，请先运行 chengyun demo。"))
        self.stdout.write(_("演示帐号，口令都是 %(password)s：") % {"password": organisation.PASSWORD})
        held = Appointment.objects.filter(user__in=users.values()).select_related("user", "post__department")
        posts = {each.user.username: each.post for each in held}
        for login in (each for each in organisation.SHOWN_LOGINS if each in users):
            post = posts[login]
            self.stdout.write(f"  {login:<10} {post.department.short_name} {post.name} {users[login].name}")


def tell_facts() -> None:
    """So that the first page of figures does not read a whole year from the database."""
    if extra.is_installed():
        from chengyun.insight.facts import feed

        feed.advance(everything=True)


def forget_facts() -> None:
    """The emptied outbox counts from the same numbers again."""
    if extra.is_installed():
        from chengyun.insight.facts import store

        store.forget()


def line_of(progress: building.Progress) -> str:
    head = f"{progress.number}/{progress.of} {progress.title}"
    if progress.was_there:
        return _("%(head)s：已建立") % {"head": head}
    return f"{head}：{progress.result}（{progress.seconds:.1f} s）"
