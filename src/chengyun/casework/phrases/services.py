"""Adding, changing and retiring phrases; each change has its history row."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from chengyun.casework.phrases.models import Phrase, PhraseUse
from chengyun.casework.phrases.shipped import SHIPPED
from chengyun.core.errors import NotAllowed
from chengyun.core.instants import today
from chengyun.people import register
from chengyun.people.access import Actor
from chengyun.people.roles import Role

FOR_THE_COUNTY = (Role.SYSTEM_ADMIN, Role.DUTY_CHIEF)
FOR_A_DEPARTMENT = (Role.LEADER, Role.DUTY_CHIEF, Role.DISPATCHER)


def may_change(actor: Actor, scope: str, department_id: int | None = None, owner_id: int | None = None) -> bool:
    if scope == Phrase.Scope.COUNTY:
        return actor.for_county(*FOR_THE_COUNTY)
    if scope == Phrase.Scope.DEPARTMENT:
        return actor.has(*FOR_A_DEPARTMENT) and department_id in actor.department_ids
    return actor.user_id is not None and owner_id == actor.user_id


def add(text: str, *, by: Actor, scope: str, verb: str = "", class_prefix: str = "") -> Phrase:
    department_id = by.home_department_id if scope == Phrase.Scope.DEPARTMENT else None
    owner_id = by.user_id if scope == Phrase.Scope.OWN else None
    _check(by, scope, department_id, owner_id)
    row = Phrase(
        text=text.strip(), scope=scope, verb=verb, class_prefix=class_prefix, department_id=department_id,
        owner_id=owner_id, valid_from=today(),
    )  # fmt: skip
    return register.store(row, by=by)


@transaction.atomic
def change(phrase: Phrase, *, by: Actor, **fields: Any) -> bool:
    """Text, step and class; whose it is stays."""
    row = register.locked(phrase)
    check_may_change(row, by=by)
    return register.change(row, fields, by=by)


@transaction.atomic
def retire(phrase: Phrase, *, by: Actor, last_day: dt.date | None = None) -> None:
    """Not offered any more after that day, else from now on; a phrase of today's is offered through today."""
    row = register.locked(phrase)
    check_may_change(row, by=by)
    last_day = max(last_day or today() - dt.timedelta(days=1), row.valid_from)
    register.change(row, {"valid_to": last_day}, by=by, action="closed")


def check_may_change(phrase: Phrase, *, by: Actor) -> None:
    _check(by, phrase.scope, phrase.department_id, phrase.owner_id)


def _check(by: Actor, scope: str, department_id: int | None, owner_id: int | None) -> None:
    if not may_change(by, scope, department_id, owner_id):
        raise NotAllowed(_("全县的惯用语由系统管理员或值班长维护，部门的由其负责人维护；您可以建立个人惯用语"))


def used(phrase: Phrase) -> None:
    if not PhraseUse.objects.filter(phrase=phrase).update(count=F("count") + 1):
        PhraseUse.objects.get_or_create(phrase=phrase, defaults={"count": 1})


@transaction.atomic
def load_shipped(*, by: Actor) -> int:
    """The phrases that come with the product; those that were there once, also retired ones, are left alone."""
    known = set(Phrase.objects.filter(scope=Phrase.Scope.COUNTY).values_list("verb", "class_prefix", "text"))
    new = [each for each in SHIPPED if each not in known]
    rows = [Phrase(verb=verb, class_prefix=prefix, text=text, scope=Phrase.Scope.COUNTY) for verb, prefix, text in new]
    for row in rows:
        register.check(row)
    stored = Phrase.objects.bulk_create(rows)
    register.record_new(stored, by=by)
    return len(stored)
