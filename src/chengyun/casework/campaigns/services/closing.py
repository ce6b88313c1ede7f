"""The end of a campaign: its report in the office's words over figures that are frozen then."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chengyun.casework.campaigns import progress
from chengyun.casework.campaigns.access import check_manages
from chengyun.casework.campaigns.models import Campaign
from chengyun.core.errors import Conflict, UserError
from chengyun.core.instants import now
from chengyun.people import register
from chengyun.people.access import Actor

TEXTS = ("results", "problems", "next_steps")


def figures(campaign: Campaign) -> dict[str, Any]:
    """What the report tells: of the day it was frozen, or as it stands now."""
    if campaign.figures is not None:
        return dict(campaign.figures)
    tasks = progress.of_tasks(campaign.tasks.select_related("target", "department"))
    return {
        "cases": progress.case_figures(campaign),
        "share": progress.overall(tasks),
        "targets": [
            {"name": each.target.name, "unit": each.target.unit, "amount": each.amount, "done": each.done}
            for each in progress.of_targets(tasks, campaign.targets.all())
        ],
        "units": [
            {
                "name": name,
                "share": share,
                "tasks": [
                    {"target": each.task.target.name, "unit": each.task.target.unit, "amount": each.task.amount,
                     "done": each.done, "state": each.state_label}
                    for each in mine
                ],
            }
            for name, share, mine in progress.by_department(tasks)
        ],
    }  # fmt: skip


@transaction.atomic
def write_report(campaign: Campaign, *, by: Actor, **texts: str) -> Campaign:
    check_manages(by)
    campaign = _running(campaign)
    register.change(campaign, {name: texts.get(name, "").strip() for name in TEXTS}, by=by)
    return campaign


@transaction.atomic
def close(campaign: Campaign, *, by: Actor) -> Campaign:
    """Freeze the figures. What is open stays as it is and shows in the report."""
    check_manages(by)
    campaign = _running(campaign)
    if not campaign.results.strip():
        raise UserError(_("请先填写“主要成效”，再结束行动"), field="results")
    frozen = {"state": Campaign.State.CLOSED, "figures": figures(campaign), "closed_at": now()}
    register.change(campaign, frozen, by=by, action="finished")
    return campaign


def _running(campaign: Campaign) -> Campaign:
    campaign = register.locked(campaign)
    if campaign.state != Campaign.State.RUNNING:
        raise Conflict(_("专项行动“%s”不在进行中，不能写总结") % campaign.name)
    return campaign
