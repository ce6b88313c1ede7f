"""What campaigns have to tell in reports: how many ran, how far they are, what became of their cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from chengyun.casework.campaigns import progress
from chengyun.casework.campaigns.models import Campaign, CampaignCase, Task
from chengyun.core.declarations import PartFigure, ReportPart

# The latest are told one by one.
MOST: Final = 20
NO_BRACES: Final = str.maketrans("{}", "（）")


def build(first: dt.date, last: dt.date, region_code: str) -> ReportPart | None:
    """Campaigns that ran on any of these days, led by a department of the place or by one that is of no place."""
    rows = Campaign.objects.filter(begins__lte=last, ends__gte=first).exclude(state=Campaign.State.CANCELLED)
    if region_code:
        rows = rows.filter(Q(lead__region_code="") | Q(lead__region_code__startswith=region_code))
    campaigns = list(rows.select_related("lead").order_by("-begins", "-id"))
    if not campaigns:
        return None
    shares, cases = _shares(campaigns), _cases(campaigns)
    figures = _totals(campaigns, shares, cases)
    lines = [
        _("开展专项行动 {count} 项，其中已总结 {closed} 项，平均进度 {share}%；归集案件 {cases} 件，结案 {done} 件。")
    ]
    for each in campaigns[:MOST]:
        figures |= _figures(each, shares.get(each.pk), cases.get(each.pk, (0, 0)))
        lines.append(_line(each))
    if len(campaigns) > MOST:
        lines.append(_("其余 %d 项见专项行动清单。") % (len(campaigns) - MOST))
    return ReportPart(lines, figures)


def _shares(campaigns: Sequence[Campaign]) -> dict[int, int]:
    """Per cent; of a closed campaign as it was closed. Without a task there is none."""
    closed = {each.pk: each.figures.get("share") for each in campaigns if each.figures is not None}
    tasks: dict[int, list[progress.TaskProgress]] = {}
    running = Task.objects.filter(campaign__in=[each.pk for each in campaigns if each.pk not in closed])
    for each in progress.of_tasks(running.select_related("target", "department", "campaign")):
        tasks.setdefault(each.task.campaign_id, []).append(each)
    found = closed | {pk: progress.overall(mine) for pk, mine in tasks.items()}
    return {pk: int(share) for pk, share in found.items() if share is not None}


def _cases(campaigns: Sequence[Campaign]) -> dict[int, tuple[int, int]]:
    """Linked cases, and those of them that are closed."""
    links = CampaignCase.objects.filter(campaign__in=[each.pk for each in campaigns]).values_list("campaign")
    counted = links.annotate(cases=Count("pk"), done=Count("pk", filter=Q(case__closed_at__isnull=False)))
    return {pk: (cases, done) for pk, cases, done in counted.order_by()}


def _totals(
    campaigns: Sequence[Campaign], shares: Mapping[int, int], cases: Mapping[int, tuple[int, int]]
) -> dict[str, PartFigure]:
    """A case of two campaigns counts for both."""
    pieces, every = _("件"), reverse("campaigns:campaigns")
    closed = sum(each.state == Campaign.State.CLOSED for each in campaigns)
    mean = round(sum(shares.values()) / len(shares), 1) if shares else None
    return {
        "count": PartFigure(_("专项行动"), len(campaigns), _("项"), every),
        "closed": PartFigure(_("已总结的专项行动"), closed, _("项"), f"{every}?state=closed"),
        "share": PartFigure(_("专项行动平均进度"), mean, "%", every),
        "cases": PartFigure(_("专项行动归集案件"), sum(each[0] for each in cases.values()), pieces, every),
        "done": PartFigure(_("专项行动归集案件结案"), sum(each[1] for each in cases.values()), pieces, every),
    }


def _figures(campaign: Campaign, share: int | None, cases: tuple[int, int]) -> dict[str, PartFigure]:
    pieces, page = _("件"), campaign.get_absolute_url()
    listed = reverse("campaigns:cases", args=[campaign.pk])
    return {
        f"share_{campaign.pk}": PartFigure(_("进度：%s") % campaign.name, share, "%", page),
        f"cases_{campaign.pk}": PartFigure(_("归集案件：%s") % campaign.name, cases[0], pieces, listed),
        f"done_{campaign.pk}": PartFigure(_("归集案件结案：%s") % campaign.name, cases[1], pieces, listed),
    }


def _line(campaign: Campaign) -> str:
    said = {
        "name": campaign.name.translate(NO_BRACES), "lead": campaign.lead.short_name.translate(NO_BRACES),
        "begins": campaign.begins.isoformat(), "ends": campaign.ends.isoformat(), "id": campaign.pk,
    }  # fmt: skip
    return (
        _(
            "“%(name)s”（%(lead)s，%(begins)s 至 %(ends)s）：进度 {share_%(id)d}%%，归集案件 {cases_%(id)d} 件，"
            "结案 {done_%(id)d} 件。"
        )
        % said
    )
