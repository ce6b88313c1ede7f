"""The closing report as Word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from chengyun.casework.campaigns.models import Campaign
from chengyun.core.paper import Paper


def word(campaign: Campaign, figures: Mapping[str, Any]) -> bytes:
    paper = Paper()
    paper.title(_("%s工作总结") % campaign.name)
    paper.centred(_period(campaign))
    _section(paper, _("一、工作目标"), campaign.goal)
    _section(paper, _("二、完成情况"), _summary(figures))
    _table(paper, figures)
    _section(paper, _("三、主要成效"), campaign.results)
    _section(paper, _("四、存在问题"), campaign.problems)
    _section(paper, _("五、下步打算"), campaign.next_steps)
    return paper.content()


def _period(campaign: Campaign) -> str:
    days = {"begins": campaign.begins.isoformat(), "ends": campaign.ends.isoformat(), "lead": campaign.lead.name}
    return _("（%(begins)s 至 %(ends)s，牵头部门：%(lead)s）") % days


def _summary(figures: Mapping[str, Any]) -> str:
    parts = [
        _("%(name)s：目标 %(amount)d %(unit)s，完成 %(done)d %(unit)s。") % target for target in figures["targets"]
    ]
    cases = _("行动期间归集案件 %(cases)d 件，结案 %(closed)d 件，超时 %(late)d 件。") % figures["cases"]
    return "\n".join([*parts, cases])


def _section(paper: Paper, title: str, text: str) -> None:
    paper.heading(title)
    paper.text(text or _("无。"))


def _table(paper: Paper, figures: Mapping[str, Any]) -> None:
    rows = [
        (unit["name"], f"{task['target']}（{task['unit']}）", str(task["amount"]), str(task["done"]), task["state"])
        for unit in figures["units"]
        for task in unit["tasks"]
    ]
    if rows:
        paper.table((_("责任单位"), _("指标"), _("目标量"), _("完成量"), _("状态")), rows)
