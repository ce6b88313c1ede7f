"""One component, or some chosen ones, changed by a person: checked, stored, with history, in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from chengyun.assets import identifiers
from chengyun.assets.models import Component, State
from chengyun.assets.queries import part_classes
from chengyun.assets.services import derived, stamp
from chengyun.core import configuration, files, instants
from chengyun.core.errors import UserError
from chengyun.core.who import Doer
from chengyun.people import register
from chengyun.regions.locate import locate

# Owner kind of a component's photos (core.files).
FILES = "component"
# One page of the list: more would hold other writers up.
MOST_AT_ONCE = 100
DIVISION = "installation.division_code"


@transaction.atomic
def create_component(*, by: Doer, class_code: str, identifier: str = "", **values: Any) -> Component:
    """`values` are the model's attributes; a blank identifier is the next free one of the class."""
    minor = part_classes().get(class_code)
    if minor is None:
        raise UserError(_("小类 %s 不在部件目录中，请重新选择。") % class_code, field="class_code")
    component = Component(minor=minor, class_code=minor.code, **values)
    component.name = component.name or minor.name
    component.valid_from = component.initial_date
    division = _division(component.lon, component.lat)
    component.identifier = identifier or next_identifier(division, minor.code)
    _check_identifier(component, division)
    derived.settle(component)
    register.store(component, by=by)
    stamp.touch()
    return component


def next_identifier(division: str, class_code: str) -> str:
    """One above the highest of its class in the division; whoever comes second is refused by the unique constraint."""
    low, high = identifiers.span(division + class_code)
    last = Component.objects.filter(identifier__range=(low, high)).order_by("-identifier").first()
    sequence = int(last.identifier[-6:]) + 1 if last else 1
    try:
        return identifiers.made(division, class_code, sequence)
    except ValueError as error:
        raise UserError(_("小类 %s 的顺序码已用完，请指定一个空号。") % class_code, field="identifier") from error


def _division(lon: float, lat: float) -> str:
    """The county that the point lies in."""
    return locate(lon, lat).county_code or str(configuration.value(DIVISION))


def _check_identifier(component: Component, division: str) -> None:
    parsed = identifiers.parse(component.identifier)
    if parsed is None or parsed.is_former:
        raise UserError(_("标识码应为 17 位数字：6 位区划、5 位小类、6 位顺序。"), field="identifier")
    if (parsed.division, parsed.class_code) != (division, component.class_code):
        message = _("标识码应以 %(start)s 开头（区划和小类）。")
        raise UserError(message % {"start": division + component.class_code}, field="identifier")


@transaction.atomic
def change_component(component: Component, fields: dict[str, Any], *, by: Doer, action: str = "changed") -> bool:
    """False when it has these values already. Identifier and class stay: another class is another component."""
    row = register.locked(component)
    for name, value in fields.items():
        setattr(row, name, value)
    derived.settle(row)
    wanted = {name: getattr(row, name) for name in (*derived.COLUMNS, "valid_from", "valid_to")}
    row.refresh_from_db()
    if not register.change(row, wanted, by=by, action=action):
        return False
    stamp.touch()
    return True


def change_many(components: Sequence[Component], fields: dict[str, Any], *, by: Doer) -> int:
    """The same values for chosen components; how many were changed. All or none."""
    if len(components) > MOST_AT_ONCE:
        raise UserError(_("一次最多改 %d 个部件，请分几次。") % MOST_AT_ONCE)
    with transaction.atomic():
        return sum(change_component(component, fields, by=by) for component in components)


def retire(component: Component, state: str, *, by: Doer, day: dt.date | None = None) -> bool:
    """Out of service after `day`; its row, cases and history stay."""
    if state not in (State.REMOVED, State.ABANDONED, State.LOST):
        raise UserError(_("停用的部件，状态应为移除、废弃或丢失。"), field="state")
    day = day or instants.today()
    return change_component(component, {"state": state, "valid_to": day, "changed_date": day}, by=by, action="closed")


def restore(component: Component, *, by: Doer) -> None:
    today = instants.today()
    values = {"state": State.INTACT, "valid_to": None, "changed_date": today}
    change_component(component, values, by=by, action="reactivated")


@transaction.atomic
def add_photos(component: Component, uploads: Sequence[UploadedFile[bytes]], *, by: Doer) -> None:
    stored = [files.store(upload, by=by) for upload in uploads]
    for each in stored:
        files.attach(each, FILES, component.pk)
    if stored:
        proof = {"pictures": [each.sha256 for each in stored]}
        register.record(register.locked(component), "pictured", {}, proof, by=by)
