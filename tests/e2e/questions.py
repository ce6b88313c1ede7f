"""What a test asks an installation about itself: `python -m tests.e2e.questions MODULE:NAME`.

Arguments come as JSON on standard input, the answer goes as JSON to standard output. They run in the
installation's own settings, beside its server, never in the process of the test.
"""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from typing import Any

PASSWORD = "zheng-shi-kou-ling-2026"


def small_county() -> dict[str, Any]:
    """Build the small county; every login gets the one password. Answers what a test needs to know of it."""
    from django.contrib.auth.hashers import make_password

    from chengyun.demo import small
    from chengyun.people.models import User

    county = small.build()
    User.objects.update(password=make_password(PASSWORD), must_change_password=False)
    each = {login: [user.name, user.pk] for login, user in county.organisation.users.items()}
    return {
        "users": each,
        "by_role": {str(role): user.username for role, user in county.users.items()},
        "point": county.point,
        "township": str(county.township.region_code),
        "points": list(county.cells.values()),
        "departments": {code: department.pk for code, department in county.departments.items()},
        "handlers": {unit: [user.username for user in found] for (unit, role), found in handlers_of(county)},
        "classes": [class_of(county, row) for row in county.classes if has_condition(county, row.name)],
    }


def covers(point: list[float]) -> dict[str, Any]:
    """Two components near the point: a rain water cover some ten metres east of it, and a sewage cover to the west."""
    from chengyun.assets.services.editing import create_component
    from chengyun.assets.services.lookups import unit_for
    from chengyun.core import instants
    from chengyun.people.access import SYSTEM

    lon, lat = point
    given = {"manager_id": unit_for("", "住建局").pk, "initial_date": instants.today(), "lat": lat, "by": SYSTEM}
    cover = create_component(class_code="01003", lon=lon + 0.00012, road="迎宾路", **given)
    other = create_component(class_code="01002", lon=lon - 0.0002, road="迎宾路", **given)
    found = [cover.identifier, other.identifier]
    return {"identifier": cover.identifier, "lon": cover.lon, "lat": cover.lat, "all": found}


def handlers_of(county: Any) -> list[Any]:
    return [each for each in county.organisation.people.items() if each[0][1] == "handler"]


def class_of(county: Any, row: Any) -> dict[str, Any]:
    condition = county.condition(row.name)
    return {"minor": row.minor_id, "name": row.name, "code": row.minor.code, "condition": condition.pk}


def has_condition(county: Any, name: str) -> bool:
    try:
        return bool(county.condition(name))
    except IndexError:
        return False


def reports_with(words: list[str]) -> dict[str, str]:
    """Words of a report → number of its case, for those of `words` that are stored."""
    from chengyun.casework.cases.models import Report

    found: dict[str, str] = {}
    for start in range(0, len(words), 500):
        rows = Report.objects.filter(words__in=words[start : start + 500]).values_list("words", "case__number")
        found |= dict(rows)
    return found


def plan_shifts(first: str, then: str) -> list[str]:
    """Two shifts, of one person each: the first ends in ten minutes, the other follows. Addresses of their sheets."""
    import datetime as dt

    from chengyun.core import instants
    from chengyun.people.access import SYSTEM
    from chengyun.people.models import Appointment
    from chengyun.people.services.roster import plan_shift

    now, minute = instants.now().astimezone(instants.SHANGHAI), dt.timedelta(minutes=1)
    edges = [now - 60 * minute, now + 10 * minute, now + 120 * minute]
    found = []
    for login, name, begin, end in zip((first, then), ("early", "middle"), edges, edges[1:], strict=False):
        held = Appointment.objects.select_related("user", "post").get(user__username=login)
        hours = f"{begin:%H:%M}-{end:%H:%M}"
        shift = plan_shift(by=SYSTEM, day=begin.date(), name=name, user=held.user, post=held.post, hours=hours)
        found.append(f"/handover/{shift.day.isoformat()}/{name}/")
    return found


def sit_still(username: str, seconds: int) -> int:
    """Somebody's sessions as if nobody had touched a key for so long; how many there are."""
    import time
    from importlib import import_module

    from django.conf import settings
    from django.contrib.sessions.models import Session

    from chengyun.people.models import User
    from chengyun.web.middleware import SEEN

    pk = str(User.objects.get(username=username).pk)
    rows = [row for row in Session.objects.all() if row.get_decoded().get("_auth_user_id") == pk]
    for row in rows:
        store = import_module(settings.SESSION_ENGINE).SessionStore(row.session_key)
        store[SEEN] = time.time() - seconds
        store.save()
    return len(rows)


def name_place(name: str, lon: float, lat: float) -> int:
    """An estate of that name, for the address search."""
    from chengyun.people.access import SYSTEM
    from chengyun.regions.services.places import create_place

    return create_place(by=SYSTEM, kind="estate", code="E1", name=name, lon=lon, lat=lat).pk


def steps_of(numbers: list[str]) -> dict[str, list[str]]:
    """Number of a case → its verbs in order."""
    from chengyun.casework.cases.models import Step

    found: dict[str, list[str]] = {number: [] for number in numbers}
    rows = Step.objects.filter(case__number__in=numbers).order_by("case_id", "seq")
    for number, verb in rows.values_list("case__number", "verb"):
        found[number].append(verb)
    return found


def undone() -> list[str]:
    """What a worker still has to do, or could not do."""
    from django_tasks_db.models import DBTaskResult

    from chengyun.core import events, handlers
    from chengyun.core.models import HandlerCursor, HandlerFailure, JobLease

    handlers.discover()
    newest = events.newest()
    found = [f"{row.name} is behind" for row in HandlerCursor.objects.all() if row.cursor < newest]
    found += [f"handler {row.handler} failed: {row.error[:200]}" for row in HandlerFailure.objects.all()]
    found += [f"job {row.task_path} is {row.status}" for row in DBTaskResult.objects.exclude(status="SUCCESSFUL")]
    return found + [f"lease of {row.worker}" for row in JobLease.objects.all()]


def inconsistencies() -> list[str]:
    """Rows that only a half-done transaction could leave."""
    from django.db.models import Count, F, Max

    from chengyun.casework.cases.models import Case, Report

    counted = Case.objects.annotate(last=Max("steps__seq"), rows=Count("steps", distinct=True))
    found = [
        f"{case.number}: version {case.version}, last step {case.last}" for case in counted.exclude(version=F("last"))
    ]
    found += [f"{case.number}: steps are missing" for case in counted.exclude(rows=F("last"))]
    found += [f"case {case.number} without report" for case in Case.objects.filter(reports=None, split_from=None)]
    return found + [f"report {row.pk} without words" for row in Report.objects.filter(words="", title="")]


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chengyun.config.settings")
    from chengyun.config import environment

    environment.load_secrets(environment.data_dir())
    import django

    django.setup()
    module, name = sys.argv[1].split(":")
    answer = getattr(import_module(module), name)(**json.loads(sys.stdin.read()))
    sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
