"""`chengyun token create | revoke | list`: keys of other programs to the API."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from chengyun.core.errors import UserError
from chengyun.core.instants import SHANGHAI
from chengyun.people import tokens
from chengyun.people.access import SYSTEM
from chengyun.people.models import ApiToken, Scope


class Command(BaseCommand):
    help = "接口令牌：新建（只显示一次）、撤销、列出"

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        creating = actions.add_parser("create", help="新建令牌，印出一次")
        creating.add_argument("username", help="以谁的身份调用：登录名")
        creating.add_argument("--name", required=True, help="用途，如“12345 热线对接”")
        creating.add_argument("--scope", action="append", default=[], help="权限，可重复写", choices=Scope.values)
        creating.add_argument("--days", type=int, default=365, help="有效天数")
        revoking = actions.add_parser("revoke", help="撤销令牌，立即失效")
        revoking.add_argument("id", type=int)
        actions.add_parser("list", help="列出令牌")

    def handle(self, *args: Any, **options: Any) -> None:
        action = {"create": self.create, "revoke": self.revoke, "list": self.list}[options["action"]]
        try:
            action(options)
        except UserError as error:
            raise CommandError(str(error)) from error

    def create(self, options: dict[str, Any]) -> None:
        token, secret = tokens.create_token(
            options["username"], by=SYSTEM, name=options["name"], scopes=options["scope"], days=options["days"]
        )
        self.stderr.write(_("令牌 %(id)d 已建立，下面一行只显示这一次，请妥善保存。") % {"id": token.pk})
        self.stdout.write(secret)

    def revoke(self, options: dict[str, Any]) -> None:
        token = tokens.revoke_token(options["id"], by=SYSTEM)
        self.stdout.write(_("令牌“%s”已撤销。") % token.name)

    def list(self, options: dict[str, Any]) -> None:
        for token in ApiToken.objects.select_related("user", "allowance"):
            until = f"{token.expires_at.astimezone(SHANGHAI):%Y-%m-%d}"
            state = until if tokens.is_alive(token) else _("已失效")
            self.stdout.write(f"{token.pk}\t{token.user.username}\t{token.name}\t{' '.join(token.scopes)}\t{state}")
