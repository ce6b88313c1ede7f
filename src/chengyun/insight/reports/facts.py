"""What a report knows: every figure that its template refers to, measured at one moment and kept with it.

    {"figures": {"closed|period|": {key title unit share value numerator denominator from to where of behind}},
     "tables": {"filed,closed|department|period|0|": [{"name": …, "refs": {"filed": "filed|period|department=3"}}]},
     "targets": {"year": [{"name", "subject", "span", "unit", "refs": {"target", "actual"}}]},
     "sections": [{"key", "title", "lines"}],
     "texts": [{"key", "title"}]}

`behind` numbers the sets of cases (`counted.py`) that numerator and denominator counted. A cell of a table and a figure
of a module's section are figures like all others, under a reference of their own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext as _

from chengyun.core.declarations import ReportSection, collect
from chengyun.core.errors import UserError
from chengyun.insight import extra
from chengyun.insight.figures.dimensions import DIMENSIONS, Key
from chengyun.insight.figures.indicator import find
from chengyun.insight.figures.measuring import Figure, Question, Value
from chengyun.insight.figures.periods import Period
from chengyun.insight.figures.scope import region_scope
from chengyun.insight.figures.together import Asked, measure_together
from chengyun.insight.reports import periods
from chengyun.insight.reports.aims import called_for, tell
from chengyun.insight.reports.counted import Counting
from chengyun.insight.reports.sandbox import Called
from chengyun.insight.reports.vocabulary import ChangeRef, DeviationRef, FigureRef, TableRef, TargetRef, narrowed

Facts = dict[str, Any]
# These come in their own order; the rest with the most first.
IN_ORDER: Final = frozenset({"year", "month", "week", "day", "weekday", "hour", "season"})


@dataclass(frozen=True)
class Subject:
    """What a report is about."""

    kind: str
    period: Period
    region_code: str = ""
    where: Mapping[str, Sequence[Key]] | None = None

    def question(self, ref: FigureRef | TableRef) -> Question:
        keys = narrowed(ref.where)
        period = periods.named(ref.period, self.period)
        return Question(period, region_scope(self.region_code), {**(self.where or {}), **keys})


class Drawn(NamedTuple):
    """The facts, how far of the outbox they know, of which instant they are, and the sets of cases counted."""

    facts: Facts
    cursor: str
    at: dt.datetime
    sets: Sequence[bytes]


def measured(called: Called, subject: Subject) -> Drawn:
    """All figures of one question to the facts."""
    extra.require()
    from chengyun.insight.facts.session import session

    facts = session()
    figures, tables, aims = _references(called), called.of(TableRef), called_for(called, subject)
    asked = [_asked(ref.key, subject.question(ref)) for ref in figures]
    for table in tables:
        asked += [_asked(key, subject.question(table), table.by) for key in table.columns]
    asked += aims.wanted.asked
    if not asked:
        raise UserError(_("模板里没有引用任何指标"), field="template")
    answers = measure_together(facts, asked)
    as_of, found = answers[0].as_of, iter(answers)
    counting = Counting()
    texts = [{"key": text.key, "title": text.title or text.key} for text in called.texts]
    known: Facts = {"figures": {}, "tables": {}, "sections": [], "texts": texts}
    for ref in figures:
        figure = next(found)
        behind = counting.of(figure.indicator, figure.question)
        known["figures"][str(ref)] = _fact(figure, figure.total) | {"behind": behind}
    for table in tables:
        columns = {key: next(found) for key in table.columns}
        known["tables"][str(table)] = _table(table, columns, known["figures"], counting)
    tell(aims, aims.wanted.read(list(found)), known, counting)
    _tell_sections(known, subject)
    return Drawn(known, str(as_of.cursor), as_of.at, counting.sets(facts, as_of))


def _references(called: Called) -> list[FigureRef]:
    pairs = [ref for change in called.of(ChangeRef) for ref in change.figures()]
    reached = [each.figure for each in called.of(DeviationRef)]
    plain = [ref for ref in called.of(FigureRef) if not isinstance(ref, TargetRef)]
    return list(dict.fromkeys([*plain, *pairs, *reached]))


def _asked(key: str, question: Question, by: str = "") -> Asked:
    indicator = find(key)
    assert indicator is not None  # the reference was read
    return Asked(indicator, question, (by,) if by else ())


def _fact(figure: Figure, value: Value, dimension: str = "", key: Key = None, name: str = "") -> dict[str, Any]:
    indicator, period = figure.indicator, figure.question.period
    where = {each: list(keys) for each, keys in figure.question.where.items()}
    of = [_named(each, keys) for each, keys in where.items()]
    if dimension:
        where[dimension] = [key]
        of.append(name)
    return {
        "key": indicator.key, "title": str(indicator.title), "unit": str(indicator.unit), "share": indicator.is_share,
        "whole": indicator.over is None, "value": value.value, "numerator": value.numerator,
        "denominator": value.denominator, "from": period.first.isoformat(), "to": period.last.isoformat(),
        "where": where, "of": "、".join(part for part in of if part),
    }  # fmt: skip


def _named(dimension: str, keys: Sequence[Key]) -> str:
    names = DIMENSIONS[dimension].names([key for key in keys if key not in (None, "")])
    return "、".join(str(names.get(key, key)) for key in keys)


def _table(
    table: TableRef, columns: Mapping[str, Figure], figures: dict[str, Any], counting: Counting
) -> list[dict[str, Any]]:
    keys = list(dict.fromkeys(key for figure in columns.values() for (key,) in figure.groups))
    first = next(iter(columns.values())).groups
    if table.by not in IN_ORDER:
        keys.sort(key=lambda key: -((first[(key,)].value or 0) if (key,) in first else 0))
    else:
        keys = sorted(key for key in keys if key is not None)
    names = DIMENSIONS[table.by].names([key for key in keys if key not in (None, "")])
    rows = []
    for key in keys[: table.top or None]:
        name = str(names.get(key, key)) if key not in (None, "") else _("未明确")
        refs = {}
        for column, figure in columns.items():
            ref = f"{column}|{table.period}|{table.where}{',' if table.where else ''}{table.by}={_shown(key)}"
            value = figure.groups.get((key,)) or Value(None if figure.indicator.over else 0, 0)
            behind = counting.of(figure.indicator, figure.question, table.by, key)
            figures[ref] = _fact(figure, value, table.by, key, name) | {"behind": behind}
            refs[column] = ref
        rows.append({"name": name, "refs": refs})
    return rows


def _shown(key: Key) -> str:
    return "" if key is None else str(key)


def _tell_sections(facts: Facts, subject: Subject) -> None:
    """What modules have to say about the period; of a topic they know nothing."""
    for section in collect(ReportSection):
        if section.kinds and subject.kind not in section.kinds:
            continue
        part = section.build(subject.period.first, subject.period.last, subject.region_code)
        if part is None:
            continue
        for name, figure in part.figures.items():
            facts["figures"][f"@{section.key}|{name}"] = {
                "key": "", "title": str(figure.title), "unit": str(figure.unit), "share": False,
                "whole": isinstance(figure.value, int),
                "value": figure.value, "numerator": None, "denominator": None, "where": {}, "of": str(section.title),
                "from": subject.period.first.isoformat(), "to": subject.period.last.isoformat(), "url": figure.url,
            }  # fmt: skip
        facts["sections"].append({"key": section.key, "title": str(section.title), "lines": list(part.lines)})
