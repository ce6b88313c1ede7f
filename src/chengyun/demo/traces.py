"""What people leave around their work: notes to each other, cases they follow, drawings on the map, sign-ins."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from random import Random

from chengyun.casework.cases.models import Case
from chengyun.casework.notes import people, services
from chengyun.casework.notes.models import Watch
from chengyun.core import instants
from chengyun.demo.county import names
from chengyun.demo.organisation import CENTRE, Organisation
from chengyun.people.access import actor_for
from chengyun.people.models import User
from chengyun.people.roles import Role
from chengyun.people.signin.models import SignIn
from chengyun.regions.models import NamedPlace
from chengyun.web.mapdesk import drawings
from chengyun.web.mapdesk.models import Drawing

SEED = 13
NOTED, FOLLOWED, DAYS = 24, 6, 14
FOLLOWERS = (Role.RECEIVER, Role.DISPATCHER, Role.SUPERVISOR, Role.LEADER)
CALL = "{call} {text}"
CORNERS = 72
METRES_PER_DEGREE = 111_195


def leave(organisation: Organisation, now: dt.datetime) -> str:
    random = Random(f"{SEED}/{instants.civil_day(now)}")
    standing = Case.objects.filter(ended_at__isnull=True, main_department__works_online=True, last_step_at__lt=now)
    cases = list(standing.select_related("main_department").order_by("-id")[:NOTED])
    noted = sum(_talk(case, organisation, random, now) for case in cases)
    followed = _follow(cases, organisation, now)
    drawn, signed_in = _draw(organisation), _sign_in(organisation, random, now)
    return f"备注 {noted} 条，关注 {followed} 件次，标绘 {drawn} 个，登录 {signed_in} 次"


# --- notes ----------------------------------------------------------------------------------------------


def _talk(case: Case, organisation: Organisation, random: Random, now: dt.datetime) -> int:
    """One or two notes after the last step; every third calls a colleague who may see the case."""
    rows = random.sample(names.rows("desk_notes"), random.choice((1, 1, 2)))
    assert case.last_step_at is not None and case.main_department is not None
    span = now - case.last_step_at
    for number, row in enumerate(rows, start=1):
        by = _author(Role(row["who"]), case, organisation, random)
        text = row["text"]
        if random.random() < 0.35 and (call := _call(case, organisation, by, random)):
            text = CALL.format(call=call, text=text)
        with instants.at(case.last_step_at + span * number / (len(rows) + 1)):
            services.add_note(case, text, by=actor_for(by))
    return len(rows)


def _author(role: Role, case: Case, organisation: Organisation, random: Random) -> User:
    assert case.main_department is not None
    code = case.main_department.code if role == Role.HANDLER else CENTRE
    return random.choice(organisation.people[code, role])


def _call(case: Case, organisation: Organisation, by: User, random: Random) -> str:
    assert case.main_department is not None
    others = [*organisation.people[case.main_department.code, Role.HANDLER], *organisation.of_centre(Role.DISPATCHER)]
    wanted = random.choice([user for user in others if user.pk != by.pk])
    found = [each for each in people.offered(case, wanted.name) if each.user.pk == wanted.pk and each.may_see]
    return f"@{found[0].call}" if found else ""


def _follow(cases: list[Case], organisation: Organisation, now: dt.datetime) -> int:
    rows = [
        Watch(case=case, user=organisation.of_centre(role)[0], since=now - dt.timedelta(hours=1 + number))
        for at, role in enumerate(FOLLOWERS)
        for number, case in enumerate(cases[at :: len(FOLLOWERS)][:FOLLOWED])
    ]
    return len(Watch.objects.bulk_create(rows, ignore_conflicts=True))


# --- drawings -------------------------------------------------------------------------------------------


def _draw(organisation: Organisation) -> int:
    """The dispatcher's, shared with the post; around places of the town."""
    owner = actor_for(organisation.of_centre(Role.DISPATCHER)[0])
    places = list(NamedPlace.objects.filter(kind=NamedPlace.Kind.LANDMARK).order_by("code")[:4])
    sketches = list(_sketches(places, owner.post_id)) if len(places) == 4 else []
    for sketch in sketches:
        drawings.keep(sketch, by=owner)
    return len(sketches)


def _sketches(places: list[NamedPlace], post_id: int | None) -> Iterator[drawings.Sketch]:
    first, second, third, fourth = ((each.lon, each.lat) for each in places)
    shared = {"shared_post_id": post_id}
    ring = _ring(first, 300)
    yield drawings.Sketch(
        f"{places[0].name}周边", "重点保障，市容类案件一小时到场。", Drawing.Kind.CIRCLE,
        {"type": "Polygon", "coordinates": [ring]}, 300.0, **shared,
    )  # fmt: skip
    yield drawings.Sketch(
        "早高峰巡查路线", "七点到九点，每日两趟。", Drawing.Kind.LINE,
        {"type": "LineString", "coordinates": [list(first), list(second), list(third)]}, **shared,
    )  # fmt: skip
    yield drawings.Sketch(
        "临时弃土点", "月底前清运完毕。", Drawing.Kind.POINT, {"type": "Point", "coordinates": list(fourth)}, **shared
    )
    (lon, lat), (wide, tall) = second, (0.006, 0.004)
    box = [[lon, lat], [lon + wide, lat], [lon + wide, lat + tall], [lon, lat + tall], [lon, lat]]
    area = {"type": "Polygon", "coordinates": [box]}
    yield drawings.Sketch("活动保障范围", "周末文化活动，提前一天清查。", Drawing.Kind.POLYGON, area, **shared)


def _ring(centre: tuple[float, float], metres: float) -> list[list[float]]:
    lon, lat = centre
    tall = metres / METRES_PER_DEGREE
    wide = tall / math.cos(math.radians(lat))
    turns = [2 * math.pi * (at % CORNERS) / CORNERS for at in range(CORNERS + 1)]
    return [[round(lon + wide * math.sin(each), 6), round(lat + tall * math.cos(each), 6)] for each in turns]


# --- sign-ins -------------------------------------------------------------------------------------------


def _sign_in(organisation: Organisation, random: Random, now: dt.datetime) -> int:
    """Two weeks of mornings and evenings with their wrong passwords; one account locked and freed."""
    users = {user.pk: user for found in organisation.people.values() for user in found}
    rows = [row for day in range(DAYS) for user in users.values() for row in _day(user, day, random, now)]
    rows += _locked(organisation, random.choice(list(users.values())), now)
    SignIn.objects.bulk_create(sorted((row for row in rows if row.at <= now), key=lambda row: row.at), batch_size=500)
    return len(rows)


def _day(user: User, ago: int, random: Random, now: dt.datetime) -> Iterator[SignIn]:
    day = instants.civil_day(now) - dt.timedelta(days=ago)
    if random.random() > (0.85 if day.weekday() < 5 else 0.3):
        return
    address = f"10.26.{user.pk % 28 + 1}.{user.pk % 200 + 20}"
    opens = dt.datetime.combine(day, dt.time(8), instants.SHANGHAI) + dt.timedelta(minutes=random.uniform(0, 50))
    if random.random() < 0.03:
        yield SignIn(at=opens - dt.timedelta(seconds=40), kind=SignIn.Kind.FAILED, user=user, address=address)
    yield SignIn(at=opens, kind=SignIn.Kind.IN, user=user, address=address)
    left = random.choices((SignIn.Kind.OUT, SignIn.Kind.IDLE), (3, 1))[0]
    yield SignIn(at=opens + dt.timedelta(hours=random.uniform(8.5, 10)), kind=left, user=user, address=address)


def _locked(organisation: Organisation, user: User, now: dt.datetime) -> Iterator[SignIn]:
    at, address = now - dt.timedelta(days=2, hours=3), "10.26.9.77"
    for second in range(5):
        yield SignIn(at=at + dt.timedelta(seconds=9 * second), kind=SignIn.Kind.FAILED, user=user, address=address)
    yield SignIn(at=at + dt.timedelta(seconds=46), kind=SignIn.Kind.LOCKED, user=user, address=address)
    by = organisation.of_centre(Role.SECURITY_ADMIN)[0].name
    yield SignIn(at=at + dt.timedelta(minutes=7), kind=SignIn.Kind.UNLOCKED, user=user, by_name=by)
