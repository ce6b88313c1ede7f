"""The desk's lists: filters from the address, order by key, pages by key (never by OFFSET; DESIGN §7)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet

from chengyun.casework.cases import area, listed, near, orders, search
from chengyun.casework.cases.forms import ListFilter
from chengyun.casework.cases.listed import ListedCase
from chengyun.casework.cases.models import Case
from chengyun.casework.cases.orders import Looked
from chengyun.core.digits import whole
from chengyun.core.instants import now, start_of_day

PAGE = 100
# What an export or the map shows of a case; nothing else is fetched.
COLUMNS = (
    "id", "number", "stage", "version", "title", "address", "source", "class_name", "class_code", "is_urgent",
    "reported_at", "due_at", "yellow_at", "due_unit", "is_paused", "is_provisional", "queue_at", "clock_stage",
    "unseen_supplements", "township_code", "asks_role", "last_step_at", "main_department__short_name",
    "main_department__id",
)  # fmt: skip


# Where a page begins; a changed filter or order starts again at the first page.
PLACES = ("before", "after", "after_at", "after_urgent", "in")


@dataclass(frozen=True)
class Page:
    cases: Sequence[ListedCase]
    older: str  # the query string of the next page; blank on the last
    is_first: bool


def chosen(params: Mapping[str, str]) -> dict[str, Any]:
    """The filters that the address names and that make sense; the rest is left aside."""
    form = ListFilter(params)
    form.is_valid()
    return {name: value for name, value in form.cleaned_data.items() if value not in (None, "", False)}


def filtered(cases: QuerySet[Case], chosen: Mapping[str, Any]) -> QuerySet[Case]:
    for name, value in chosen.items():
        cases = FILTERS[name](cases, value)
    return cases


def _search(cases: QuerySet[Case], query: str) -> QuerySet[Case]:
    return search.filter(cases, query)


def _lamp(cases: QuerySet[Case], lamp: str) -> QuerySet[Case]:
    """Only open cases show one; said here, so that the index of open cases serves."""
    moment = now()
    standing = cases.filter(ended_at__isnull=True)
    running = standing.filter(is_paused=False, due_at__isnull=False).alias(due=Looked("due_at"))
    return {
        "red": running.filter(due__lt=moment),
        "yellow": running.filter(yellow_at__lte=moment, due__gte=moment),
        "green": running.filter(yellow_at__gt=moment),
        "grey": standing.filter(is_paused=True),
    }[lamp]


def _since(cases: QuerySet[Case], day: dt.date) -> QuerySet[Case]:
    return cases.filter(reported_at__gte=start_of_day(day))


def _until(cases: QuerySet[Case], day: dt.date) -> QuerySet[Case]:
    return cases.filter(reported_at__lt=start_of_day(day + dt.timedelta(days=1)))


Filter = Callable[[QuerySet[Case], Any], QuerySet[Case]]
FILTERS: dict[str, Filter] = {
    "q": _search,
    "lamp": _lamp,
    "since": _since,
    "until": _until,
    "stage": lambda cases, value: cases.filter(stage=value),
    "source": lambda cases, value: cases.filter(source=value),
    "major": lambda cases, value: cases.filter(class_code__startswith=value),
    "minor": lambda cases, value: cases.filter(class_code=value),
    "township": lambda cases, value: cases.filter(township_code=value),
    "department": lambda cases, value: cases.filter(main_department_id=value),
    "area": area.inside,
    "near": near.near,
    "open": lambda cases, value: cases.filter(ended_at__isnull=True),
    "urgent": lambda cases, value: cases.filter(is_urgent=True),
}


def newest_first(cases: QuerySet[Case], params: Mapping[str, str]) -> Page:
    if orders.sort_in(params):
        return _sorted(cases, params)
    if _asks_days_alone(params):
        return _latest_reported_first(cases, params)
    before = whole(params.get("before"))
    rows = cases.order_by("-id")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = fetched(rows)
    return _page(found, params, lambda case: {"before": case.pk}, is_first=before is None)


def _asks_days_alone(params: Mapping[str, str]) -> bool:
    asked = {name for name in FILTERS if params.get(name)}
    return bool(asked) and asked <= {"since", "until"}


def _latest_reported_first(cases: QuerySet[Case], params: Mapping[str, str]) -> Page:
    """A stretch of days, however long ago: the index of report times leads there and is already in order."""
    rows = cases.order_by("-reported_at", "-id")
    at, pk = _moment(params.get("after_at")), whole(params.get("after"))
    if at is not None and pk is not None:
        rows = rows.filter(reported_at__lte=at).filter(Q(reported_at__lt=at) | Q(pk__lt=pk))

    def key(case: ListedCase) -> dict[str, Any]:
        return {"after_at": case.reported_at.timestamp(), "after": case.pk}

    return _page(fetched(rows), params, key, is_first=at is None)


def soonest_first(cases: QuerySet[Case], params: Mapping[str, str]) -> Page:
    """Queues: urgent cases are marked, not moved; what is due first stands first."""
    if orders.sort_in(params):
        return _sorted(cases, params, in_queue=True)
    rows = cases.order_by("queue_at", "id")
    at, pk = _moment(params.get("after_at")), whole(params.get("after"))
    if at is not None and pk is not None:
        rows = rows.filter(queue_at__gte=at).filter(Q(queue_at__gt=at) | Q(pk__gt=pk))
    found = fetched(rows)

    def key(case: ListedCase) -> dict[str, Any]:
        return {"after_at": case.queue_at.timestamp() if case.queue_at else 0, "after": case.pk}

    return _page(found, params, key, is_first=at is None)


def _sorted(cases: QuerySet[Case], params: Mapping[str, str], *, in_queue: bool = False) -> Page:
    """Stretch after stretch of the order that the address names, until the page is full."""
    stretches = orders.stretches_of(params["sort"], in_queue=in_queue)
    start, pk = min(whole(params.get("in")) or 0, len(stretches) - 1), whole(params.get("after"))
    asked = {"open": True} if in_queue else {name: True for name in FILTERS if params.get(name)}
    found: list[tuple[int, ListedCase]] = []
    for at in range(start, len(stretches)):
        rows = orders.rows(cases, stretches[at], asked)
        if at == start and pk is not None:
            urgent = params.get("after_urgent") == "1"
            rows = stretches[at].beyond(rows, _moment(params.get("after_at")), pk, urgent=urgent)
        found += [(at, case) for case in fetched(rows, PAGE + 1 - len(found))]
        if len(found) > PAGE:
            break
    ends = {case.pk: at for at, case in found}

    def key(case: ListedCase) -> dict[str, Any]:
        return {"in": ends[case.pk]} | stretches[ends[case.pk]].key(case)

    return _page([case for _at, case in found], params, key, is_first=pk is None)


def fetched(rows: QuerySet[Case], most: int = 0) -> list[ListedCase]:
    return [ListedCase(*row) for row in rows.values_list(*listed.COLUMNS)[: most or PAGE + 1]]


def _page(found: list[ListedCase], params: Mapping[str, str], key: Any, *, is_first: bool) -> Page:
    if len(found) <= PAGE:
        return Page(found, "", is_first)
    kept = {name: value for name, value in params.items() if name not in PLACES}
    return Page(found[:PAGE], urlencode(kept | key(found[PAGE - 1])), is_first)


def counted(cases: QuerySet[Case], most: int = 10_000) -> int:
    """Counts stop: nobody reads past «10 000+»."""
    return cases.order_by().values("pk")[:most].count()


def counted_all(named: Mapping[str, QuerySet[Case]], most: int = 10_000) -> dict[str, int]:
    """Several counts in one statement."""
    parts: list[str] = []
    params: list[Any] = []
    for cases in named.values():
        try:
            sql, values = cases.order_by().values("pk")[:most].query.sql_with_params()
        except EmptyResultSet:
            sql, values = "SELECT 1 WHERE 1 = 0", ()
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) AS found)")
        params += values
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", params)
        return dict(zip(named, cursor.fetchone() or (), strict=True))


def number_in(params: Mapping[str, str]) -> str:
    """The case that the address names, blank for what can be no number."""
    number = params.get("case", "")
    return number if number.isascii() and number.isalnum() else ""


def _moment(text: str | None) -> dt.datetime | None:
    try:
        return dt.datetime.fromtimestamp(float(text), dt.UTC) if text else None
    except (ValueError, OverflowError, OSError):
        return None
