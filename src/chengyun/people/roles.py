"""The roles of STANDARDS §6.1 and the three administrators (三员) of 等级保护 practice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from chengyun.core import configuration


class Role(TextChoices):
    COLLECTOR = "collector", _("采集员")
    RECEIVER = "receiver", _("受理员")
    DUTY_CHIEF = "duty_chief", _("值班长")
    DISPATCHER = "dispatcher", _("派遣员")
    HANDLER = "handler", _("处置人员")
    SUPERVISOR = "supervisor", _("督查员")
    EVALUATOR = "evaluator", _("考核员")
    LEADER = "leader", _("领导")
    SYSTEM_ADMIN = "system_admin", _("系统管理员")
    SECURITY_ADMIN = "security_admin", _("安全管理员")
    AUDIT_ADMIN = "audit_admin", _("审计管理员")


ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})

# Roles that work on every case of the county when their post is in the centre.
COUNTY_WIDE = frozenset({Role.RECEIVER, Role.DUTY_CHIEF, Role.DISPATCHER, Role.SUPERVISOR, Role.EVALUATOR, Role.LEADER})


def merged(roles: Iterable[Role], groups: Sequence[Sequence[str]] | None = None) -> frozenset[Role]:
    """`roles` with those that the county has merged: who has one role of a group has all of it."""
    found = set(roles)
    for group in groups if groups is not None else merged_roles():
        if not found.isdisjoint(group):
            found.update(Role(value) for value in group)
    return frozenset(found)


def merged_roles() -> list[list[str]]:
    """The setting; small centres merge 受理员 and 值班长 (STANDARDS §6.1)."""
    groups: list[list[str]] = configuration.value("people.merged_roles")
    return groups
