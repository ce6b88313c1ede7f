"""A case as lists and its neighbours show it: the columns alone. Whole models cost three times as much to make."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from django.urls import reverse

from chengyun.casework.cases.models import lamp_at
from chengyun.casework.cases.workflow import Stage

COLUMNS = (
    "id", "number", "stage", "title", "address", "source", "class_name", "is_urgent", "reported_at", "due_at",
    "last_step_at", "yellow_at", "due_unit", "is_paused", "queue_at", "unseen_supplements", "lon", "lat",
    "main_department__short_name",
)  # fmt: skip


class ListedCase(NamedTuple):
    """In the order of `COLUMNS`."""

    pk: int
    number: str
    stage: str
    title: str
    address: str
    source: str
    class_name: str
    is_urgent: bool
    reported_at: dt.datetime
    due_at: dt.datetime | None
    last_step_at: dt.datetime | None
    yellow_at: dt.datetime | None
    due_unit: str
    is_paused: bool
    queue_at: dt.datetime | None
    unseen_supplements: int
    lon: float | None
    lat: float | None
    department_name: str | None

    def lamp(self, now: dt.datetime) -> str:
        return lamp_at(now, self.due_at, self.yellow_at, self.is_paused)


class NearCase(NamedTuple):
    """What one wants to know of a case around another; its fields are columns."""

    pk: int
    number: str
    stage: str
    title: str
    lon: float
    lat: float
    class_code: str
    reported_at: dt.datetime
    due_at: dt.datetime | None
    yellow_at: dt.datetime | None
    is_paused: bool

    def get_absolute_url(self) -> str:
        return reverse("cases:case", args=[self.number])

    @property
    def stage_label(self) -> str:
        return str(Stage(self.stage).label)

    def lamp(self, now: dt.datetime) -> str:
        return lamp_at(now, self.due_at, self.yellow_at, self.is_paused)
