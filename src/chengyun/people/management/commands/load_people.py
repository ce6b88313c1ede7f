from __future__ import annotations

import csv
import os
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from chengyun.core.errors import UserError
from chengyun.people.access import SYSTEM
from chengyun.people.services.importing import Outcome, import_people
from chengyun.people.services.plan import Password


class Command(BaseCommand):
    help = "导入部门、人员、岗位、任职（Excel 工作簿，或一个放着同名 CSV 的目录）；有一行错误就什么也不改"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="工作簿（表：部门、人员、岗位、任职），或放着 部门.csv 等的目录")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        try:
            outcome = import_people(file, by=SYSTEM)
        except UserError as error:
            raise CommandError(str(error)) from error
        self._tell(outcome)
        if outcome.passwords:
            told = _write_passwords(file, outcome.passwords)
            self.stdout.write(_("初始密码写在 %(file)s，发放后请删除。") % {"file": told})

    def _tell(self, outcome: Outcome) -> None:
        for fault in outcome.faults:
            self.stderr.write(str(fault))
        if outcome.faults:
            raise CommandError(_("有 %(count)s 处错误，没有导入。") % {"count": len(outcome.faults)})
        for sheet, added in outcome.added.items():
            numbers = {"sheet": sheet, "added": added, "changed": outcome.changed[sheet]}
            self.stdout.write(_("%(sheet)s：新增 %(added)s，更新 %(changed)s") % numbers)


def _write_passwords(file: Path, passwords: Sequence[Password]) -> Path:
    """Readable by whoever runs the import, and by nobody else."""
    told = file.with_name(f"{file.stem}-初始密码.csv")
    with os.fdopen(os.open(told, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8-sig") as out:
        rows = csv.writer(out)
        rows.writerow(["登录名", "姓名", "初始密码"])
        rows.writerows([each.username, each.name, each.password] for each in passwords)
    return told
