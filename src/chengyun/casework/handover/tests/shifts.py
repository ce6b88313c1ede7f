"""Who is on which shift of the first day."""

from __future__ import annotations

import datetime as dt

from chengyun.casework.cases.tests.county import MONDAY
from chengyun.people.access import SYSTEM
from chengyun.people.models import Post
from chengyun.people.services.roster import plan_shift

DAY_ONE = MONDAY.date()
BEGIN = MONDAY - dt.timedelta(minutes=90)  # 07:30
END = BEGIN + dt.timedelta(hours=8)


def plan(county, name, shift, day=DAY_ONE):
    post = Post.objects.get(code=name)
    return plan_shift(by=SYSTEM, day=day, name=shift, user=county.users[name], post=post)
