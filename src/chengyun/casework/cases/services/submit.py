"""The one door in (DESIGN §4.1): every channel ends here.

A report is stored and, unless it belongs to a case already, opens one. Idempotent on (source, source_id): the same
content is the same report, changed content is a supplement on its case.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from chengyun.casework.cases import search, writer
from chengyun.casework.cases.models import Case, Report, Source, Supplement
from chengyun.casework.cases.personal import report_key, supplement_key
from chengyun.casework.cases.planner import NewCase, plan_report, plan_step
from chengyun.casework.cases.rules import rules_for
from chengyun.casework.cases.state import By, PlaceRef, Plan, Rules
from chengyun.core import configuration, events, files
from chengyun.core.chained import canonical, commitment
from chengyun.core.db.asked import Asked
from chengyun.core.db.inserted import insert
from chengyun.core.errors import NotFound, UserError
from chengyun.core.instants import SHANGHAI, now
from chengyun.core.numbers import next_numbers
from chengyun.people.access import SYSTEM, Actor
from chengyun.regions.locate import locate_many

SYSTEM_BY = By(None, str(SYSTEM.name), "system")


@dataclass(frozen=True)
class SubmittedReport:
    """What a channel brings. Coordinates are WGS-84; instants aware."""

    source: str
    source_id: str
    received_at: dt.datetime
    title: str
    words: str = ""
    occurred_at: dt.datetime | None = None
    address: str = ""
    lon: float | None = None
    lat: float | None = None
    reporter_name: str = ""
    reporter_phone: str = ""
    is_urgent: bool = False
    files: Sequence[int] = ()
    extra: dict[str, Any] = field(default_factory=dict)
    # The number of a case that this report belongs to.
    attach_to: str = ""

    def digest(self) -> str:
        content = [self.title, self.words, self.address, self.lon, self.lat, self.reporter_name, self.reporter_phone]
        return hashlib.sha256(canonical(content).encode()).hexdigest()


@dataclass(frozen=True)
class Submission:
    report: Report
    case: Case
    outcome: str  # created, known, supplemented, attached


def submit(report: SubmittedReport, *, by: Actor = SYSTEM) -> Submission:
    """Raises UserError naming the field at fault; nothing is stored then."""
    report = checked(report)
    try:
        return _submit(report, by)
    except IntegrityError:
        # The same report came in twice at the same moment and the other one won: it is known now.
        return _submit(report, by)


KNOWN = Asked(
    lambda source, source_id: Report.objects.select_related("case").filter(source=source, source_id=source_id), str, str
)


def _submit(report: SubmittedReport, by: Actor) -> Submission:
    place = places([report])[0]
    with transaction.atomic():
        known = KNOWN.first(report.source, report.source_id)
        if known:
            return _again(known, report)
        if report.attach_to:
            return _attach(report, by)
        at = now()
        return open_case(report, numbers(at, [place])[0], place, by, at)


def open_case(
    report: SubmittedReport, number: str, place: PlaceRef, by: Actor, at: dt.datetime, split_from: int | None = None
) -> Submission:
    """A checked report that nobody knows yet becomes a case; the caller holds the transaction."""
    salt = new_salt()
    plan = plan_of(report, number, place, salt, by, at, split_from=split_from)
    case = writer.create(plan)
    row = report_row(report, case, salt, by)
    insert([row])
    search.index_case(case.pk, search_text(case, row))
    events.append("report.received", f"case:{case.pk}", received_event(case.number, row.source))
    return Submission(row, case, "created")


def place_of(case: Case) -> PlaceRef:
    return PlaceRef(**{name: getattr(case, name) for name in PlaceRef.__dataclass_fields__})


def _again(known: Report, report: SubmittedReport) -> Submission:
    digest = report.digest()
    if digest == known.digest or known.supplements.filter(digest=digest).exists():
        return Submission(known, known.case, "known")
    salt = new_salt()
    supplement = Supplement.objects.create(
        report=known, digest=digest, received_at=report.received_at, title=report.title, words=report.words, salt=salt
    )
    _record(
        known.case,
        "supplement",
        {"data": {"commitments": {supplement_key(supplement): commitments(salt, supplement)}}},
        SYSTEM_BY,
    )
    events.append("report.supplemented", f"case:{known.case_id}", received_event(known.case.number, known.source))
    return Submission(known, known.case, "supplemented")


def _attach(report: SubmittedReport, by: Actor) -> Submission:
    case = Case.objects.filter(number=report.attach_to).first()
    if case is None:
        raise NotFound(_("没有编号为 %s 的案件") % report.attach_to, field="attach_to")
    salt = new_salt()
    row = report_row(report, case, salt, by)
    insert([row])
    brought = {"data": hashed(report, salt), "photos": tuple(report.files)}
    _record(case, "attach", brought, reporter(by))
    events.append("report.received", f"case:{case.pk}", received_event(case.number, row.source))
    return Submission(row, case, "attached")


def _record(case: Case, verb: str, given: dict[str, Any], by: By) -> None:
    plan = plan_step(writer.load(case), verb, given, by, now(), rules_for(case.township_code))
    writer.store(plan, case)


# --- parts that the bulk writer uses too --------------------------------------------------------------------------


def checked(report: SubmittedReport) -> SubmittedReport:
    """The report with its texts trimmed, or UserError in the reader's words."""
    texts: dict[str, Any] = {
        name: _clean(name, getattr(report, name), most)
        for name, most in (
            ("title", 120), ("words", 20000), ("address", 200), ("reporter_name", 50), ("reporter_phone", 30),
            ("source_id", 100),
        )
    }  # fmt: skip
    if report.source not in Source.values:
        raise UserError(_("来源“%s”不在来源表中") % report.source, field="source")
    if not texts["source_id"]:
        raise UserError(_("请填写来源编号"), field="source_id")
    if not texts["title"] and not texts["words"]:
        raise UserError(_("请填写问题描述"), field="words")
    _check_point(report)
    texts["title"] = texts["title"] or texts["words"][:40]
    return replace(report, **texts)


LABELS = {
    "title": _lazy("标题"),
    "words": _lazy("问题描述"),
    "address": _lazy("地址"),
    "reporter_name": _lazy("反映人"),
    "reporter_phone": _lazy("联系电话"),
    "source_id": _lazy("来源编号"),
}


def _clean(name: str, text: str, most: int) -> str:
    text = text.replace("\x00", "").strip()
    if len(text) > most:
        sentence = _("“%(field)s”最多 %(most)d 字，现有 %(now)d 字")
        raise UserError(sentence % {"field": LABELS[name], "most": most, "now": len(text)}, field=name)
    return text


def _check_point(report: SubmittedReport) -> None:
    lon, lat = report.lon, report.lat
    if (lon is None) != (lat is None):
        raise UserError(_("经度和纬度必须一起填写"), field="lon")
    if lon is not None and lat is not None and not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise UserError(_("经度须在 -180 到 180 之间，纬度须在 -90 到 90 之间"), field="lon")


def places(reports: Sequence[SubmittedReport]) -> list[PlaceRef]:
    """One look-up for all points."""
    points = [(r.lon, r.lat) for r in reports if r.lon is not None and r.lat is not None]
    found = iter(locate_many([lon for lon, _lat in points], [lat for _lon, lat in points]) if points else ())
    return [PlaceRef(*next(found)) if report.lon is not None else PlaceRef() for report in reports]


def numbers(at: dt.datetime, located: Sequence[PlaceRef]) -> list[str]:
    """Public numbers: division code (6), year, month and day (6), count of the day (5 or more)."""
    day = at.astimezone(SHANGHAI).strftime("%y%m%d")
    fallback = str(configuration.value("installation.division_code"))
    counted = next_numbers(f"case:{day}", len(located))
    return [f"{place.county_code or fallback}{day}{count:05}" for place, count in zip(located, counted, strict=True)]


def plan_of(
    report: SubmittedReport,
    number: str,
    place: PlaceRef,
    salt: str,
    by: Actor,
    at: dt.datetime,
    rules: Rules | None = None,
    *,
    split_from: int | None = None,
) -> Plan:
    new = NewCase(
        number=number,
        source=report.source,
        title=report.title,
        description=report.words,
        address=report.address,
        place=place,
        is_urgent=report.is_urgent,
        split_from_id=split_from,
        reporter_user_id=by.user_id,
        reporter_department_id=by.home_department_id,
        data=hashed(report, salt),
        photos=tuple(report.files),
    )
    return plan_report(new, reporter(by), at, rules or rules_for(place.township_code or place.county_code))


def reporter(by: Actor) -> By:
    role = "reporter" if by.user_id else "system"
    return By(by.user_id, str(by.name), role, by.post_name, by.home_department_id, by.home_department_name)


def hashed(report: SubmittedReport, salt: str) -> dict[str, Any]:
    """What history keeps of a report: where it came from, and commitments to its words and pictures."""
    kept = Report(source=report.source, source_id=report.source_id, **_texts(report))
    words = {report_key(kept): commitments(salt, kept)}
    shown = files.commitments_of(list(files.StoredFile.objects.filter(pk__in=report.files))) if report.files else {}
    return {"source": report.source, "commitments": words | shown}


def _texts(report: SubmittedReport) -> dict[str, str]:
    return {name: getattr(report, name) for name in Report.PERSONAL}


def report_row(report: SubmittedReport, case: Case, salt: str, by: Actor) -> Report:
    return Report(
        source=report.source,
        source_id=report.source_id,
        digest=report.digest(),
        case=case,
        received_at=report.received_at,
        occurred_at=report.occurred_at,
        lon=report.lon,
        lat=report.lat,
        reporter_id=by.user_id,
        salt=salt,
        extra=report.extra,
        **_texts(report),
    )


def new_salt() -> str:
    return secrets.token_hex(16)


def commitments(salt: str, row: Report | Supplement) -> dict[str, str]:
    return {name: commitment(salt, name, getattr(row, name)) for name in row.PERSONAL if getattr(row, name)}


def received_event(number: str, source: str) -> dict[str, Any]:
    return {"number": number, "source": source}


def search_text(case: Case, report: Report) -> str:
    return " ".join((case.number, case.title, report.words, report.address, case.class_name, report.source_id))
