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
from chengyun.taxonomy.services.data import Key, minors_by_key, standards_by_code
from chengyun.taxonomy.services.faults import Fault, refuse
from chengyun.taxonomy.services.state import announce

SHEET = "目录"
# Standard numbers go to 79 (079); what a county adds counts down from 99 (999).
FIRST_LOCAL = 80
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class CatalogueRow:
    """A class of the county catalogue under one of the county's majors; `row` is where it stood in a table."""

    standard: str
    kind: str
    major_code: str
    major_name: str
    code: str
    name: str
    row: int = 0

    @property
    def key(self) -> Key:
        return (self.standard, self.kind, self.code)


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


def faults_of(rows: Sequence[CatalogueRow]) -> list[Fault]:
    """Everything wrong with the rows, in their order."""
    standards, minors = standards_by_code(), minors_by_key()
    seen: Counter[Key] = Counter()
    faults = []
    for row in rows:
        seen[row.key] += 1
        column, message = _repeated(row) if seen[row.key] > 1 else _fault(row, standards, minors)
        if message:
            faults.append(Fault(SHEET, row.row, message, column))
    return faults


def _repeated(row: CatalogueRow) -> tuple[str, str]:
    return "小类代码", _("小类%(code)s重复，请删去一行。") % {"code": row.code}


def _fault(row: CatalogueRow, standards: dict[str, Standard], minors: dict[Key, MinorClass]) -> tuple[str, str]:
    """The column and what is wrong with it; blank where nothing is."""
    if row.kind not in Kind.values:
        return "类型", _("类型应为“部件”或“事项”。")
    if row.standard not in standards:
        return "依据标准", _("没有名为“%(standard)s”的标准，请填写标准号或LOCAL。") % {"standard": row.standard}
    if not row.name or not row.major_name:
        return "小类名称", _("请填写大类名称和小类名称。")
    if max(len(row.name), len(row.major_name)) > 50:
        return "小类名称", _("名称不能超过50个字。")
    if not (row.major_code.isdigit() and len(row.major_code) == 2):
        return "大类代码", _("大类代码应为两位数字，请按文本填写，如“06”。")
    if row.key in minors:
        return "", ""
    return "小类代码", _fault_of_extension(row) if row.standard == LOCAL else _unknown(row)


def _unknown(row: CatalogueRow) -> str:
    return _("%(standard)s中没有小类%(code)s，请核对代码（按文本填写）。") % {
        "standard": row.standard,
        "code": row.code,
    }


def _fault_of_extension(row: CatalogueRow) -> str:
    digits = row.code.removeprefix(row.major_code)
    if len(row.code) not in (4, 5) or not row.code.isdigit() or len(digits) == len(row.code):
        return _("扩展小类代码应为大类代码加两位或三位数字，如“06999”。")
    if int(digits) < FIRST_LOCAL:
        return _("扩展小类从99（或999）往下编号，79以内留给标准。")
    return ""


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
