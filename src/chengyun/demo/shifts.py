"""What the past shifts left: an urgent case that was acknowledged, and handovers signed and taken over.

A sheet counts the stages as they are now: the demo does not go back in time for them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from random import Random

from chengyun.casework import submit
from chengyun.casework.handover import services, shifts
from chengyun.casework.handover.shifts import DAY, Shift
from chengyun.casework.urgent.services import acknowledge, raise_alert
from chengyun.core import instants
from chengyun.demo import telling
from chengyun.demo.drafts import make_draft
from chengyun.demo.organisation import CENTRE
from chengyun.demo.roster import BACK
from chengyun.demo.world import World
from chengyun.people.access import SYSTEM, actor_for
from chengyun.people.models import Department, User
from chengyun.people.roles import Role

AGO, ANSWERED = dt.timedelta(minutes=100), dt.timedelta(seconds=48)
SIGNED, TAKEN = dt.timedelta(minutes=4), dt.timedelta(minutes=9)
WORDS = "路面塌陷约 1 米深，一辆电动车掉入，有人受伤，请马上来人。"
ITEM = "{title}：已围挡，住建局答复今晚回填，请下一班回访现场。"
REMARKS = ("一切正常，设备完好。", "热线 12345 线路上午中断 6 分钟，已恢复。", "夜间有雨，注意低洼路段积水。")


def tell(world: World, now: dt.datetime) -> int:
    """The number of sheets."""
    centre = world.organisation.departments[CENTRE]
    around = shifts.shifts_of(centre, instants.civil_day(now) - BACK * DAY, instants.civil_day(now) + DAY)[::-1]
    over = [shift for shift in around if shift.ends_at + TAKEN <= now]
    for number, shift in enumerate(over):
        _hand_over(centre, shift, around[number + 1], REMARKS[number % len(REMARKS)])
    _urgent_case(world, now - AGO)
    return len(over)


def _urgent_case(world: World, at: dt.datetime) -> None:
    random = Random(at.toordinal())
    kinds = world.kinds_on(instants.civil_day(at))
    kind = next((each for each in kinds if "塌陷" in each.name), kinds[0])
    draft = make_draft(random, "public", 99_999, kind, at, None)
    report = dataclasses.replace(telling.report_of(draft), words=WORDS, is_urgent=True)
    receiver = world.organisation.of_centre(Role.RECEIVER)[0]
    with instants.at(at):
        case = submit(report, by=SYSTEM).case
        alert = raise_alert(case, at)
    with instants.at(at + ANSWERED):
        if alert is not None:
            acknowledge(alert.pk, by=actor_for(receiver))
        item = ITEM.format(title=case.title)
        services.add_item(world.organisation.departments[CENTRE], item, by=actor_for(receiver))


def _hand_over(centre: Department, shift: Shift, coming: Shift, remarks: str) -> None:
    signer = min(shift.user_ids)
    taker = min(coming.user_ids - {signer})
    with instants.at(shift.ends_at + SIGNED):
        sheet = services.sign(centre, shift, remarks, by=actor_for(User.objects.get(pk=signer)))
    with instants.at(shift.ends_at + TAKEN):
        services.take_over(sheet.pk, centre, by=actor_for(User.objects.get(pk=taker)))
