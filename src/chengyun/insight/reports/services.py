"""Everything that changes a report: drafted, put into words, corrected, issued. Then it stands as it is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from chengyun.core import history
from chengyun.core.errors import Conflict, NotFound, UserError
from chengyun.core.instants import now, today
from chengyun.core.printable import one_line
from chengyun.insight.figures.dimensions import Key
from chengyun.insight.figures.indicator import PER_CENT
from chengyun.insight.figures.periods import Period
from chengyun.insight.figures.possible import why_impossible
from chengyun.insight.reports import facts, naming, texts, word_templates, words
from chengyun.insight.reports.access import check_writes, region_of
from chengyun.insight.reports.counted import Cases, unpacked
from chengyun.insight.reports.facts import Subject
from chengyun.insight.reports.models import Correction, CountedCases, WorkReport
from chengyun.people import register
from chengyun.people.access import Actor

LONGEST_TEXT = 4000
# Reports are Chinese, whoever drafts them and in whichever language he works.
LANGUAGE = "zh-hans"


def draft(
    kind: str, period: Period, *, by: Actor, title: str = "", where: Mapping[str, Sequence[Key]] | None = None
) -> WorkReport:
    check_writes(by)
    if period.first > today():
        raise UserError(_("这个时段还没有开始；请选择已经开始的时段"), field="day")
    return draft_for(kind, period, region_of(by), by=by, title=one_line(title), where=where)


def draft_for(
    kind: str, period: Period, region_code: str, *, by: Actor, title: str = "", itself: bool = False,
    where: Mapping[str, Sequence[Key]] | None = None,
) -> WorkReport:  # fmt: skip
    subject = Subject(kind, period, region_code, where)
    template = word_templates.TEMPLATES.current(kind)
    drawn = _measured(template, subject)
    with translation.override(LANGUAGE):
        title = title or naming.title_of(kind, period, region_code)
    report = WorkReport(
        kind=kind, title=title, first=period.first, last=period.last, region_code=region_code,
        where={key: list(keys) for key, keys in (where or {}).items()}, facts=drawn.facts, as_of_cursor=drawn.cursor,
        as_of_at=drawn.at,
        template=template, drafted_at=now(), drafted_by="" if itself else by.name,
    )  # fmt: skip
    with transaction.atomic():
        report.save(force_insert=True)
        _keep(report, drawn.sets)
        _tell(report, "drafted", {"digest": digest_of(report, ())}, by)
    return report


@transaction.atomic
def draft_anew(report: WorkReport, *, by: Actor) -> WorkReport:
    """The figures as they are now, in the template as it is now; texts and corrections stay."""
    report = _draft(report, by)
    report.template = word_templates.TEMPLATES.current(report.kind)
    drawn = _measured(bytes(report.template), subject_of(report))
    report.facts, report.as_of_cursor, report.as_of_at, report.drafted_at = drawn.facts, drawn.cursor, drawn.at, now()
    report.save(update_fields=["template", "facts", "as_of_cursor", "as_of_at", "drafted_at"])
    _keep(report, drawn.sets)
    _tell(report, "drafted_anew", {"digest": digest_of(report, ())}, by)
    return report


@transaction.atomic
def write_texts(
    report: WorkReport, given: Mapping[str, str], *, by: Actor, seen: Mapping[str, str] | None = None
) -> WorkReport:
    """`seen` has the prints of the blocks as the writer found them: what he left alone stays as it is by now."""
    report, seen = _draft(report, by), seen or {}
    for key, text in given.items():
        if len(text) > LONGEST_TEXT:
            raise UserError(_("每块文字最多 %d 字") % LONGEST_TEXT, field=key)
    changed = texts.changed(given, report.texts, seen)
    if overtaken := texts.overtaken(changed, report.texts, seen):
        titles = "、".join(each["title"] for each in report.facts["texts"] if each["key"] in overtaken)
        raise Conflict(_("“%s”在您打开之后被别人改过，文字没有保存；请看下面现在的文字，改好后再保存") % titles)
    if changed:
        report.texts = {**report.texts, **changed}
        report.save(update_fields=["texts"])
        _tell(report, "written", {"texts": changed}, by)
    return report


@transaction.atomic
def correct(report: WorkReport, ref: str, new: float, reason: str, *, by: Actor) -> Correction:
    """Give a figure by hand. What was measured stays beside it."""
    report = _draft(report, by)
    fact = report.facts["figures"].get(ref)
    if fact is None:
        raise NotFound(_("报表里没有这个数"))
    if not reason.strip():
        raise UserError(_("请写明更正的理由"), field="reason")
    if abs(new) > 1e12 or new != new:
        raise UserError(_("更正后的数太大"), field="new")
    if reason_not := why_impossible(fact["title"], new, share=_is_share(fact), whole=fact.get("whole", False)):
        raise UserError(reason_not, field="new")
    if new == fact["value"]:
        raise UserError(_("更正后的数与原数相同"), field="new")
    _withdraw_standing(report, ref)
    row = Correction(
        report=report, ref=ref, title=words.of_figure(fact), old=fact["value"], new=new, reason=reason.strip(),
        at=now(), by_id=by.user_id, by_name=by.name,
    )  # fmt: skip
    register.check(row)
    row.save(force_insert=True)
    _tell(report, "corrected", {"figure": ref, "old": fact["value"], "new": new, "reason": row.reason}, by)
    return row


def _is_share(fact: Mapping[str, Any]) -> bool:
    """A module's own figure says it by its unit alone."""
    return bool(fact["share"]) or fact["unit"] == PER_CENT


@transaction.atomic
def withdraw(report: WorkReport, ref: str, *, by: Actor) -> None:
    """The measured figure holds again."""
    report = _draft(report, by)
    if not _withdraw_standing(report, ref):
        raise NotFound(_("这个数没有更正过"))
    _tell(report, "correction_withdrawn", {"figure": ref}, by)


def _withdraw_standing(report: WorkReport, ref: str) -> int:
    return report.corrections.filter(ref=ref, withdrawn_at=None).update(withdrawn_at=now())


@transaction.atomic
def issue(report: WorkReport, *, by: Actor) -> WorkReport:
    report = _draft(report, by)
    if report.last >= today():
        raise UserError(_("这个时段到 %s 才结束，结束后再签发") % report.last.isoformat())
    report.digest = digest_of(report, corrections_of(report))
    report.state, report.issued_at, report.issued_by = WorkReport.State.ISSUED, now(), by.name
    report.save(update_fields=["state", "issued_at", "issued_by", "digest"])
    _tell(report, "issued", {"digest": report.digest}, by)
    return report


def corrections_of(report: WorkReport) -> list[Correction]:
    return list(report.corrections.filter(withdrawn_at=None))


def subject_of(report: WorkReport) -> Subject:
    return Subject(report.kind, Period(report.first, report.last), report.region_code, report.where)


def _keep(report: WorkReport, sets: Sequence[bytes]) -> None:
    report.counted.all().delete()
    rows = [CountedCases(report=report, number=number, packed=each) for number, each in enumerate(sets)]
    CountedCases.objects.bulk_create(rows, batch_size=100)


def cases_of(report: WorkReport, fact: Mapping[str, Any], part: int = 0) -> Cases | None:
    """Those that the figure counted; `part` 1 is its denominator. None where they were not kept: a report of an older
    release, a module's own figure, a target."""
    behind = fact.get("behind", ())
    row = report.counted.filter(number=behind[part]).first() if part < len(behind) else None
    return unpacked(bytes(row.packed)) if row else None


@dataclass(frozen=True)
class Changed:
    """A figure that is otherwise now: its value, and the cases that came into its count and left it."""

    fact: Mapping[str, Any]
    value: float | None
    came: frozenset[int] = frozenset()
    left: frozenset[int] = frozenset()


def differences(report: WorkReport) -> list[Changed]:
    """The figures that are otherwise today than in the report, or that count other cases."""
    drawn = _measured(bytes(report.template), subject_of(report))
    kept = {row.number: bytes(row.packed) for row in report.counted.all()}
    now_known, found = drawn.facts["figures"], []
    for ref, fact in report.facts["figures"].items():
        fresh = now_known.get(ref)
        value = fresh["value"] if fresh else None
        came, left = _moved(fact, kept, fresh, drawn.sets) if fresh else (frozenset(), frozenset())
        if came or left or not _same(value, fact["value"]):
            found.append(Changed(fact, value, came, left))
    known = report.facts["figures"]
    return found + [
        Changed({**fact, "value": None}, fact["value"]) for ref, fact in now_known.items() if ref not in known
    ]


def _moved(
    fact: Mapping[str, Any], kept: Mapping[int, bytes], fresh: Mapping[str, Any], sets: Sequence[bytes]
) -> tuple[frozenset[int], frozenset[int]]:
    """Of numerator and denominator together; none where nothing was kept."""
    pairs = [(kept[then], sets[new]) for then, new in zip(fact.get("behind", ()), fresh.get("behind", ()), strict=False)
             if then in kept]  # fmt: skip
    differing = [(unpacked(then), unpacked(new)) for then, new in pairs if then != new]
    came = frozenset(each for then, new in differing for each in new.keys() - then.keys())
    return came, frozenset(each for then, new in differing for each in then.keys() - new.keys())


def _same(one: float | None, other: float | None) -> bool:
    return one == other or (one is not None and other is not None and abs(one - other) < 1e-9 * max(1.0, abs(one)))


def digest_of(report: WorkReport, corrections: Sequence[Correction]) -> str:
    """Over every figure, the cases behind it, every correction and the texts: who has it can prove what was issued."""
    told = {
        "figures": {ref: fact["value"] for ref, fact in report.facts["figures"].items()},
        "corrections": {each.ref: each.new for each in corrections},
        "texts": report.texts,
        "cases": _digest_of_cases(report),
        "template": hashlib.sha256(report.template).hexdigest(),
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _digest_of_cases(report: WorkReport) -> str:
    """Of the numbers, not of how they are packed."""
    whole = hashlib.sha256()
    for row in report.counted.order_by("number").iterator():
        whole.update(json.dumps(sorted(unpacked(bytes(row.packed)).items())).encode())
    return whole.hexdigest()


def _measured(template: bytes, subject: Subject) -> facts.Drawn:
    with translation.override(LANGUAGE):
        return facts.measured(word_templates.checked(template), subject)


def _draft(report: WorkReport, by: Actor) -> WorkReport:
    """As it stands now, locked, while it may still be changed."""
    check_writes(by)
    report = register.locked(report)
    if not report.is_draft:
        raise Conflict(_("“%s”已经签发，不能再改；需要更正时另编一份") % report.title)
    return report


def _tell(report: WorkReport, what: str, data: dict[str, Any], by: Actor) -> None:
    history.record(chain_of(report), f"work_report.{what}", data | {"kind": report.kind}, by=by)


def chain_of(report: WorkReport) -> str:
    return f"work_report:{report.pk}"
