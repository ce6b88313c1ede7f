"""The fact tables: what each row is, and the type of each column.

Five tables, all keyed by case and all cut by the month in which the case was reported, so that a changed case is
replaced in one place. No personal data: people are ids. Instants are UTC without a zone; a civil day is UTC + 8 hours.
"""

from __future__ import annotations

from typing import Final

# Arrow's names of the types, so that definitions can be read where Arrow is not installed (extra `insight`).
ID: Final = "int64"
IDS: Final = "list<int64>"
COUNT: Final = "int32"
NUMBER: Final = "double"
TEXT: Final = "string"
YES: Final = "bool"
AT: Final = "timestamp[us]"

# One row per case: what it is now. Handling that was not accepted is none: `fed_back_at` is blank until the next.
CASES: Final = {
    "case_id": ID, "number": TEXT, "version": COUNT, "source": TEXT, "stage": TEXT,
    "is_urgent": YES, "is_on_spot": YES, "standard": TEXT, "kind": TEXT, "major_code": TEXT, "class_code": TEXT,
    "major_standard": TEXT,  # of a county's own minor class under a major of the catalogue it is not `standard`
    "county_code": TEXT, "township_code": TEXT, "community_code": TEXT, "cell_code": TEXT, "area_class": TEXT,
    "grid_id": ID, "lon": NUMBER, "lat": NUMBER, "department_id": ID, "handler_id": ID,
    "reported_at": AT, "accepted_at": AT, "filed_at": AT, "dispatched_at": AT, "fed_back_at": AT, "closed_at": AT,
    "ended_at": AT, "clock_stage": TEXT, "due_at": AT, "yellow_at": AT, "is_paused": YES, "suspended_until": AT,
    "return_count": COUNT, "rework_count": COUNT, "extension_count": COUNT, "reopen_count": COUNT,
    # The handle clock: its deadline, when it came to a stand, and whether handling was ever late (the raw fact); after
    # an appeal was granted, from when on it was late once more.
    "handle_due_at": AT, "handle_ended_at": AT, "is_overdue": YES, "is_exempt": YES, "late_again_at": AT,
    "merged_into": ID, "split_from": ID,
    # Who may see it (`cases.queries.visible_to`): every main or co-department and every person it ever had.
    "department_ids": IDS, "user_ids": IDS, "waits_for": TEXT, "waits_user_id": ID,
}  # fmt: skip
# One row per step taken, those that were taken back as well.
STEPS: Final = {
    "case_id": ID, "seq": COUNT, "at": AT, "verb": TEXT, "source_stage": TEXT, "target_stage": TEXT,
    "user_id": ID, "role": TEXT, "by_department_id": ID, "on_behalf_of_id": ID,
    "to_department_id": ID,  # whom a dispatch named
    "department_id": ID,  # who had the case when the step was taken
    "clock": TEXT, "clock_due_at": AT,  # the clock that the step brought to a stand, and its deadline
    "waited_s": COUNT,  # wall time since the step before
    "is_undone": YES,  # taken back, or itself the taking back: to be left out of every count
    "is_misdirected": YES,  # a dispatch after which the case went to another department
}  # fmt: skip
# One row per round of a timed stage: begun by a step, ended by the last step that brought its clock to a stand.
ROUNDS: Final = {
    "case_id": ID, "clock": TEXT, "round": COUNT, "begun_at": AT, "begun_by": TEXT, "due_at": AT,
    "ended_at": AT, "ended_by": TEXT,  # blank while the clock runs, and where another bundled case ended it
    "user_id": ID, "department_id": ID,  # who ended it, of 核实 and 核查 to whom it was sent; before whom it lay
    "is_exempt": YES, "is_paused": YES, "unit": TEXT, "amount": NUMBER,
}  # fmt: skip
# One row per report: what somebody said, also where several led to one case.
REPORTS: Final = {
    "report_id": ID, "case_id": ID, "source": TEXT, "received_at": AT, "reporter_id": ID,
}  # fmt: skip
# One row per request: 延期, 挂账, 申诉, 督办. The department is the one that asked; of 督办 the one that had the case.
REQUESTS: Final = {
    "request_id": ID, "case_id": ID, "kind": TEXT, "state": TEXT, "asked_at": AT, "decided_at": AT,
    "department_id": ID, "asked_by_id": ID, "decided_by_id": ID,
}  # fmt: skip

TABLES: Final[dict[str, dict[str, str]]] = {
    "cases": CASES, "steps": STEPS, "rounds": ROUNDS, "reports": REPORTS, "requests": REQUESTS,
}  # fmt: skip
# In which order the rows of a file stand, so that equal facts are equal files.
ORDER: Final = {
    "cases": ("case_id",),
    "steps": ("case_id", "seq"),
    "rounds": ("case_id", "clock", "round"),
    "reports": ("case_id", "report_id"),
    "requests": ("case_id", "request_id"),
}
# A change of the columns is a new format: older files are made anew.
FORMAT: Final = 3
