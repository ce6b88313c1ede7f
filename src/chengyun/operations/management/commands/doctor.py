"""`chengyun doctor`: what is wrong with this installation, and how to mend it."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from chengyun.operations.checks import Finding, Level, examine

MARKS = {Level.OK: "✓", Level.WARNING: "!", Level.FAULT: "✗"}


class Command(BaseCommand):
    help = "检查安装：哪里不对，怎样修好"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="机器可读")
        parser.add_argument("--strict", action="store_true", help="提醒也算不通过")

    def handle(self, **options: Any) -> None:
        found = list(examine())
        if options["json"]:
            self.stdout.write(json.dumps([each.as_json() for each in found], ensure_ascii=False, indent=1))
        else:
            self.show(found)
        grave = {Level.FAULT, Level.WARNING} if options["strict"] else {Level.FAULT}
        if any(each.level in grave for each in found):
            sys.exit(1)

    def show(self, found: list[Finding]) -> None:
        for each in found:
            self.stdout.write(f"{MARKS[each.level]} {each.said}")
            if each.remedy:
                self.stdout.write(f"  → {each.remedy}")
        counts = {level.value: sum(each.level == level for each in found) for level in Level}
        self.stdout.write(_("正常 %(ok)d 项，提醒 %(warning)d 项，故障 %(fault)d 项。") % counts)
