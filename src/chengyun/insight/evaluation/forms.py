"""What the evaluator fills in: the reason of a correction, and a scheme with its lines, grades and groups."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as T

from chengyun.core.instants import today
from chengyun.insight.evaluation import objects, schemes
from chengyun.insight.evaluation.objects import Group
from chengyun.insight.evaluation.publishing import LONGEST_REASON
from chengyun.insight.evaluation.schemes import MOST_BANDS, MOST_GRADES, Plan
from chengyun.insight.evaluation.scoring import Band, Grade, Line, Rule, Rules
from chengyun.people.models import Department
from chengyun.people.register_forms import day_field

LINE_ROWS: Final = 8
GROUP_ROWS: Final = 4
# The days that the thresholds of a band are meant for.
PER: Final = [(0, T("不折算")), (1, T("按日")), (7, T("按周")), (30, T("按月（30 天）")), (91, T("按季（91 天）")),
              (365, T("按年（365 天）"))]  # fmt: skip
REST: Final = "*"
# Of a number that somebody types.
DIGITS_BEFORE: Final = 9
DIGITS_BEHIND: Final = 6
_SPLIT: Final = re.compile(r"[,，;；\s]+")
_BETWEEN: Final = re.compile(r"[:：=]")


class CorrectionForm(forms.Form):
    reason = forms.CharField(
        label=T("更正理由"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=T("随新的一版一起显示；原来的一版保留"),
    )  # fmt: skip


class SchemeForm(forms.Form):
    """A line, a grade, a group is a row of fields `line_0_weight`, …; a row whose first field is blank is left out."""

    name = forms.CharField(label=T("名称"), max_length=60)
    valid_from = day_field(T("生效日期"), required=True)
    note = forms.CharField(label=T("说明"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, plan: Plan, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan
        self.fields["valid_from"].help_text = _("每个周期按其第一天有效的方案评价；已发布的结果不受影响")
        self.fields["valid_from"].initial = today()
        self.fields["name"].initial, self.fields["note"].initial = str(plan.name), str(plan.note)
        self._add_lines()
        self._add_grades()
        if plan.kind == objects.DEPARTMENT:
            self._add_groups()

    # --- the rows -----------------------------------------------------------------------------------------------------

    def _add_lines(self) -> None:
        chosen = [("", "–"), *((each.key, str(each.title)) for each in objects.choices_for(self.plan.kind))]
        rules = [(rule.value, title) for rule, title in schemes.RULES.items()]
        lines = self.plan.rules.lines
        for place in range(max(LINE_ROWS, len(lines) + 2)):
            line = lines[place] if place < len(lines) else None
            self._choice(f"line_{place}_indicator", _("指标"), chosen, line.indicator if line else "")
            self._text(f"line_{place}_weight", _("权重"), _plain(line.weight) if line else "", 6)
            self._choice(f"line_{place}_rule", _("计分方法"), rules, line.rule.value if line else Rule.UP)
            self._text(f"line_{place}_bands", _("分档"), _bands(line) if line else "", 200)
            self._choice(f"line_{place}_per", _("分档折算"), _per(line), line.per_days if line else 0)

    def _add_grades(self) -> None:
        colours = list(schemes.COLOURS.items())
        grades = self.plan.rules.grades
        for place in range(MOST_GRADES):
            grade = grades[place] if place < len(grades) else None
            self._text(f"grade_{place}_name", _("等级"), grade.name if grade else "", 10)
            self._text(f"grade_{place}_limit", _("不低于"), _plain(grade.limit) if grade else "", 6)
            self._choice(f"grade_{place}_colour", _("颜色"), colours, grade.colour if grade else "grey")

    def _add_groups(self) -> None:
        standing = Department.objects.on(today()).exclude(kind=Department.Kind.CENTRE).order_by("sort_order", "code")
        choices = [(str(row.pk), row.short_name) for row in standing]
        groups = self.plan.groups
        for place in range(min(len(groups) + 1, GROUP_ROWS)):
            group = groups[place] if place < len(groups) else None
            self._text(f"group_{place}_name", _("分组名称"), str(group.name) if group else "", 30)
            self.fields[f"group_{place}_departments"] = forms.MultipleChoiceField(
                label=_("其中的部门"), required=False, choices=choices, widget=forms.CheckboxSelectMultiple,
                initial=[str(pk) for pk in group.departments] if group else [],
                help_text=_("都不选：这一类的全部部门") if group and group.kinds else "",
            )  # fmt: skip

    def _choice(self, name: str, label: str, choices: Iterable[tuple[Any, Any]], initial: Any) -> None:
        self.fields[name] = forms.ChoiceField(label=label, choices=list(choices), initial=initial, required=False)

    def _text(self, name: str, label: str, initial: str, longest: int) -> None:
        self.fields[name] = forms.CharField(label=label, initial=initial, max_length=longest, required=False)

    # --- for the template ---------------------------------------------------------------------------------------------

    @property
    def heads(self) -> list[BoundField]:
        return [self["name"], self["valid_from"], self["note"]]

    @property
    def lines(self) -> list[list[BoundField]]:
        return self._rows("line", ("indicator", "weight", "rule", "bands", "per"))

    @property
    def grades(self) -> list[list[BoundField]]:
        return self._rows("grade", ("name", "limit", "colour"))

    @property
    def groups(self) -> list[list[BoundField]]:
        return self._rows("group", ("name", "departments"))

    def _rows(self, kind: str, names: tuple[str, ...]) -> list[list[BoundField]]:
        places = sorted({int(name.split("_")[1]) for name in self.fields if name.startswith(f"{kind}_")})
        return [[self[f"{kind}_{place}_{name}"] for name in names] for place in places]

    # --- read ---------------------------------------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors:
            lines = [line for place in self._places("line", "indicator") if (line := self._line(place))]
            grades = [grade for place in self._places("grade", "name") if (grade := self._grade(place))]
            if not self.errors:
                given["plan"] = Plan(
                    self.plan.kind, given["name"], Rules(tuple(lines), tuple(grades)), self._groups(), given["note"]
                )
        return given

    def _places(self, kind: str, first: str) -> list[int]:
        names = [name for name in self.fields if name.startswith(f"{kind}_") and name.endswith(f"_{first}")]
        return [int(name.split("_")[1]) for name in names if self.cleaned_data.get(name)]

    def _line(self, place: int) -> Line | None:
        given = {name: self.cleaned_data[f"line_{place}_{name}"] for name in ("indicator", "rule", "bands", "per")}
        weight, rule = self._number(f"line_{place}_weight"), Rule(given["rule"] or Rule.UP)
        if weight is None:
            return None
        if rule in (Rule.UP, Rule.DOWN):
            return Line(given["indicator"], weight, rule)
        bands = self._read_bands(f"line_{place}_bands")
        return bands and Line(given["indicator"], weight, rule, bands[0], bands[1], int(given["per"] or 0))

    def _read_bands(self, name: str) -> tuple[tuple[Band, ...], Decimal] | None:
        """`50:100 100:90 *:0`: threshold, points; the star is for what no band takes."""
        bands: list[Band] = []
        rests: list[Decimal] = []
        for pair in filter(None, _SPLIT.split(self.cleaned_data[name].strip())):
            threshold, *points = _BETWEEN.split(pair)
            read = _decimal(points[0]) if len(points) == 1 else None
            limit = Decimal(0) if threshold == REST else _decimal(threshold)
            if read is None or limit is None:
                self.add_error(name, _("“%s”读不懂，请写成 界限:得分，例如 50:100 100:90 *:0") % pair[:20])
                return None
            if threshold == REST:
                rests.append(read)
            else:
                bands.append(Band(limit, read))
        if len(bands) > MOST_BANDS:
            counted = {"most": MOST_BANDS, "count": len(bands)}
            self.add_error(name, _("分档最多 %(most)d 个，现有 %(count)d 个") % counted)
        elif len(rests) > 1:
            self.add_error(name, _("“*”是其余情形的得分，只能写一次"))
        else:
            return tuple(bands), sum(rests, Decimal(0))
        return None

    def _grade(self, place: int) -> Grade | None:
        limit = self._number(f"grade_{place}_limit")
        name, colour = (self.cleaned_data[f"grade_{place}_{part}"] for part in ("name", "colour"))
        return None if limit is None else Grade(name.strip(), limit, colour)

    def _groups(self) -> tuple[Group, ...]:
        if self.plan.kind != objects.DEPARTMENT:
            return self.plan.groups
        found = []
        for place in self._places("group", "name"):
            old = self.plan.groups[place] if place < len(self.plan.groups) else Group(f"group{place}")
            chosen = tuple(int(pk) for pk in self.cleaned_data[f"group_{place}_departments"])
            found.append(Group(old.key, self.cleaned_data[f"group_{place}_name"].strip(), old.kinds, chosen))
        return tuple(found)

    def _number(self, name: str) -> Decimal | None:
        found = _decimal(self.cleaned_data[name])
        if found is None:
            self.add_error(name, _("请填写数字"))
        return found


def _decimal(text: str) -> Decimal | None:
    try:
        found = Decimal(text.strip())
    except InvalidOperation:
        return None
    # A number of a million digits is a short word: 1e-1000000.
    is_short = found.is_finite() and -DIGITS_BEHIND <= int(found.as_tuple().exponent) < DIGITS_BEFORE
    return found if is_short and abs(found) < 10**DIGITS_BEFORE else None


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _bands(line: Line) -> str:
    if not line.is_banded:
        return ""
    return " ".join([*(f"{_plain(b.threshold)}:{_plain(b.points)}" for b in line.bands), f"{REST}:{_plain(line.rest)}"])


def _per(line: Line | None) -> list[tuple[int, Any]]:
    """What is offered, and what stands."""
    known = {days for days, _title in PER}
    return PER if line is None or line.per_days in known else [*PER, (line.per_days, _("%d 天") % line.per_days)]
