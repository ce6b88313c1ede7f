"""发布: a result frozen with its scheme, values, scores, ranks and the cases behind every figure; corrected by a new
version. What was published is never changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from chengyun.core import history
from chengyun.core.errors import Conflict, NotFound, UserError
from chengyun.core.instants import now, today
from chengyun.insight.evaluation import access, backlog, objects, schemes, spans, word_templates
from chengyun.insight.evaluation.computing import GroupResult, Result, Row, evaluate
from chengyun.insight.evaluation.models import PaperKind, Publication, PublishedCases, PublishedRow
from chengyun.insight.evaluation.spans import Span
from chengyun.insight.figures import packing
from chengyun.insight.figures.indicator import Measure
from chengyun.insight.figures.measuring import Figure, Value
from chengyun.insight.figures.together import Part, cases_together
from chengyun.people.access import Actor

if TYPE_CHECKING:
    from chengyun.insight.facts.session import Session

LONGEST_REASON: Final = 300


class NobodyScored(UserError):
    """There is nothing to publish."""


def publish(kind_key: str, span: Span, group: str = "", *, by: Actor, facts: Session | None = None) -> Publication:
    """Measured now and frozen. Refused with the day where the period is not over, and where it was published before or
    nobody has a score (NobodyScored): what is published stays for good."""
    access.check_writes(by)
    kind, region_code = objects.kind_for(kind_key), access.region_of(by)
    if not span.is_over(today()):
        raise UserError(
            _("%(span)s到 %(last)s 才结束，结束后再发布") % {"span": span.title, "last": span.period.last},
            field="period",
        )
    if versions_of(kind.key, group, span.key, region_code):
        raise Conflict(_("%s的评价结果已经发布；需要改动时请更正") % span.title)
    return _frozen(kind.key, span, group, region_code, version=1, reason="", by=by, facts=facts)


def correct(publication: Publication, reason: str, *, by: Actor, facts: Session | None = None) -> Publication:
    """更正: measured again now, by the scheme that holds for the period now; the version before stays as it is."""
    access.check_writes(by)
    reason = reason.strip()
    if not reason:
        raise UserError(_("请写明更正的理由"), field="reason")
    if len(reason) > LONGEST_REASON:
        raise UserError(_("更正的理由最多 %d 字") % LONGEST_REASON, field="reason")
    if publication.region_code != access.region_of(by):
        raise NotFound(_("没有这份评价结果，或者您不能查看"))
    newest = versions_of(publication.kind, publication.group, publication.period, publication.region_code)[0]
    if newest.pk != publication.pk:
        raise Conflict(_("这一版已被第 %d 版更正取代，请打开最新的一版") % newest.version)
    return _frozen(
        publication.kind, span_of(publication), publication.group, publication.region_code,
        version=publication.version + 1, reason=reason, by=by, facts=facts,
    )  # fmt: skip


def versions_of(kind: str, group: str, period: str, region_code: str) -> list[Publication]:
    """Newest first."""
    rows = Publication.objects.filter(kind=kind, group=group, period=period, region_code=region_code)
    return list(rows.order_by("-version"))


def span_of(publication: Publication) -> Span:
    return spans.read(publication.period)


def _frozen(
    kind: str, span: Span, group: str, region_code: str, *, version: int, reason: str, by: Actor,
    facts: Session | None,
) -> Publication:  # fmt: skip
    from chengyun.insight.facts.session import session

    with translation.override(schemes.LANGUAGE):
        # One state of the facts for values and ids alike.
        facts = facts or session()
        result = evaluate(kind, span, region_code=region_code, facts=facts)
        chosen = result.group(group)
        if version == 1 and all(row.total is None for row in chosen.rows):
            raise NobodyScored(
                _("%s没有可以评价的数据，没有一个对象有得分，不能发布；请换一个周期") % span.title, field="period"
            )
        scheme = schemes.plain(result.plan)
        group_name = str(chosen.group.name)
    rows = [row_content(row) for row in chosen.rows]
    behind = [(parts, packing.pack(ids)) for parts, ids in cases_behind(result, chosen, facts)]
    behind += backlog.frozen(result, chosen, facts)
    period = span.period
    publication = Publication(
        kind=kind, group=group, group_name=group_name, period=span.key, length=span.length, first=period.first,
        last=period.last, region_code=region_code, version=version, reason=reason, scheme=scheme,
        as_of_cursor=str(result.as_of.cursor), as_of_at=result.as_of.at, published_at=now(),
        published_by_id=by.user_id, published_by=by.name, template=word_templates.kept(PaperKind.BULLETIN),
    )  # fmt: skip
    publication.digest = digest_of(publication, rows, [(parts, _sha(content)) for parts, content in behind])
    return _stored(publication, rows, behind, by)


@transaction.atomic
def _stored(
    publication: Publication, rows: Sequence[Mapping[str, Any]], behind: Sequence[tuple[list[str], bytes]], by: Actor
) -> Publication:
    try:
        with transaction.atomic():
            publication.save(force_insert=True)
    except IntegrityError:
        raise Conflict(_("别人刚刚发布了同一份结果，请刷新页面")) from None
    PublishedRow.objects.bulk_create(
        [PublishedRow(publication=publication, place=place, **row) for place, row in enumerate(rows)], batch_size=500
    )
    PublishedCases.objects.bulk_create(
        PublishedCases(publication=publication, parts=parts, content=content, digest=_sha(content))
        for parts, content in behind
    )
    told = {"kind": publication.kind, "group": publication.group, "period": publication.period,
            "version": publication.version, "digest": publication.digest}  # fmt: skip
    verb = "evaluation.corrected" if publication.version > 1 else "evaluation.published"
    history.record(chain_of(publication), verb, told | {"reason": publication.reason}, by=by)
    return publication


def chain_of(publication: Publication) -> str:
    return f"evaluation:{publication.pk}"


# --- what is kept -----------------------------------------------------------------------------------------------------


def row_content(row: Row) -> dict[str, Any]:
    """A row as `PublishedRow` keeps it."""
    judgement = row.judgement
    return {
        "key": str(row.key), "name": row.name, "total": row.total, "grade": judgement.grade, "rank": row.rank,
        "previous_total": row.previous_total, "previous_rank": row.previous_rank, "late": row.late,
        "exempted": row.exempted,
        "figures": [
            value_content(value) | {"score": None if score is None else str(score), "weight": str(weight)}
            for value, score, weight in zip(row.values, judgement.scores, judgement.weights, strict=True)
        ],
    }  # fmt: skip


def value_content(value: Value) -> dict[str, float | None]:
    return {"value": value.value, "numerator": value.numerator, "denominator": value.denominator}


def cases_behind(result: Result, chosen: GroupResult, facts: Session) -> list[tuple[list[str], dict[str, list[int]]]]:
    """For every measured part (`part_name`) the case ids of every object; parts that count the same rows once."""
    named: dict[Measure, list[str]] = {}
    figure_of: dict[Measure, Figure] = {}
    for place, figure in enumerate(result.figures):
        for part, measured in (("of", figure.indicator.of), ("over", figure.indicator.over)):
            if measured is not None:
                named.setdefault(measured, []).append(part_name(place, part))
                figure_of[measured] = figure
    for key, figure in result.beside.items():
        named.setdefault(figure.indicator.of, []).append(key)
        figure_of[figure.indicator.of] = figure
    part_of = {each: Part(each, figure_of[each].question, (result.kind.dimension,)) for each in named}
    found = cases_together(facts, part_of.values(), result.as_of)
    keys = [row.key for row in chosen.rows]
    return [(parts, packing.ids_of(found[part_of[each]], keys)) for each, parts in named.items()]


def part_name(place: int, part: str) -> str:
    """`0/of`: the numerator of the first line; `late` and `exempted` have no line."""
    return f"{place}/{part}"


def keeps(publication: Publication, part: str) -> bool:
    return any(part in parts for parts in publication.behind.values_list("parts", flat=True))


def kept_cases(publication: Publication, part: str) -> dict[str, list[int]]:
    """The frozen case ids of a part by object; objects without any are left out."""
    for row in publication.behind.all():
        if part in row.parts:
            return packing.unpack(bytes(row.content))
    return {}


def digest_of(
    publication: Publication, rows: Sequence[Mapping[str, Any]], behind: Sequence[tuple[list[str], str]]
) -> str:
    told = {
        "kind": publication.kind, "group": publication.group, "period": publication.period,
        "region": publication.region_code, "version": publication.version, "reason": publication.reason,
        "as_of": [publication.as_of_cursor, publication.as_of_at.isoformat()],
        "scheme": publication.scheme, "rows": list(rows), "behind": [[parts, digest] for parts, digest in behind],
    }  # fmt: skip
    if publication.template is not None:
        told["template"] = _sha(bytes(publication.template.content))
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


def is_intact(publication: Publication) -> bool:
    """Whether the rows and ids in the database are those that were published."""
    kept = ("key", "name", "total", "grade", "rank", "previous_total", "previous_rank", "late", "exempted", "figures")
    rows = [dict(zip(kept, values, strict=True)) for values in publication.rows.order_by("place").values_list(*kept)]
    behind = [(row.parts, _sha(bytes(row.content))) for row in publication.behind.order_by("id")]
    return digest_of(publication, rows, behind) == publication.digest


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
