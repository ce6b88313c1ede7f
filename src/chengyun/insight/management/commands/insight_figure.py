"""`chengyun insight figure NAME --json`: one figure for programs, measured like every screen's."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from chengyun.core.errors import UserError
from chengyun.insight import extra
from chengyun.insight.figures.indicator import find, indicators
from chengyun.insight.figures.links import narrowing, period_of
from chengyun.insight.figures.measuring import Question, measure
from chengyun.insight.figures.telling import told
from chengyun.people.access import SYSTEM

MOST_DIMENSIONS: Final = 2


class Command(BaseCommand):
    help = "Print a figure: its value, numerator and denominator, per group when asked; without a name, list them all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", help="the indicator; see docs/insight.md")
        parser.add_argument("--from", dest="first", metavar="DAY", help="first day, 2026-01-31; default: 1 January")
        parser.add_argument("--to", dest="last", metavar="DAY", help="last day, included; default: today")
        parser.add_argument("--by", default="", metavar="DIMENSION", help="split by it; two with a comma between")
        parser.add_argument("--where", action="append", default=[], metavar="KEY=VALUE", help="narrow; may be repeated")
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *, name: str | None, **options: Any) -> None:
        if name is None:
            for each in indicators():
                self.stdout.write(f"{each.key:24} {each.title}（{each.unit}）")
            return
        try:
            extra.require()
            self._print(name, options)
        except UserError as error:
            raise CommandError(str(error)) from error

    def _print(self, name: str, options: dict[str, Any]) -> None:
        from chengyun.insight.facts import feed
        from chengyun.insight.facts.session import session

        indicator = find(name)
        if indicator is None:
            raise CommandError(_("没有指标“%(name)s”；不写名称可列出全部指标") % {"name": name})
        question = Question(period_of(options["first"], options["last"]), where=narrowing(options["where"], by=SYSTEM))
        by = [key.strip() for key in options["by"].split(",") if key.strip()]
        if len(by) > MOST_DIMENSIONS:
            raise CommandError(_("--by 最多两个维度，中间用一个逗号隔开"))
        feed.catch_up()
        figure = told(measure(session(), indicator, question, by))
        if options["json"]:
            self.stdout.write(json.dumps(figure, ensure_ascii=False, indent=1))
            return
        self.stdout.write(f"{figure['title']} {_shown(figure, figure['unit'])}")
        for group in figure.get("groups", ()):
            self.stdout.write(f"  {' / '.join(group['names'])}  {_shown(group, figure['unit'])}")


def _shown(value: dict[str, Any], unit: str) -> str:
    if value["value"] is None:
        return "–"
    number = f"{value['value']:.2f}".rstrip("0").rstrip(".")
    share = f"（{value['numerator']:g}/{value['denominator']:g}）" if value["denominator"] is not None else ""
    return f"{number} {unit}{share}"
