from __future__ import annotations

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from chengyun.core.errors import UserError
from chengyun.people.access import SYSTEM
from chengyun.regions.services.place_files import KINDS, PlacesOutcome, derive_roads, import_places


class Command(BaseCommand):
    help = "导入地名：门牌、小区、道路、标志物（Excel、CSV、GeoJSON）；再次导入只补缺的"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="文件；表格至少有名称、经度、纬度三列，可有类别、代码、地址")
        parser.add_argument("--system", default="wgs84", help="坐标系：wgs84、gcj02、bd09、cgcs2000-zoned 或 epsg:45xx")
        parser.add_argument("--kind", default="", choices=["", *KINDS], help="没有类别一列时，全部算作这一类")
        parser.add_argument("--roads", action="store_true", help="导入后由门牌推出还没有的道路")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        try:
            outcome = import_places(file.read_bytes(), by=SYSTEM, system=options["system"], kind=options["kind"])
        except OSError as error:
            raise CommandError(_("读不到文件 %(file)s。") % {"file": file}) from error
        except UserError as error:
            raise CommandError(str(error)) from error
        roads = derive_roads(by=SYSTEM) if options["roads"] else 0
        self._tell(file, outcome, roads)

    def _tell(self, file: Path, outcome: PlacesOutcome, roads: int) -> None:
        if outcome.refused:
            beside = file.with_name(f"{file.stem}.refused.csv")
            with beside.open("w", encoding="utf-8-sig", newline="") as out:
                csv.writer(out).writerows([(_("行"), _("原因")), *outcome.refused])
            self.stdout.write(_("拒收的行和原因写在 %(file)s。") % {"file": beside})
        words = _("新增 %(added)s 处，已有 %(known)s 处，拒收 %(refused)s 行，推出道路 %(roads)s 条。")
        told = {"added": outcome.added, "known": outcome.known, "refused": len(outcome.refused), "roads": roads}
        self.stdout.write(words % told)
