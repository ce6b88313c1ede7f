"""The county's own catalogue: select classes, add local ones, retire them, or adopt a whole generation at once."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from chengyun.core.errors import UserError
from chengyun.core.who import Doer
from chengyun.people import register
from chengyun.people.access import SYSTEM
from chengyun.taxonomy.models import LOCAL, CountyClass, Kind, MajorClass, MinorClass, Standard
from chengyun.taxonomy.services.catalogue_rows import FIRST_LOCAL, CatalogueRow, faults_of
from chengyun.taxonomy.services.data import Key, minors_by_key
from chengyun.taxonomy.services.faults import refuse
from chengyun.taxonomy.services.state import announce

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class ClassDifferences:
    """What adopting rows would change; the shown names are those of the county."""

    added: tuple[CatalogueRow, ...]
    changed: tuple[CatalogueRow, ...]
    ended: tuple[CountyClass, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.ended)


def adopt(rows: Iterable[CatalogueRow], valid_from: dt.date) -> Counter[str]:
    """Make `rows` the county's whole catalogue from a day on; what is not among them ends the day before.

    The same rows again change nothing. Unknown local codes become local extensions. All or nothing.
    """
    wanted = list(rows)
    refuse(faults_of(wanted))
    with transaction.atomic():
        changes = write_classes(wanted, valid_from)
        if changes:
            announce("county catalogue", changes)
    return changes


def write_classes(wanted: Sequence[CatalogueRow], valid_from: dt.date, *, by: Doer = SYSTEM) -> Counter[str]:
    """The writing of `adopt`, for a caller who has checked the rows and announces."""
    locked_local_standard()
    differences = differences_on(wanted, valid_from)
    if not differences:
        return Counter()
    _refuse_later_generation(valid_from)
    minors = _with_extensions(wanted)
    changed_minors = {minors[row.key].pk for row in differences.changed}
    standing = [county for county in CountyClass.objects.on(valid_from) if county.minor_id in changed_minors]
    for county in differences.ended:
        _end_before(county, valid_from, by=by, action="retired")
    for county in standing:
        _end_before(county, valid_from, by=by, action="followed")
    order = {row.key: number for number, row in enumerate(wanted, 1)}
    new = [
        _county_class(row, minors[row.key], order[row.key], valid_from)
        for row in [*differences.added, *differences.changed]
    ]
    CountyClass.objects.bulk_create(new)
    register.record_new(new, by=by)
    return +Counter(added=len(differences.added), changed=len(differences.changed), ended=len(differences.ended))


def differences_on(wanted: Iterable[CatalogueRow], day: dt.date) -> ClassDifferences:
    standing = {_key(county): county for county in CountyClass.objects.on(day).select_related("minor__standard")}
    rows = {row.key: row for row in wanted}
    return ClassDifferences(
        added=tuple(row for key, row in rows.items() if key not in standing),
        changed=tuple(row for key, row in rows.items() if key in standing and not _says_the_same(standing[key], row)),
        ended=tuple(county for key, county in standing.items() if key not in rows),
    )


@transaction.atomic
def select_class(
    minor: MinorClass,
    *,
    valid_from: dt.date,
    major_code: str = "",
    major_name: str = "",
    name: str = "",
    by: Doer = SYSTEM,
) -> CountyClass:
    """Take one class into the catalogue, under its own major unless the county says otherwise."""
    locked_local_standard()
    if CountyClass.objects.on(valid_from).filter(minor=minor).exists():
        raise UserError(_("“%(name)s”已在本县目录中。") % {"name": minor}, field="minor")
    row = CatalogueRow(
        standard=minor.standard.code,
        kind=minor.kind,
        major_code=major_code or minor.major.code,
        major_name=major_name or minor.major.name,
        code=minor.code,
        name=name or minor.name,
    )
    refuse(faults_of([row]))
    county = _county_class(row, minor, CountyClass.objects.on(valid_from).count() + 1, valid_from)
    register.store(county, by=by)
    announce("class selected", {"minor": minor.pk})
    return county


@transaction.atomic
def change_class(
    county: CountyClass, *, by: Doer, valid_from: dt.date, name: str, major_code: str, major_name: str
) -> CountyClass:
    """Another name or place in the county's own list, from a day on; the class behind it stays what it is."""
    locked_local_standard()
    county = register.locked(county)
    row = CatalogueRow(county.minor.standard.code, county.kind, major_code, major_name, county.minor.code, name)
    if _says_the_same(county, row):
        return county
    refuse(faults_of([row]))
    _refuse_later_generation(valid_from)
    before = register.content(county)
    _end_before(county, valid_from, by=by, action="followed")
    follower = _county_class(row, county.minor, county.sort_order, valid_from)
    follower.save(force_insert=True)
    register.record_successor(follower, before, register.content(follower), by=by)
    announce("class changed", {"minor": county.minor_id})
    return follower


def major_name(code: str, county: CountyClass, day: dt.date) -> str:
    """What a major class of this code is called: by the county's list of that day, else by the class's own standard."""
    own = CountyClass.objects.on(day).filter(kind=county.kind, major_code=code).order_by("sort_order")
    found = own.values_list("major_name", flat=True).first()
    standard = MajorClass.objects.filter(standard=county.minor.standard_id, kind=county.kind, code=code)
    found = found or standard.values_list("name", flat=True).first()
    if not found:
        message = _("本县目录和标准里都没有大类%(code)s，请先在一行里同时填写它的代码和名称。")
        raise UserError(message % {"code": code}, field="major_code")
    return str(found)


@transaction.atomic
def retire_class(county: CountyClass, *, last_day: dt.date, by: Doer = SYSTEM) -> None:
    county = register.locked(county)
    register.change(county, {"valid_to": last_day}, by=by, action="retired")
    announce("class retired", {"minor": county.minor_id})


@transaction.atomic
def extend(major: MajorClass, name: str, *, kind: Kind = Kind.MATTER, digits: int = 3, by: Doer = SYSTEM) -> MinorClass:
    """A local class under a national or local major, with the next code counted down from 99 (2013) or 999 (2026)."""
    if not name.strip():
        raise UserError(_("请填写小类名称。"), field="name")
    local = locked_local_standard()
    code = next_local_code(major.code, kind, digits)
    minor = MinorClass(standard=local, major=major, kind=kind, code=code, name=name.strip())
    register.store(minor, by=by)
    announce("local class added", {"minor": minor.pk})
    return minor


def locked_local_standard() -> Standard:
    """The one row that makes two changes of the county catalogue wait for each other."""
    return Standard.objects.select_for_update().get(code=LOCAL)


def next_local_code(major_code: str, kind: str, digits: int) -> str:
    taken = set(MinorClass.objects.filter(standard__code=LOCAL, kind=kind).values_list("code", flat=True))
    for number in range(10**digits - 1, FIRST_LOCAL - 1, -1):
        code = f"{major_code}{number:0{digits}d}"
        if code not in taken:
            return code
    raise UserError(_("该大类下的本县扩展代码已用完。"), field="major")


def _with_extensions(rows: Iterable[CatalogueRow]) -> dict[Key, MinorClass]:
    """All classes by key, after adding the local ones that are new."""
    minors = minors_by_key()
    for row in rows:
        if row.key not in minors:
            major = _local_major(row)
            minors[row.key] = MinorClass.objects.create(
                standard=major.standard, major=major, kind=row.kind, code=row.code, name=row.name
            )
    return minors


def _local_major(row: CatalogueRow) -> MajorClass:
    """The county's own major of that number; a national one of the same name is not needed to hold a local class."""
    local = Standard.objects.get(code=LOCAL)
    major, _created = MajorClass.objects.select_related("standard").get_or_create(
        standard=local, kind=row.kind, code=row.major_code, defaults={"name": row.major_name}
    )
    return major


def _county_class(row: CatalogueRow, minor: MinorClass, order: int, valid_from: dt.date) -> CountyClass:
    return CountyClass(
        minor=minor,
        kind=row.kind,
        major_code=row.major_code,
        major_name=row.major_name,
        code=row.code,
        name=row.name,
        sort_order=order,
        valid_from=valid_from,
    )


def _end_before(county: CountyClass, day: dt.date, *, by: Doer, action: str) -> None:
    """A row that began that very day never held: it goes, since nothing refers to county rows; its history stays."""
    before = {"valid_to": county.valid_to}
    register.record(county, action, before, {"valid_to": day - ONE_DAY}, by=by)
    if county.valid_from >= day:
        county.delete()
        return
    county.valid_to = day - ONE_DAY
    county.save(update_fields=["valid_to"])


def _refuse_later_generation(valid_from: dt.date) -> None:
    later = CountyClass.objects.filter(valid_from__gt=valid_from).order_by("valid_from").first()
    if later is not None:
        message = _("目录已有%(day)s起生效的版本，请选择更晚的日期。") % {"day": later.valid_from.isoformat()}
        raise UserError(message, field="valid_from")


def _key(county: CountyClass) -> Key:
    return (county.minor.standard.code, county.kind, county.minor.code)


def _says_the_same(county: CountyClass, row: CatalogueRow) -> bool:
    return (county.major_code, county.major_name, county.name) == (row.major_code, row.major_name, row.name)
