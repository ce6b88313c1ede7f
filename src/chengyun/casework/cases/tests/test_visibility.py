"""Who sees which case (DESIGN §4.8): one table, and every door of the program held against it."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse
from PIL import Image

from chengyun.casework.cases import notices
from chengyun.casework.cases.models import Case, Notice
from chengyun.casework.cases.queries import Sight, visible_to
from chengyun.core import events, files
from chengyun.core.models import Event
from chengyun.people.access import SYSTEM
from chengyun.people.models import Appointment, Department, Post, User
from chengyun.people.roles import Role

# The columns:
# own     handled by the housing department           task     a check that names the collector
# co      the market's case, housing helps            ended    the same after his check
# other   the market's case                           open     a check that names nobody
# town    the market's case in the township           done     the same after another collector did it
# away    the market's case in another county         nowhere  a report without a place
# mine    whatever the person of the row reported     closed   handled by housing, checked by the collector, closed
# former  once housing's, returned, now the market's  merged   once housing's, merged into another case
TABLE = """
                own co other town away mine former task ended open done nowhere closed merged
collector       -   -  -     -    -    yes  -      yes  yes   yes  -    -       yes    -
collector2      -   -  -     -    -    yes  -      -    -     yes  yes  -       -      -
receiver        yes yes yes  yes  yes  yes  yes    yes  yes   yes  yes  yes     yes    yes
chief           yes yes yes  yes  yes  yes  yes    yes  yes   yes  yes  yes     yes    yes
dispatcher      yes yes yes  yes  yes  yes  yes    yes  yes   yes  yes  yes     yes    yes
supervisor      yes yes yes  yes  yes  yes  yes    yes  yes   yes  yes  yes     yes    yes
evaluator       yes yes yes  yes  yes  yes  yes    yes  yes   yes  yes  yes     yes    yes
leader          yes yes yes  yes  yes  yes  yes    yes  yes   yes  yes  yes     yes    yes
handler         yes yes -    -    -    yes  yes    yes  yes   yes  yes  -       yes    yes
housing_leader  yes yes -    -    -    yes  yes    yes  yes   yes  yes  -       yes    yes
market          -   yes yes  yes  yes  yes  yes    -    -     -    -    -       -      -
township        -   -   -    yes  -    yes  -      -    -     -    -    -       -      -
community       -   -   -    yes  -    yes  -      -    -     -    -    -       -      -
neighbour       -   -   -    -    yes  yes  -      -    -     -    -    yes     -      -
admin           -   -   -    -    -    yes  -      -    -     -    -    -       -      -
security        -   -   -    -    -    yes  -      -    -     -    -    -       -      -
audit           -   -   -    -    -    yes  -      -    -     -    -    -       -      -
"""
HEAD, *ROWS = [line.split() for line in TABLE.strip().splitlines()]
EXPECTED = {row[0]: {column for column, cell in zip(HEAD, row[1:], strict=True) if cell == "yes"} for row in ROWS}
HERE = {"county_code": "990126", "township_code": "990126102", "community_code": "990126102001"}
PLACES = {
    "town": {"county_code": "990126", "township_code": "990126101", "community_code": "990126101001"},
    "away": {"county_code": "990127", "township_code": "990127101", "community_code": "990127101001"},
    "nowhere": {},
}
# Who is not in the small county: name, role, department, its kind and its place.
MORE = (
    ("housing_leader", Role.LEADER, "housing", "", ""),
    ("township", Role.HANDLER, "street", "township", "990126101"),
    ("community", Role.HANDLER, "block", "community", "990126101001"),
    ("neighbour", Role.RECEIVER, "centre2", "centre", "990127"),
    ("security", Role.SECURITY_ADMIN, "centre", "", ""),
    ("audit", Role.AUDIT_ADMIN, "centre", "", ""),
)


@pytest.fixture
def world(county):
    """column → case; `mine` stands once for each person, as `mine/<name>`."""
    for name, role, code, kind, place in MORE:
        employ(county, name, role, department(code, kind, place))
    cases = {
        "own": county.walk(county.report(), "receive"),
        "co": helped(county),
        **{name: county.walk(county.report(), "receive", county.market) for name in ("other", "town", "away")},
        "former": former(county),
        "task": county.walk(county.report(), "send_check"),
        "ended": county.walk(county.report(), "check_pass"),
        "open": unnamed_check(county),
        "done": county.step(unnamed_check(county), "check_pass", "collector2", photos=[county.photo("collector2").pk]),
        "nowhere": county.report(),
        "closed": county.walk(county.report(), "close"),
        "merged": merged(county),
        **{f"mine/{name}": county.report(by=county.actor(name)) for name in EXPECTED},
    }
    for column, case in cases.items():
        Case.objects.filter(pk=case.pk).update(**PLACES.get(column, HERE))
        case.refresh_from_db()
    return cases


def department(code, kind, place):
    day = dt.date(2020, 1, 1)
    defaults = {"name": code, "short_name": code, "kind": kind, "region_code": place, "valid_from": day}
    row, is_new = Department.objects.get_or_create(code=code, defaults=defaults)
    if is_new:
        row.path = f"/{row.pk}/"
        row.save()
    return row


def employ(county, name, role, where):
    user = county.users[name] = User.objects.create_user(name, "x", name=name)
    post = Post.objects.create(code=name, name=name, department=where, roles=[role])
    Appointment.objects.create(user=user, post=post, valid_from=dt.date(2020, 1, 1))


def helped(county):
    case = county.walk(county.report(), "file")
    return county.step(case, "dispatch", "dispatcher", department=county.market, co_departments=[county.housing])


def returned(county):
    case = county.walk(county.report(), "dispatch")
    case = county.step(case, "apply_return", "handler", reason="不属于本部门")
    return county.step(case, "grant_return", "dispatcher")


def former(county):
    return county.step(returned(county), "dispatch", "dispatcher", department=county.market)


def merged(county):
    return county.step(returned(county), "merge", "dispatcher", target=county.report().number)


def unnamed_check(county):
    return county.step(county.walk(county.report(), "feed_back"), "send_check", "receiver")


def log_in(client, county, name):
    client.force_login(county.users[name], backend="django.contrib.auth.backends.ModelBackend")


def columns_for(name, world):
    """The columns of `name`'s row with the case that each means for that person."""
    return {column: world.get(column) or world[f"mine/{name}"] for column in HEAD}


def seen(county, world, sees):
    """The table as the door `sees(name, case)` gives it."""
    return {name: {c for c, case in columns_for(name, world).items() if sees(name, case)} for name in EXPECTED}


def test_the_one_lookup(county, world):
    assert seen(county, world, lambda name, case: case in visible_to(county.actor(name))) == EXPECTED


def test_nobody_sees_what_another_reported(county, world):
    """Also not a colleague of the same department."""
    assert world["mine/collector2"] not in visible_to(county.actor("collector"))
    assert world["mine/handler"] not in visible_to(county.actor("handler2"))


def test_the_system_sees_all(world):
    assert visible_to(SYSTEM).count() == Case.objects.count()


def test_list_pages(client, county, world):
    def sees(name, case):
        if name not in pages:
            log_in(client, county, name)
            pages[name] = client.get(reverse("cases:list")).content.decode()
        return case.get_absolute_url() in pages[name]

    pages: dict[str, str] = {}
    assert seen(county, world, sees) == EXPECTED


def test_case_pages(client, county, world):
    assert seen(county, world, answers(client, county, lambda case: client.get(case.get_absolute_url()))) == EXPECTED


def test_steps(client, county, world):
    """Posted with a version that never was: who sees the case is told so, for others it is not there."""
    post = answers(client, county, lambda case: client.post(reverse("cases:step", args=[case.number, "instruct"])), 409)
    assert seen(county, world, post) == EXPECTED


def test_forms_of_steps(client, county, world):
    """A verb that is nobody's: whoever sees the case is refused, for others it is not there."""
    get = answers(client, county, lambda case: client.get(reverse("cases:step", args=[case.number, "attach"])), 403)
    assert seen(county, world, get) == EXPECTED


def answers(client, county, ask, status=200):
    """True when the page is answered with `status`, False when it is not found; anything else is a failure."""

    logged_in = ""

    def sees(name, case):
        nonlocal logged_in
        if name != logged_in:
            log_in(client, county, name)
            logged_in = name
        found = ask(case).status_code
        assert found in (status, 404)
        return found == status

    return sees


def test_pictures(client, county, world):
    content = io.BytesIO()
    Image.new("RGB", (8, 8), "green").save(content, "JPEG")
    pictures = {}
    for case in world.values():
        stored = files.store(ContentFile(content.getvalue(), name="a.jpg"), by=SYSTEM)
        files.attach(stored, "case", case.pk)
        pictures[case.pk] = reverse("core:file", args=[stored.pk, "thumb"])

    def ask(case):
        response = client.get(pictures[case.pk])
        assert b"".join(response)
        return response

    assert seen(county, world, answers(client, county, ask)) == EXPECTED


def test_notices_page(client, county, world):
    """A notice of a case that its reader may not see, or no longer, is not shown and not counted."""
    for number, name in enumerate(EXPECTED):
        Notice.objects.bulk_create(
            Notice(user=county.users[name], case=case, event_id=number * 1000 + case.pk, at=case.reported_at, text="。")
            for case in columns_for(name, world).values()
        )

    def sees(name, case):
        if name not in pages:
            log_in(client, county, name)
            pages[name] = client.get(reverse("cases:notices")).content.decode()
        return case.get_absolute_url() in pages[name]

    pages: dict[str, str] = {}
    assert seen(county, world, sees) == EXPECTED
    assert {name: unread(county.actor(name)) for name in EXPECTED} == {
        name: len(columns) for name, columns in EXPECTED.items()
    }


def unread(actor):
    return User.objects.values_list(notices.UnreadCount(Sight.of(actor)), flat=True)[0]


def test_notices_go_only_to_those_who_see_the_case(county, world):
    lamps = [Event(pk=10**6 + n, at=case.reported_at, kind="case.lamp", subject=f"case:{case.pk}",
                   data={"number": case.number, "lamp": "red"}) for n, case in enumerate(world.values())]  # fmt: skip
    notices.write_notices([*Event.objects.filter(kind="case.step"), *lamps])
    names = {user.pk: name for name, user in county.users.items()}
    told = [(names[notice.user_id], notice.case) for notice in Notice.objects.select_related("case")]
    assert len(told) > len(world)
    assert [(name, case) for name, case in told if case not in visible_to(county.actor(name))] == []


@pytest.mark.django_db(transaction=True)
def test_what_changed_is_told_to_those_who_see_it(client, county, world):
    assert events.settle()
    before = events.newest()
    with transaction.atomic():
        for case in world.values():
            events.append("case.lamp", f"case:{case.pk}", {"number": case.number, "lamp": "red"})
    assert events.settle()

    def sees(name, case):
        if name not in told:
            log_in(client, county, name)
            answer = client.get(reverse("web:live"), {"after": str(before)})
            told[name] = set(answer.json()["cases"])
        return case.pk in told[name]

    told: dict[str, set[int]] = {}
    assert seen(county, world, sees) == EXPECTED
