"""Which cases belong to a campaign: by class, time of report and township, or named by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from chengyun.casework.campaigns.access import check_manages
from chengyun.casework.campaigns.models import Campaign, CampaignCase
from chengyun.casework.cases.models import Case
from chengyun.casework.cases.queries import case_for
from chengyun.casework.cases.workflow import Stage
from chengyun.core.errors import UserError
from chengyun.core.instants import SHANGHAI, now
from chengyun.people.access import SYSTEM, Actor
from chengyun.taxonomy.models import ClassMapping

# A refused, voided or merged report is nobody's result.
NOT_COUNTED = (Stage.REFUSED, Stage.VOID, Stage.MERGED)


def link_standing_cases(campaign: Campaign) -> None:
    """All that the rule takes in of the cases that are there already."""
    rule = _rule(campaign)
    if rule is not None:
        _link(campaign, Case.objects.filter(rule).exclude(stage__in=NOT_COUNTED).values_list("pk", flat=True))


def link_new_cases(case_ids: Iterable[int]) -> None:
    """Cases that were just classed join the campaigns under way that take them in."""
    ids = list(case_ids)
    for campaign in Campaign.objects.filter(state=Campaign.State.RUNNING):
        rule = _rule(campaign)
        if rule is not None:
            found = Case.objects.filter(rule, pk__in=ids).exclude(stage__in=NOT_COUNTED)
            _link(campaign, found.values_list("pk", flat=True))


def _rule(campaign: Campaign) -> Q | None:
    """None where the campaign names no class: then cases are linked by hand alone."""
    classes = set(campaign.minor_classes.values_list("pk", flat=True))
    if not classes:
        return None
    # The same problem filed under an older edition.
    classes |= set(ClassMapping.objects.filter(new__in=classes).values_list("old", flat=True))
    begins = dt.datetime.combine(campaign.begins, dt.time(), SHANGHAI)
    ends = dt.datetime.combine(campaign.ends + dt.timedelta(days=1), dt.time(), SHANGHAI)
    rule = Q(minor_class__in=classes, reported_at__gte=begins, reported_at__lt=ends)
    return rule & Q(township_code__in=campaign.township_codes) if campaign.township_codes else rule


def _link(campaign: Campaign, case_ids: Iterable[int]) -> None:
    rows = (
        CampaignCase(campaign=campaign, case_id=pk, how=CampaignCase.How.RULE, at=now(), by_name=SYSTEM.name)
        for pk in case_ids
    )
    CampaignCase.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


@transaction.atomic
def link_by_hand(campaign: Campaign, number: str, *, by: Actor) -> CampaignCase:
    check_manages(by)
    if not campaign.is_open:
        raise UserError(_("专项行动“%s”已经结束，不能再关联案件") % campaign.name)
    case = case_for(by, number.strip())
    link, made = CampaignCase.objects.get_or_create(
        campaign=campaign, case=case, defaults={"how": CampaignCase.How.HAND, "at": now(), "by_name": by.name}
    )
    if not made:
        raise UserError(_("案件 %s 已经在这项行动里") % case.number, field="number")
    return link


@transaction.atomic
def unlink(campaign: Campaign, number: str, *, by: Actor) -> None:
    """A case linked by hand; the rule would bring its own back."""
    check_manages(by)
    number = number.replace("\x00", "")  # PostgreSQL refuses NUL in a text
    link = CampaignCase.objects.filter(campaign=campaign, case__number=number).first()
    if link is None or not campaign.is_open:
        raise UserError(_("案件 %s 不在这项行动里，或行动已经结束") % number)
    if link.how != CampaignCase.How.HAND:
        raise UserError(_("案件 %s 按小类和时间自动归集，不能单独移出；可以修改行动涉及的小类") % number)
    link.delete()
