"""`chengyun audit verify | seal | export FILE`: look after the history (docs: core/README.md)."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from chengyun.core import files, history


class Command(BaseCommand):
    help = "Verify, seal or export the history of everything."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verify = verbs.add_parser("verify", help="walk all history and name what is wrong; exit code 1 if anything is")
        verify.add_argument("--against", type=Path, metavar="FILE", help="seals exported before and kept elsewhere")
        verify.add_argument("--files", action="store_true", help="also read every uploaded file and compare its hash")
        seal = verbs.add_parser("seal", help="seal what has happened since the last seal")
        seal.add_argument("--all", action="store_true", help="look at every chain, not only at new rows")
        export = verbs.add_parser("export", help="write all seals to a file, to be kept off this machine")
        export.add_argument("file", type=Path)

    def handle(self, *, verb: str, **options: Any) -> None:
        if verb == "verify":
            self.verify(options["against"], read_files=options["files"])
        elif verb == "seal":
            count = history.seal(everything=options["all"])
            self.stdout.write(_("已封存 %(count)d 条链。") % {"count": count})
        else:
            count = history.export_seals(options["file"])
            self.stdout.write(_("已导出 %(count)d 份封存记录：%(file)s") % {"count": count, "file": options["file"]})

    def verify(self, against: Path | None, *, read_files: bool) -> None:
        if against is not None and not against.is_file():
            raise CommandError(_("没有这个文件：%(file)s") % {"file": against})
        faults = history.verify(against=against)
        for fault in faults:
            self.stdout.write(str(fault))
        grave = sum(fault.is_grave for fault in faults)
        for file in files.damaged() if read_files else ():
            self.stdout.write(_("%(key)s：文件内容丢失或被改动") % {"key": file.key})
            grave += 1
        if grave:
            raise CommandError(_("发现 %(count)d 处异常，历史记录不可信。") % {"count": grave}, returncode=1)
        self.stdout.write(_("历史记录完好，提示 %(count)d 条。") % {"count": len(faults)})
