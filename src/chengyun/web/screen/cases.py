"""Single cases on the screen: what just happened, what is late longest, what is urgent, and where the open ones lie."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from chengyun.casework.cases.models import Case
from chengyun.casework.cases.workflow import STEPS
from chengyun.casework.urgent.models import Alert
from chengyun.core.instants import SHANGHAI
from chengyun.insight.figures import naming
from chengyun.ui.templatetags.ui_tags import duration, local_time
from chengyun.web.screen.looking import Seen

if TYPE_CHECKING:
    from chengyun.insight.facts.session import Session

# What tells the room that work goes on; inner steps stay on the page of the case.
TOLD = (
    "report", "accept", "refuse", "file", "dispatch", "feed_back", "handle_on_spot", "check_fail", "close",
    "supervise", "instruct",
)  # fmt: skip
SHOWN, MOST_LATE = 5, 10
MOST_POINTS = 2000
# So many of the newest steps of the files are kept: many of their cases may have changed since.
MOST_ON_FILE = 500
LAMP = """CASE WHEN c.due_at IS NULL THEN 0 WHEN c.is_paused THEN 4 WHEN c.due_at < $as_of THEN 3
          WHEN c.yellow_at <= $as_of THEN 2 ELSE 1 END"""
LAMPS = ("", "green", "yellow", "red", "grey")
CLASS = "c.standard || '/' || c.kind || '/' || c.class_code"


def latest(seen: Seen) -> dict[str, Any]:
    """The newest steps of the last two days."""
    rows = _newest(seen)
    classes, places = _names(naming.minors, rows, 3), _names(naming.regions, rows, 4)
    return {
        "rows": [
            {
                "time": at.replace(tzinfo=dt.UTC).astimezone(SHANGHAI).strftime("%H:%M"),
                "state": str(STEPS[verb].title),
                "title": classes.get(kind, _("未分类")),
                "place": places.get(township, ""),
                "lamp": "red" if is_urgent else "",
                "href": _address(number),
            }
            for at, verb, number, kind, township, is_urgent, *_key in rows
        ],
        "empty": _("两天内没有新的动态"),
    }


def _newest(seen: Seen) -> list[tuple[Any, ...]]:
    """The newest out of the files are looked for once; what has changed since stands instead of its cases there."""
    since = _plain(seen.as_of.at) - dt.timedelta(days=2)
    on_file = seen.filed(_told_in("file", MOST_ON_FILE), since=since.replace(minute=0, second=0, microsecond=0))
    kept = [row for row in on_file if row[-2] not in seen.session.halves.changed]
    if len(kept) < SHOWN and len(on_file) == MOST_ON_FILE:
        kept = seen.rows(_told_in("", SHOWN), since=since)
    changed = seen.changed(_told_in("hot", SHOWN), since=since)
    newest = sorted({*kept, *changed}, key=lambda row: (row[0], *row[-2:]), reverse=True)
    return [row for row in newest if row[0] >= since][:SHOWN]


def _told_in(tables: str, most: int) -> str:
    prefix = tables and f"{tables}_"
    verbs = ", ".join(f"'{verb}'" for verb in TOLD)
    return f"""SELECT f.at, f.verb, c.number, {CLASS}, c.township_code, c.is_urgent, c.case_id, f.seq
                 FROM {prefix}steps f JOIN {prefix}cases c USING (case_id)
                WHERE {{scope}} AND f.at >= $since AND NOT f.is_undone AND f.verb IN ({verbs})
                ORDER BY f.at DESC, c.case_id DESC, f.seq DESC LIMIT {most}"""


def late(seen: Seen) -> dict[str, Any]:
    """The longest overdue first. What is shown of them is put together of these few, not of all that are overdue."""
    rows = seen.moving(
        f"""SELECT c.number, {CLASS}, c.township_code, c.department_id, c.due_at
              FROM (SELECT * FROM cases c
                     WHERE {{scope}} AND c.ended_at IS NULL AND NOT c.is_paused AND c.due_at < $as_of
                     ORDER BY c.due_at, c.case_id LIMIT {MOST_LATE}) AS c
             ORDER BY c.due_at, c.case_id"""
    )
    classes, places = _names(naming.minors, rows, 1), _names(naming.regions, rows, 2)
    departments = _names(naming.departments, rows, 3)
    return {
        "period": _("现在"),
        "rows": [
            {
                "title": classes.get(kind, _("未分类")),
                "place": " ".join(filter(None, (departments.get(department, ""), places.get(township, "")))),
                "state": _("超 %s") % duration(_plain(seen.as_of.at) - due),
                "lamp": "red",
                "href": _address(number),
            }
            for number, kind, township, department, due in rows
        ],
        "empty": _("没有超期案件"),
    }


def urgent(seen: Seen) -> list[dict[str, Any]]:
    """Open urgent cases of which nobody has said yet that he knows, in the words of the report; the longest first."""
    found = seen.moving(
        """SELECT c.case_id, c.township_code, c.reported_at, c.lon, c.lat
             FROM cases c WHERE {scope} AND c.is_urgent AND c.ended_at IS NULL
            ORDER BY c.reported_at, c.case_id LIMIT 50"""
    )
    ringing = _ringing({row[0] for row in found})
    rows = [row for row in found if row[0] in ringing]
    places = _names(naming.regions, rows, 1)
    return [
        {
            "title": ringing[case_id].title,
            "words": " ".join(filter(None, (places.get(township, ""), ringing[case_id].address))),
            "since": local_time(at.replace(tzinfo=dt.UTC)),
            "href": ringing[case_id].get_absolute_url(),
            "lon": lon,
            "lat": lat,
        }
        for case_id, township, at, lon, lat in rows
    ]


def _ringing(case_ids: Collection[int]) -> dict[int, Case]:
    """Without those that somebody has acknowledged; one that the worker has not read yet rings as well."""
    if not case_ids:
        return {}
    answered = Alert.objects.filter(case=OuterRef("pk"), stands=True, ended_at__isnull=False)
    rows = Case.objects.filter(~Exists(answered), pk__in=case_ids).only("number", "title", "address")
    return {case.pk: case for case in rows}


def points(seen: Seen) -> dict[str, Any]:
    """Where the open cases lie, the late ones first: as columns, coordinates in millionths of a degree."""
    rows = seen.moving(
        f"""SELECT c.number, c.lon, c.lat, {LAMP} AS lamp FROM cases c
             WHERE {{scope}} AND c.ended_at IS NULL AND c.lon IS NOT NULL AND c.lat IS NOT NULL
             ORDER BY lamp <> 3, c.case_id DESC LIMIT {MOST_POINTS + 1}"""
    )
    shown = rows[:MOST_POINTS]
    return {
        "number": [row[0] for row in shown],
        "lon": [round(row[1] * 1e6) for row in shown],
        "lat": [round(row[2] * 1e6) for row in shown],
        "lamp": [LAMPS[row[3]] for row in shown],
        "more": len(rows) > MOST_POINTS,
    }


def heat(seen: Seen) -> dict[str, Any]:
    """Where cases were reported in the last days, in squares of some hundred metres; the weight is 0 to 1."""
    since = seen.looking.days.period.since
    rows = seen.rows(
        """SELECT round(c.lon, 3), round(c.lat, 3), count(*) AS n FROM cases c
            WHERE {scope} AND c.reported_at >= $since AND c.lon IS NOT NULL AND c.lat IS NOT NULL
            GROUP BY ALL ORDER BY n DESC, 1, 2 LIMIT 3000""",
        since=since,
    )
    most = rows[0][2] if rows else 1
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [lon, lat]},
            "properties": {"weight": round((count / most) ** 0.5, 2)},
        }
        for lon, lat, count in rows
    ]
    return {"type": "FeatureCollection", "features": features}


def counties(facts: Session) -> frozenset[str]:
    """Of all cases there are."""
    found = facts.files.recall("SELECT DISTINCT county_code FROM file_cases", {})
    return frozenset({*(code for (code,) in found), *facts.hot["cases"]["county_code"].to_pylist()})


def _names(
    named: Callable[[Collection[Any]], naming.Names], rows: Collection[tuple[Any, ...]], at: int
) -> naming.Names:
    keys = {row[at] for row in rows if row[at]}
    return named(keys) if keys else {}


def _address(number: str) -> str:
    return reverse("cases:case", args=[number])


def _plain(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(dt.UTC).replace(tzinfo=None)
