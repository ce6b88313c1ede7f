"""An older system's departments, classes and places as ours."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext as _

from chengyun.casework.cases.services.resolve import class_ref
from chengyun.casework.cases.state import ClassRef, DepartmentRef, PlaceRef
from chengyun.core.errors import UserError
from chengyun.intake.history.profile import MOST_CLASS, Profile
from chengyun.people.access import Actor
from chengyun.people.models import Department
from chengyun.people.services.departments import create_department
from chengyun.taxonomy.models import MinorClass


class Departments:
    """By the profile's map, else by our own name, short name or code; else made, where the profile wishes it."""

    def __init__(self, profile: Profile, by: Actor) -> None:
        self.profile, self.by = profile, by
        rows = list(Department.objects.order_by("-valid_to", "pk"))
        self.codes = {row.code: row for row in rows}
        self.names = {name: row for row in rows for name in (row.short_name, row.name)}
        self.made = 0
        for word, code in profile.departments.items():
            if code not in self.codes:
                sentence = _("方案的 departments.map：“%(word)s”对应的部门代码 %(code)s 不存在")
                raise UserError(sentence % {"word": word, "code": code}, field="departments.map")

    def of(self, name: str) -> DepartmentRef:
        """Raises UserError for a department that nobody knows."""
        row = self.codes.get(self.profile.departments.get(name, name)) or self.names.get(name)
        if row is None:
            if not self.profile.create_departments:
                raise UserError(_("部门“%s”不在部门登记中，请补到 [departments.map]") % name, field="department")
            row = self._make(name)
        return DepartmentRef(row.pk, row.short_name, row.works_online)

    def _make(self, name: str) -> Department:
        code = next(code for count in range(1, 10_000) if (code := f"{self.profile.key}-{count}") not in self.codes)
        kind = Department.Kind.DEPARTMENT
        row = create_department(by=self.by, code=code, name=name[:100], kind=kind, works_online=False)
        self.codes[code] = self.names[name] = row
        self.made += 1
        return row


def classes(profile: Profile) -> dict[str, ClassRef]:
    """The profile's map with our classes. Raises UserError naming the first code that the catalogue lacks."""
    found = {
        minor.code: class_ref(minor)
        for minor in MinorClass.objects.select_related("standard").filter(
            standard__code=profile.standard, kind=profile.kind, code__in=set(profile.classes.values())
        )
    }
    for word, code in profile.classes.items():
        if code not in found:
            sentence = _("方案的 classes.map：“%(word)s”对应的小类 %(code)s 不在 %(standard)s 中")
            told = {"word": word, "code": code, "standard": profile.standard}
            raise UserError(sentence % told, field="classes.map")
    return {word[:MOST_CLASS]: found[code] for word, code in profile.classes.items()}


def with_region(place: PlaceRef, code: str) -> PlaceRef:
    """A case without a point still belongs to the district that the older system named."""
    if place.county_code or not code:
        return place
    return replace(
        place,
        county_code=code[:6],
        township_code=code[:9] if len(code) >= 9 else "",
        community_code=code[:12] if len(code) == 12 else "",
    )
