"""Personal words of reports and supplements: where history's commitments to them find them, and how they are erased."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from chengyun.casework.cases import search
from chengyun.casework.cases.models import Case, Report, Supplement
from chengyun.core import history
from chengyun.core.who import Doer

Held = tuple[str, Mapping[str, str]]


def report_key(report: Report) -> str:
    return f"report:{report.source}/{report.source_id}"


def supplement_key(supplement: Supplement) -> str:
    return f"supplement:{supplement.pk}"


def erase_report(report: Report, *, by: Doer, reason: str) -> None:
    """Remove what somebody said, with all supplements; the case, its steps and its deadlines stay."""
    with transaction.atomic():
        for supplement in report.supplements.exclude(salt=""):
            history.erase(supplement_key(supplement), by=by, reason=reason)
        history.erase(report_key(report), by=by, reason=reason)


def read_reports(keys: Sequence[str]) -> Mapping[str, Held]:
    by_source: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        source, _slash, source_id = key.removeprefix("report:").partition("/")
        by_source[source].append(source_id)
    rows = [Report.objects.filter(source=source, source_id__in=ids) for source, ids in by_source.items()]
    return {report_key(row): (row.salt, _values(row)) for some in rows for row in some}


def read_supplements(keys: Sequence[str]) -> Mapping[str, Held]:
    ids = [int(key.removeprefix("supplement:")) for key in keys]
    return {supplement_key(row): (row.salt, _values(row)) for row in Supplement.objects.filter(pk__in=ids)}


def remove_report(key: str) -> None:
    source, _slash, source_id = key.removeprefix("report:").partition("/")
    report = Report.objects.get(source=source, source_id=source_id)
    _forget_in_case(report)
    Report.objects.filter(pk=report.pk).update(salt="", extra={}, **dict.fromkeys(Report.PERSONAL, ""))


def remove_supplement(key: str) -> None:
    supplements = Supplement.objects.filter(pk=int(key.removeprefix("supplement:")))
    supplements.update(salt="", **dict.fromkeys(Supplement.PERSONAL, ""))


def _values(row: Report | Supplement) -> dict[str, str]:
    return {name: getattr(row, name) for name in row.PERSONAL}


def _forget_in_case(report: Report) -> None:
    """The case took over the words of its first report, and the search index holds them."""
    case = Case.objects.get(pk=report.case_id)
    copies = {"title": report.title, "description": report.words, "address": report.address}
    blanks = {name: "" for name, said in copies.items() if said and getattr(case, name) == said}
    if "title" in blanks:
        blanks["title"] = _("（内容已清除）")
    Case.objects.filter(pk=case.pk).update(**blanks)
    case.refresh_from_db()
    others = " ".join(other.words for other in case.reports.exclude(pk=report.pk))
    search.index_case(case.pk, " ".join((case.number, case.title, others, case.address, case.class_name)))


HOLDERS = [
    history.PersonalHolder("report", read_reports, remove_report),
    history.PersonalHolder("supplement", read_supplements, remove_supplement),
]
