"""The page's table as Excel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import BooleanField, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from chengyun.core.exports import Column
from chengyun.core.instants import today
from chengyun.insight import extra
from chengyun.insight.targets import lines, queries
from chengyun.insight.targets.access import check_reads
from chengyun.insight.targets.lines import Line
from chengyun.insight.targets.models import PlanTarget
from chengyun.people.access import ANONYMOUS, Actor


def exported(actor: Actor, params: Mapping[str, str]) -> QuerySet[PlanTarget]:
    check_reads(actor)
    extra.require()
    wish = queries.wish_of(actor, params)
    # What deviates is known when it is measured: each row takes the wish along.
    return queries.found(actor, wish).annotate(only_deviating=Value(wish.only_deviating, BooleanField()))


def prepared(batch: list[PlanTarget]) -> Iterable[Line]:
    """A file has no links, so nobody's in particular."""
    told = lines.lines_of(ANONYMOUS, batch, today())
    return [line for line in told if line.judged.is_deviating or not getattr(line.target, "only_deviating", False)]


COLUMNS = (
    Column(_("计划"), lambda line: line.target.plan.name, 24),
    Column(_("指标"), lambda line: line.indicator.title, 18),
    Column(_("对象"), lambda line: line.subject, 16),
    Column(_("时段"), lambda line: str(line.target.span), 10),
    Column(_("方向"), lambda line: _("不低于") if line.target.at_least else _("不高于"), 8),
    Column(_("目标值"), lambda line: float(line.target.wanted), 10),
    Column(_("单位"), lambda line: line.indicator.unit, 6),
    Column(_("完成值"), lambda line: line.value.value, 10),
    Column(_("分子"), lambda line: line.value.numerator, 10),
    Column(_("分母"), lambda line: line.value.denominator, 10),
    Column(_("比较基准"), lambda line: line.judged.due, 10),
    Column(_("偏差"), lambda line: line.judged.deviation, 10),
    Column(_("状态"), lambda line: line.state, 10),
    Column(_("责任单位"), lambda line: str(line.target.plan.responsible or ""), 16),
    Column(_("备注"), lambda line: line.target.note, 40),
)
