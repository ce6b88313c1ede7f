"""Names locked out after wrong passwords: who is, and how the security administrator lets them in again."""

from __future__ import annotations

import datetime as dt

from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from chengyun.core.errors import UserError
from chengyun.people import register
from chengyun.people.access import Actor
from chengyun.people.models import User
from chengyun.people.services.separation import only_security
from chengyun.people.signin import log


def locked_attempts() -> QuerySet[AccessAttempt]:
    """The names at addresses that are locked out now. axes keeps its own clock."""
    since = timezone.now() - dt.timedelta(hours=settings.AXES_COOLOFF_TIME)
    found: QuerySet[AccessAttempt] = AccessAttempt.objects.filter(
        failures_since_start__gte=settings.AXES_FAILURE_LIMIT, attempt_time__gt=since
    )
    return found


def is_locked() -> Exists:
    """For `annotate` and `filter` of users."""
    return Exists(locked_attempts().filter(username=OuterRef("username")))


@transaction.atomic
def unlock(user: User, *, by: Actor) -> int:
    """Lets the name in again from every address; how many addresses were locked."""
    only_security(by)
    if user.pk == by.user_id:
        raise UserError(_("不能给自己解锁，请由另一位安全管理员办理。"))
    addresses = locked_attempts().filter(username=user.username).count()
    if not addresses:
        raise UserError(_("这个账号现在没有锁定。"))
    reset(username=user.username)
    register.record(register.locked(user), "unlocked", {}, {}, by=by)
    log.write(log.Kind.UNLOCKED, user, by_name=by.name)
    return addresses
