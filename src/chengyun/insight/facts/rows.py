"""The facts of some cases, read from the database: five tables as Arrow."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from operator import attrgetter
from typing import Any

import pyarrow as pa

from chengyun.casework.cases.models import Case, CaseParty, Report, Request, Step
from chengyun.casework.cases.workflow import OPEN, Stage
from chengyun.casework.clocks.models import Clock
from chengyun.insight.facts import arrow, rounds, schema
from chengyun.insight.facts.arrow import Facts

Row = Mapping[str, Any]
Rounds = Sequence[dict[str, Any]]

# As many cases are read at once: SQLite takes 32,766 parameters a statement, and memory is bounded.
AT_ONCE = 2_000
# Where nothing is handled, or what was handled has come back.
UNHANDLED = frozenset(OPEN) - {Stage.FED_BACK, Stage.CHECKING, Stage.CHECKED}
# A case may move while its tables are read one after the other; then it is read again.
TRIES = 3

_CASE = {
    "case_id": "id", "number": "number", "version": "version", "source": "source", "stage": "stage",
    "is_urgent": "is_urgent", "is_on_spot": "is_on_spot", "standard": "minor_class__standard__code",
    "kind": "minor_class__kind", "major_code": "minor_class__major__code", "class_code": "class_code",
    "major_standard": "minor_class__major__standard__code",
    "county_code": "county_code", "township_code": "township_code", "community_code": "community_code",
    "cell_code": "cell_code", "area_class": "area_class", "grid_id": "grid_id", "lon": "lon", "lat": "lat",
    "department_id": "main_department_id", "handler_id": "handler_id", "reported_at": "reported_at",
    "accepted_at": "accepted_at", "filed_at": "filed_at", "dispatched_at": "dispatched_at",
    "fed_back_at": "fed_back_at", "closed_at": "closed_at", "ended_at": "ended_at", "clock_stage": "clock_stage",
    "due_at": "due_at", "yellow_at": "yellow_at", "is_paused": "is_paused", "suspended_until": "suspended_until",
    "return_count": "return_count", "rework_count": "rework_count", "extension_count": "extension_count",
    "reopen_count": "reopen_count", "is_overdue": "handling_overdue", "is_exempt": "overdue_exempt",
    "merged_into": "merged_into_id", "split_from": "split_from_id", "waits_for": "waits_for",
    "waits_user_id": "waits_user_id",
}  # fmt: skip
_REPORT = {"report_id": "id", "case_id": "case_id", "source": "source", "received_at": "received_at",
           "reporter_id": "reporter_id"}  # fmt: skip
_REQUEST = {"request_id": "id"} | {name: name for name in list(schema.REQUESTS)[1:]}
_STEP = (
    "case_id", "seq", "at", "verb", "source_stage", "target_stage", "by_user_id", "by_role", "by_department_id",
    "on_behalf_of_id", "data", "clock_effects", "spent_seconds",
)  # fmt: skip


def read(case_ids: Iterable[int]) -> Facts:
    """The facts of these cases as they stand now; ids without a case are passed over."""
    parts = [_read_part(part) for part in _parts(sorted(set(case_ids)), AT_ONCE)]
    return arrow.join(parts) if parts else arrow.empty()


def _read_part(case_ids: Sequence[int]) -> Facts:
    facts = _read_once(case_ids)
    for _attempt in range(TRIES):
        torn = _torn(facts)
        if not torn:
            return facts
        facts = arrow.join([arrow.without(facts, torn), _read_once(sorted(torn))])
    # Somebody works on it faster than it is read; the event of his last step brings it again.
    return facts


def _torn(facts: Facts) -> set[int]:
    """Cases whose steps are not those of their version."""
    last: dict[int, int] = {}
    for case_id, seq in _columns(facts["steps"], "case_id", "seq"):
        last[case_id] = max(seq, last.get(case_id, 0))
    versions = _columns(facts["cases"], "case_id", "version")
    return {case_id for case_id, version in versions if last.get(case_id) != version}


def _columns(table: pa.Table, *names: str) -> Iterator[tuple[Any, ...]]:
    return zip(*(table[name].to_pylist() for name in names), strict=True)


def _read_once(case_ids: Sequence[int]) -> Facts:
    cases = list(_cases(case_ids))
    steps, timed = _steps_and_rounds(case_ids)
    handling: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in timed:
        if row["clock"] == "handle":
            handling[row["case_id"]].append(row)
    _share_clocks(case_ids, handling)
    for case in cases:
        case |= _handling(case, handling[case["case_id"]])
    return {
        "cases": _table("cases", cases),
        "steps": _table("steps", steps),
        "rounds": _table("rounds", timed),
        "reports": _table("reports", _plain(Report.objects.filter(case_id__in=case_ids), _REPORT)),
        "requests": _table("requests", _requests(case_ids, steps)),
    }


def _share_clocks(case_ids: Sequence[int], handling: Mapping[int, Rounds]) -> None:
    """The clock of bundled cases is moved by any of them; only that one's steps tell of it."""
    shared = Clock.objects.filter(case_id__in=case_ids, case__bundle__isnull=False, stage="handle")
    times = ("case_id", "due_at", "stopped_at", "paused_at")
    for case_id, due_at, stopped_at, paused_at in shared.values_list(*times):
        if handling[case_id]:
            handling[case_id][-1] |= {"due_at": _value(due_at), "ended_at": _value(stopped_at or paused_at)}


def _handling(case: Row, taken: Rounds) -> Row:
    """What the rounds of the handle clock say of the case."""
    last = taken[-1] if taken else {"due_at": None, "ended_at": None}
    return {
        "handle_due_at": last["due_at"],
        "handle_ended_at": last["ended_at"],
        "late_again_at": _late_again_at(taken) if case["is_exempt"] else None,
        "fed_back_at": None if case["stage"] in UNHANDLED else case["fed_back_at"],
    }


def _late_again_at(taken: Rounds) -> dt.datetime | None:
    """When the first round passed its deadline, or will, that began after an appeal had excused those before."""
    excused = [place for place, each in enumerate(taken) if each["is_exempt"]]
    later = taken[excused[-1] + 1 :] if excused else ()
    return min(
        (each["due_at"] for each in later if not each["ended_at"] or each["ended_at"] > each["due_at"]), default=None
    )


def _requests(case_ids: Sequence[int], steps: Iterable[Row]) -> Iterator[Row]:
    holders = {(row["case_id"], row["at"]): row["department_id"] for row in steps if row["verb"] == "supervise"}
    for row in _plain(Request.objects.filter(case_id__in=case_ids), _REQUEST):
        yield {**row, "department_id": holders.get((row["case_id"], row["asked_at"]), row["department_id"])}


def _plain(rows: Any, columns: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for values in rows.values_list(*columns.values()).iterator():
        yield dict(zip(columns, values, strict=True))


def _cases(case_ids: Sequence[int]) -> Iterator[dict[str, Any]]:
    departments: dict[int, set[int]] = defaultdict(set)
    users: dict[int, set[int]] = defaultdict(set)
    parties = CaseParty.objects.filter(case_id__in=case_ids)
    for case_id, role, department_id, user_id in parties.values_list("case_id", "role", "department_id", "user_id"):
        if user_id is not None:
            users[case_id].add(user_id)
        if department_id and role in ("main", "co"):
            departments[case_id].add(department_id)
    for row in _plain(Case.objects.filter(pk__in=case_ids), _CASE):
        case_id = row["case_id"]
        yield {**row, "department_ids": sorted(departments[case_id]), "user_ids": sorted(users[case_id])}


def _steps_and_rounds(case_ids: Sequence[int]) -> tuple[list[Row], list[dict[str, Any]]]:
    steps: list[Row] = []
    timed: list[dict[str, Any]] = []
    taken = Step.objects.filter(case_id__in=case_ids).order_by("case_id", "seq")
    rows = (dict(zip(_STEP, values, strict=True)) for values in taken.values_list(*_STEP).iterator())
    for case_id, group in groupby(rows, key=lambda row: row["case_id"]):
        history = [(row, _taken(row)) for row in group]
        for each in rounds.lay_out(step for _row, step in history):
            timed.append({"case_id": case_id, **{name: getattr(each, name) for name in _ROUND}})
        steps += [_step_row(row, step) for row, step in history]
    return steps, timed


_ROUND = [name for name in schema.ROUNDS if name != "case_id"]
_MARKS = ("clock", "clock_due_at", "is_undone", "is_misdirected")
_marks = attrgetter(*_MARKS)


def _taken(row: Row) -> rounds.StepTaken:
    data = row["data"]
    return rounds.StepTaken(
        seq=row["seq"],
        at=row["at"],
        verb=row["verb"],
        user_id=row["by_user_id"],
        department_id=row["by_department_id"],
        names_department_id=(data.get("department") or {}).get("id"),
        names_user_id=(data.get("collector") or {}).get("id"),
        effects=row["clock_effects"],
        undoes=data["undone"]["seq"] if row["verb"] == "undo" and "undone" in data else None,
    )


def _step_row(row: Row, step: rounds.StepTaken) -> Row:
    return {
        **{name: row[name] for name in ("case_id", "seq", "at", "verb", "source_stage", "target_stage")},
        "user_id": row["by_user_id"],
        "role": row["by_role"],
        "by_department_id": row["by_department_id"],
        "on_behalf_of_id": row["on_behalf_of_id"],
        "to_department_id": step.names_department_id,
        "department_id": step.holder_id,
        "waited_s": row["spent_seconds"],
        **dict(zip(_MARKS, _marks(step), strict=True)),
    }


def _table(name: str, rows: Iterable[Row]) -> pa.Table:
    columns: dict[str, list[Any]] = {column: [] for column in schema.TABLES[name]}
    for row in rows:
        for column, values in columns.items():
            values.append(_value(row[column]))
    return pa.table(columns, schema=arrow.SCHEMAS[name])


def _value(value: Any) -> Any:
    """Instants as UTC without a zone."""
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        return value.astimezone(dt.UTC).replace(tzinfo=None)
    return value


def _parts(ids: Sequence[int], size: int) -> Iterator[list[int]]:
    rest = iter(ids)
    while part := list(islice(rest, size)):
        yield part
