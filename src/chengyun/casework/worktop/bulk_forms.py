"""What was typed on the preview of many cases: once for all (`all-note`), or for one case (`<number>-department`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.forms import ChoiceField
from django.http import QueryDict
from django.utils.translation import gettext as _

from chengyun.casework.cases.forms import Around, StepForm, department_choices
from chengyun.casework.cases.workflow import STEPS, Step
from chengyun.casework.worktop.bulk import Item
from chengyun.core.instants import today
from chengyun.taxonomy.queries import conditions_for, county_catalogue

# What differs from case to case; the rest is typed once for all.
EACH = ("minor_class", "condition", "department")
ALL = "all"


@dataclass(frozen=True)
class RowField:
    """A field of one row: a choice, or a class typed by code or name from the page's one list of classes."""

    name: str
    label: str
    value: str
    blank: str  # what holds when nothing is chosen here
    choices: Sequence[tuple[str, str]] = ()
    by_typing: bool = False


def common_form(items: Sequence[Item], verb: str, data: QueryDict | None) -> StepForm | None:
    """The step's own form, nothing required: what is missing is said case by case."""
    offers = [item for item in items if verb in item.offers]
    if not offers:
        return None
    # Whoever stands for a department that is not on line has to say what it rests on: asked once for all.
    shown = next((item for item in offers if item.offers[verb].by.on_behalf_of), offers[0])
    sent = data if data is not None and any(name.startswith(f"{ALL}-") for name in data) else None
    form = StepForm(Around(shown.case, shown.offers[verb]), sent, prefix=ALL)
    for name in ("version", "condition", "photos"):
        form.fields.pop(name, None)
    for field in form.fields.values():
        field.required = False
        field.initial = None
    if "department" in form.fields:
        choice = cast(ChoiceField, form.fields["department"])
        choice.choices = [("", _("按各件的建议")), *list(cast(Any, choice.choices))[1:]]
    return form


def brought_by(items: Sequence[Item], verb: str, data: QueryDict) -> None:
    """Fill `brought` of each: the row's own, else what was typed for all, else the proposal."""
    classes = {row.code: row.minor_id for row in county_catalogue(today())}
    step = STEPS[verb]
    for item in items:
        item.brought = _brought(item, step, data, classes)


def _brought(item: Item, step: Step, data: QueryDict, classes: Mapping[str, int]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in (*step.brings, *step.may_bring, "evidence", "evidence_note"):
        many = name == "co_departments"
        own: Any = data.getlist(f"{ALL}-{name}") if many else data.get(f"{item.case.number}-{name}", "")
        if name == "minor_class" and own:
            own = classes.get(str(own).split(" ")[0], own)
        value = own or data.get(f"{ALL}-{name}") or _default(item, name)
        if value:
            found[name] = value
    if item.proposal and "department" in found:
        found["proposal"] = {"department_id": item.proposal.main_department_id}
        _take_co_departments(item, found)
    return found


def _take_co_departments(item: Item, found: dict[str, Any]) -> None:
    """The proposal's co-departments come with the department that it proposes."""
    assert item.proposal is not None
    if str(found["department"]) == str(item.proposal.main_department_id) and "co_departments" not in found:
        found["co_departments"] = list(item.proposal.co_department_ids)


def _default(item: Item, name: str) -> Any:
    if name == "department":
        return item.proposal.main_department_id if item.proposal else None
    if name == "minor_class":
        return item.case.minor_class_id
    if name == "condition":
        found = conditions_for(item.case.minor_class, today()) if item.case.minor_class else []
        return found[0].pk if len(found) == 1 else None
    return None


def row_fields(items: Sequence[Item], verb: str, data: QueryDict) -> dict[str, list[RowField]]:
    """By case number. The choices that are the same for all are read once."""
    names = [name for name in EACH if name in STEPS[verb].brings]
    departments = _departments() if "department" in names else []
    return {
        item.case.number: [_row_field(item, name, data, departments) for name in names]
        for item in items
        if verb in item.offers
    }


def _departments() -> list[tuple[str, str]]:
    return [(str(pk), name) for _group, rows in department_choices() for pk, name in rows]


def _row_field(item: Item, name: str, data: QueryDict, departments: list[tuple[str, str]]) -> RowField:
    value = data.get(f"{item.case.number}-{name}", "")
    if name == "minor_class":
        return RowField(name, _("小类"), value, item.case.class_name or _("按统一填写"), by_typing=True)
    if name == "condition":
        found = conditions_for(item.case.minor_class, today()) if item.case.minor_class else []
        blank = "" if len(found) == 1 else _("请选择")
        return RowField(name, _("立案条件"), value, blank, [(str(each.pk), each.text) for each in found])
    names = dict(departments)
    proposed = names.get(str(item.proposal.main_department_id), "") if item.proposal else ""
    blank = names.get(str(data.get(f"{ALL}-{name}", "")), "") or proposed
    return RowField(name, _("主办部门"), value, blank or _("请选择"), departments)
