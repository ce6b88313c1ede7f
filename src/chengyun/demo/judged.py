"""What an office has behind it in autumn: last year's evaluation published and objected to, its reports issued.

Measured from the demo county's own cases by the same services as people use; asked again, it adds nothing.
"""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

from chengyun.core import instants
from chengyun.demo import organisation
from chengyun.demo.organisation import CENTRE
from chengyun.insight import extra
from chengyun.people.access import Actor, actor_for
from chengyun.people.roles import Role

# Kinds of objects that are published of the whole year, and of its last month.
OF_THE_YEAR = ("area:township", "department", "post:collector", "post:receiver", "post:duty_chief", "post:dispatcher")
OF_THE_MONTH = ("area:township", "department")
# Whose line is objected to: the bureau's code, and by somebody who handles its cases.
OBJECTS, WORDS = "JS", "有几件案件的管理部门不是我局，派遣后已说明并回退，请核对后不计入本项。"


def tell(now: dt.datetime) -> tuple[int, int]:
    """How many evaluations were published and how many reports drafted; nought without the extra `insight`."""
    if not extra.is_installed():
        return 0, 0
    from chengyun.insight.evaluation.models import Publication
    from chengyun.insight.reports.models import WorkReport

    staff = organisation.load(organisation.full_units())
    published = 0 if Publication.objects.exists() else _publish(staff, now)
    drafted = 0 if WorkReport.objects.exists() else _report(_actor(staff, CENTRE, Role.DUTY_CHIEF, now), now)
    return published, drafted


def _actor(staff: organisation.Organisation, code: str, role: Role, now: dt.datetime) -> Actor:
    return actor_for(staff.people[code, role][0], instants.civil_day(now))


def _publish(staff: organisation.Organisation, now: dt.datetime) -> int:
    from chengyun.insight.evaluation import objects, publishing, spans
    from chengyun.insight.facts.session import session

    by, facts = _actor(staff, CENTRE, Role.EVALUATOR, now), session()
    last_day = dt.date(instants.civil_day(now).year - 1, 12, 31)
    count = 0
    for length, kinds in (("year", OF_THE_YEAR), ("month", OF_THE_MONTH)):
        for kind in kinds:
            for group in [each.key for each in objects.GROUPS] if kind == "department" else [""]:
                with suppress(publishing.NobodyScored):  # a small part of the year may leave townships without a case
                    publishing.publish(kind, spans.around(length, last_day), group, by=by, facts=facts)
                    count += 1
    _object(staff, now)
    return count


def _object(staff: organisation.Organisation, now: dt.datetime) -> None:
    from chengyun.insight.evaluation import objections
    from chengyun.insight.evaluation.models import PublishedRow

    bureau = str(staff.departments[OBJECTS].pk)
    row = PublishedRow.objects.get(publication__kind="department", publication__length="year", key=bureau)
    objections.object_to(row, 0, WORDS, by=_actor(staff, OBJECTS, Role.HANDLER, now))


def _report(by: Actor, now: dt.datetime) -> int:
    """Last year's, issued, its last month's likewise; and last month's as a draft."""
    from chengyun.insight.reports import periods, services
    from chengyun.insight.reports.models import Kind

    today = instants.civil_day(now)
    last_day = dt.date(today.year - 1, 12, 31)
    ended = [(Kind.ANNUAL, last_day), (Kind.MONTHLY, last_day)]
    for kind, day in ended:
        services.issue(services.draft(kind, periods.around(kind, day), by=by), by=by)
    services.draft(Kind.MONTHLY, periods.around(Kind.MONTHLY, today.replace(day=1) - periods.DAY), by=by)
    return len(ended) + 1
