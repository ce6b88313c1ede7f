"""`chengyun insight evaluate KIND --period 2025 --json`: a result as it is now, measured like the pages'."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from chengyun.core.errors import UserError
from chengyun.core.instants import today
from chengyun.insight import extra
from chengyun.insight.evaluation import objects, spans
from chengyun.insight.evaluation.computing import Result, evaluate
from chengyun.insight.evaluation.telling import told
from chengyun.regions.models import Level, Region


class Command(BaseCommand):
    help = "Score and rank all objects of a kind as the facts are now; without a kind, list the kinds. Stores nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", nargs="?", help="area:township, department, post:receiver, …")
        parser.add_argument("--period", help="2025, 2025-Q3, 2025-07, 2025-W31 or 2025-07-14; default: last month")
        parser.add_argument("--region", default="", metavar="CODE", help="the county's code; default: everything")
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *, kind: str | None, period: str | None, region: str, **options: Any) -> None:
        if kind is None:
            for each in objects.KINDS.values():
                self.stdout.write(f"{each.key:16} {each.title}")
            return
        try:
            span = spans.read(period) if period else spans.latest_over("month", today())
            extra.require()
            _check_county(region)
            from chengyun.insight.facts import feed

            feed.catch_up()
            found = evaluate(kind, span, region_code=region)
        except UserError as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(told(found), ensure_ascii=False, indent=1))
        else:
            self._print(found)

    def _print(self, found: Result) -> None:
        self.stdout.write(f"{found.span.title} {found.kind.title} · {found.plan.name}")
        for group in found.groups:
            if group.group.name:
                self.stdout.write(str(group.group.name))
            for row in group.rows:
                place = row.rank if row.rank is not None else "–"
                total = row.total if row.total is not None else "–"
                self.stdout.write(f"  {place!s:>4}  {total!s:>6} {row.judgement.grade:2} {row.name}")


def _check_county(code: str) -> None:
    """Of a place that there is not, every object would stand there without a score."""
    counties = Region.objects.filter(version__is_active=True, level=Level.COUNTY)
    if code and not counties.filter(code__startswith=code).exists():
        known = "、".join(counties.order_by("code").values_list("code", flat=True))
        raise CommandError(_("没有代码为“%(code)s”的区县，现有：%(known)s") % {"code": code[:20], "known": known})
