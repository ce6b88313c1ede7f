"""A result as pages show it, whether measured now or published: the table, and one object with its lines in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from chengyun.core.models import Cursor
from chengyun.insight import access as figures_access
from chengyun.insight.evaluation import access, objects, publishing, schemes
from chengyun.insight.evaluation.computing import Result
from chengyun.insight.evaluation.models import Publication, PublishedRow
from chengyun.insight.evaluation.schemes import Plan
from chengyun.insight.evaluation.scoring import Line, Rule
from chengyun.insight.evaluation.spans import Span
from chengyun.insight.figures.dimensions import DIMENSIONS
from chengyun.insight.figures.indicator import Indicator
from chengyun.insight.figures.links import Told, address
from chengyun.insight.templatetags.figures import number_text
from chengyun.people.access import Actor


@dataclass(frozen=True)
class Subject:
    """What is shown: which kind, group and period, by which scheme, as of when; `publication` where it is published."""

    kind: objects.ObjectKind
    group: str
    group_name: str
    span: Span
    plan: Plan
    told: Told
    publication: Publication | None = None

    @property
    def title(self) -> str:
        name = f"{self.kind.title}·{self.group_name}" if self.group_name else str(self.kind.title)
        return _("%(span)s%(name)s评价") % {"span": self.span.title, "name": name}

    @property
    def has_late(self) -> bool:
        return self.kind.of != objects.POST

    @property
    def query(self) -> str:
        asked = {"kind": self.kind.key, "group": self.group, "period": self.span.key}
        return urlencode({name: value for name, value in asked.items() if value})


@dataclass(frozen=True)
class Cell:
    """One value of one object: as text, of how many, its score, where its cases are."""

    value: float | None
    numerator: float
    denominator: float | None
    score: Decimal | None
    weight: Decimal
    unit: str
    href: str = ""

    @property
    def text(self) -> str:
        if self.value is None:
            return "–"
        return f"{number_text(self.value)}{self.unit if self.unit == '%' else ''}"

    @property
    def of_text(self) -> str:
        if self.denominator is None:
            return ""
        return f"{number_text(self.numerator)} / {number_text(self.denominator)}"


@dataclass(frozen=True)
class Shown:
    """One object as a row of the table."""

    key: str
    name: str
    total: Decimal | None
    grade: str
    colour: str
    rank: int | None
    change: Decimal | None
    rank_change: int | None
    late: int | None
    exempted: int | None
    cells: tuple[Cell, ...]
    href: str = ""
    late_href: str = ""
    exempted_href: str = ""
    is_own: bool = False


def of_result(result: Result, group: str) -> tuple[Subject, list[Shown]]:
    """Measured now; only for those who read everything."""
    chosen = result.group(group)
    told = Told(result.as_of.cursor, result.as_of.at, None)
    subject = Subject(result.kind, group, str(chosen.group.name), result.span, result.plan, told)
    rows = [_shown(subject, publishing.row_content(row), links=True) for row in chosen.rows]
    return subject, rows


def of_publication(actor: Actor, publication: Publication, key: str = "") -> tuple[Subject, list[Shown]]:
    """The lines that the actor may see, or that of one object."""
    subject = subject_of(publication)
    own = set(access.own_rows(actor, publication).values_list("key", flat=True))
    reads_all, may_open = access.may_read_all(actor), figures_access.may_read(actor)
    rows = []
    for row in access.rows_for(actor, publication).filter(**({"key": key} if key else {})):
        links = may_open and (reads_all or row.key in own)
        rows.append(_shown(subject, kept(row), links=links, is_own=row.key in own and not reads_all))
    return subject, rows


def subject_of(publication: Publication) -> Subject:
    told = Told(Cursor.parse(publication.as_of_cursor), publication.as_of_at, None)
    return Subject(
        objects.kind_for(publication.kind), publication.group, publication.group_name,
        publishing.span_of(publication), schemes.frozen(publication.scheme), told, publication,
    )  # fmt: skip


def kept(row: PublishedRow) -> dict[str, Any]:
    names = ("key", "name", "total", "grade", "rank", "previous_total", "previous_rank", "late", "exempted", "figures")
    return {name: getattr(row, name) for name in names}


def _shown(subject: Subject, row: Mapping[str, Any], *, links: bool, is_own: bool = False) -> Shown:
    plan, key = subject.plan, row["key"]
    cells = tuple(
        _cell(subject, indicator, figure, key, links=links)
        for indicator, figure in zip(plan.indicators, row["figures"], strict=True)
    )
    total, before, rank = row["total"], row["previous_total"], row["rank"]
    colours = {grade.name: grade.colour for grade in plan.rules.grades}

    def beside(name: str) -> str:
        return _address(subject, name, key, row[name]) if links and row[name] else ""

    return Shown(
        key, row["name"], total, row["grade"], colours.get(row["grade"], ""), rank,
        None if total is None or before is None else total - before,
        None if rank is None or row["previous_rank"] is None else row["previous_rank"] - rank,
        row["late"], row["exempted"], cells, _object_address(subject, key), beside("late"), beside("exempted"), is_own,
    )  # fmt: skip


def _cell(subject: Subject, indicator: Indicator, figure: Mapping[str, Any], key: str, *, links: bool) -> Cell:
    score = None if figure["score"] is None else Decimal(figure["score"])
    value = figure["value"]
    href = _address(subject, indicator.key, key, value) if links and value is not None else ""
    return Cell(
        value, figure["numerator"], figure["denominator"], score, Decimal(figure["weight"]), str(indicator.unit), href
    )


def _address(subject: Subject, indicator: str, key: str, value: float | None) -> str:
    dimension = DIMENSIONS[subject.kind.dimension]
    told = Told(subject.told.cursor, subject.told.at, value)
    return address(indicator, subject.span.period, {dimension.key: [dimension.read(key)]}, told)


def _object_address(subject: Subject, key: str) -> str:
    if subject.publication is not None:
        return reverse("evaluation:object", args=[subject.publication.pk, key])
    return f"{reverse('evaluation:live_object')}?{subject.query}&{urlencode({'object': key})}"


# --- in words ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LineWords:
    """A line of the scheme in words, with its cell where one object is shown."""

    place: int
    indicator: Indicator
    line: Line
    rule: str
    cell: Cell | None = None

    @property
    def gained(self) -> Decimal | None:
        """What the line brings to the total, for reading."""
        if self.cell is None or self.cell.score is None:
            return None
        return self.cell.score * self.cell.weight / 100


def line_words(plan: Plan, days: int, cells: Sequence[Cell] = ()) -> list[LineWords]:
    return [
        LineWords(place, indicator, line, rule_words(line, days), cells[place] if cells else None)
        for place, (line, indicator) in enumerate(zip(plan.rules.lines, plan.indicators, strict=True))
    ]


def rule_words(line: Line, days: int = 0) -> str:
    if line.rule == Rule.UP:
        return _("得分 = 比率 × 100")
    if line.rule == Rule.DOWN:
        return _("得分 = 100 − 比率 × 100")
    sign = "≤" if line.rule == Rule.AT_MOST else "≥"
    parts = [f"{sign}{band.threshold.normalize():f} → {band.points.normalize():f}" for band in line.bands]
    parts.append(_("其余 → %s") % f"{line.rest.normalize():f}")
    words = "，".join(parts)
    if line.per_days and days and days != line.per_days:
        words += _("（界限按 %(per)d 天计，本期 %(days)d 天，按比例折算）") % {"per": line.per_days, "days": days}
    elif line.per_days:
        words += _("（界限按 %d 天计）") % line.per_days
    return words


# --- sorted -----------------------------------------------------------------------------------------------------------


def ordered(rows: Sequence[Shown], sort: str) -> list[Shown]:
    """By a column of the table: rank (as it is), name, late, exempted, change, or a line by its place; best first."""
    if sort == "name":
        return sorted(rows, key=lambda row: row.name)
    if sort in ("late", "exempted", "change"):
        return sorted(rows, key=lambda row: -(getattr(row, sort) or 0))
    if sort.isascii() and sort.isdigit() and rows and int(sort[:3]) < len(rows[0].cells):
        place = int(sort[:3])
        return sorted(rows, key=lambda row: (row.cells[place].score is None, -(row.cells[place].score or 0)))
    return list(rows)
