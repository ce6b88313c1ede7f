"""通报: a published result put together for paper, from what the publication froze and nothing else.

`bulletin_word` and `bulletin_book` write it. It is Chinese, whoever takes it and in whichever language he works.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from chengyun.core.errors import NotFound
from chengyun.core.instants import SHANGHAI
from chengyun.insight.evaluation import access, backlog, objects, publishing, showing
from chengyun.insight.evaluation.backlog import LateCase
from chengyun.insight.evaluation.models import Publication, PublishedRow
from chengyun.insight.evaluation.showing import LineWords, Subject
from chengyun.insight.figures.naming import centre_name, county_name
from chengyun.people.access import Actor


@dataclass(frozen=True)
class Bulletin:
    """`late` is None where a backlog cannot be told, as of persons."""

    publication: Publication
    subject: Subject
    title: str
    issuer: str
    rows: Sequence[PublishedRow]
    lines: Sequence[LineWords]
    late: Sequence[LateCase] | None
    replaced_by: int | None

    @property
    def name(self) -> str:
        """Of those who are ranked with each other."""
        return self.subject.group_name or str(self.subject.kind.title)

    @property
    def names(self) -> dict[str, str]:
        return {row.key: row.name for row in self.rows}

    @property
    def ranked(self) -> int:
        return sum(row.rank is not None for row in self.rows)

    # --- in words -----------------------------------------------------------------------------------------------------

    @property
    def period_words(self) -> str:
        told = {"first": self.publication.first, "last": self.publication.last, "name": self.name}
        return _("（%(first)s 至 %(last)s，%(name)s）") % told

    @property
    def as_of_words(self) -> str:
        return _("数据截至 %s") % moment(self.publication.as_of_at)

    @property
    def version_words(self) -> str:
        """Blank for a first version that stands."""
        words = []
        if self.publication.version > 1:
            told = {"version": self.publication.version, "reason": self.publication.reason}
            words.append(_("本通报为更正后的第 %(version)d 版，更正理由：%(reason)s。") % told)
        if self.replaced_by:
            words.append(_("这一版已被第 %d 版更正取代。") % self.replaced_by)
        return "".join(words)

    @property
    def grade_words(self) -> str:
        grades = self.subject.plan.rules.grades
        parts = [_("%(name)s 不低于 %(limit)s 分") % {"name": g.name, "limit": short(g.limit)} for g in grades[:-1]]
        return "，".join([*parts, _("其余为 %s") % grades[-1].name])

    @property
    def rank_words(self) -> str:
        told = {"count": len(self.rows), "ranked": self.ranked}
        words = _("共 %(count)d 个评价对象，%(ranked)d 个参加排名；总分相同的名次相同。") % told
        if self.ranked < len(self.rows):
            words += _("没有可以评价的数据的不计分、不排名。")
        return words

    @property
    def late_words(self) -> str:
        if not self.late:
            return _("截至 %s，没有已超期而未反馈处置结果的案件。") % moment(self.publication.as_of_at)
        told = {"at": moment(self.publication.as_of_at), "last": self.publication.last, "count": len(self.late)}
        return _(
            "截至 %(at)s，%(last)s 以前立案、已超期而未反馈处置结果的案件共 %(count)d 件。超期天数为自然日，"
            "从处置时限届满起算；没有天数的，曾经超期，现在的时限还没有届满。"
        ) % told  # fmt: skip

    @property
    def issued_words(self) -> str:
        told = {"who": self.publication.published_by, "at": moment(self.publication.published_at)}
        return _("%(who)s %(at)s 发布") % told


def compose(actor: Actor, publication: Publication) -> Bulletin:
    """Raises NotFound for whoever sees only his own line: a bulletin shows the whole group."""
    if not access.may_read_all(actor) and publication.kind != objects.DEPARTMENT:
        raise NotFound(_("个人岗位的评价通报由考核员和领导查看"))
    subject = showing.subject_of(publication)
    newest = publishing.versions_of(
        publication.kind, publication.group, publication.period, publication.region_code
    )[0]  # fmt: skip
    return Bulletin(
        publication,
        subject,
        _title(publication, subject),
        centre_name(publication.region_code),
        list(access.rows_for(actor, publication)),
        showing.line_words(subject.plan, subject.span.period.days),
        backlog.kept(publication),
        newest.version if newest.pk != publication.pk else None,
    )


def _title(publication: Publication, subject: Subject) -> str:
    told = {
        "county": county_name(publication.region_code),
        "span": subject.span.title,
        "name": subject.group_name or str(subject.kind.title),
    }
    return _("%(county)s%(span)s%(name)s绩效评价通报") % told


def moment(at: dt.datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def short(number: Decimal) -> str:
    """90, 38.46."""
    return f"{number.normalize():f}"


def change_of(row: PublishedRow) -> Decimal | None:
    if row.total is None or row.previous_total is None:
        return None
    return row.total - row.previous_total
