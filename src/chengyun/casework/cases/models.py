"""Cases and the steps taken; what came in as reports is in `report_models.py`.

The case carries stage, clocks and parties. `Step` is history page, audit, evaluation and queue in one table: appended,
chained, never edited.
"""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chengyun.casework.cases.report_models import Report as Report
from chengyun.casework.cases.report_models import Source as Source
from chengyun.casework.cases.report_models import Supplement as Supplement
from chengyun.casework.cases.undo_models import Undo  # noqa: F401 -- a table of this app
from chengyun.casework.cases.workflow import Stage
from chengyun.core.chained import ChainedRow


def lamp_at(now: dt.datetime, due_at: dt.datetime | None, yellow_at: dt.datetime | None, is_paused: bool) -> str:
    """green, yellow, red or grey; blank where no clock runs."""
    if due_at is None or yellow_at is None:
        return ""
    if is_paused:
        return "grey"
    if now > due_at:
        return "red"
    return "yellow" if now >= yellow_at else "green"


class Bundle(models.Model):
    """Cases under one handle clock (捆绑计时); the clock is the leading case's."""

    lead = models.ForeignKey("Case", models.PROTECT, related_name="leads")
    created_at = models.DateTimeField()


class Case(models.Model):
    number = models.CharField(max_length=24, unique=True)
    stage = models.CharField(max_length=12, choices=Stage.choices)
    version = models.PositiveIntegerField(default=1)
    source = models.CharField(max_length=12, choices=Source.choices)
    title = models.CharField(max_length=120)
    description = models.TextField(blank=True, default="")
    reported_at = models.DateTimeField()
    # Where: as the regions stood when the case was filed.
    address = models.CharField(max_length=200, blank=True, default="")
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    county_code = models.CharField(max_length=6, blank=True, default="")
    township_code = models.CharField(max_length=9, blank=True, default="")
    community_code = models.CharField(max_length=12, blank=True, default="")
    cell_code = models.CharField(max_length=15, blank=True, default="")
    area_class = models.CharField(max_length=10, blank=True, default="")
    region_version = models.ForeignKey("regions.RegionVersion", models.PROTECT, null=True)
    grid = models.ForeignKey("regions.ResponsibilityGrid", models.PROTECT, null=True)
    grid_collector = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")
    is_urgent = models.BooleanField(default=False)
    is_on_spot = models.BooleanField(default=False)
    # What: the class of the edition in force at acceptance, with its code then.
    minor_class = models.ForeignKey("taxonomy.MinorClass", models.PROTECT, null=True)
    class_code = models.CharField(max_length=8, blank=True, default="")
    class_name = models.CharField(max_length=50, blank=True, default="")
    condition = models.ForeignKey("taxonomy.FilingCondition", models.PROTECT, null=True)
    condition_version = models.PositiveSmallIntegerField(null=True)
    limit_amount = models.DecimalField(max_digits=12, decimal_places=6, null=True)
    limit_unit = models.CharField(max_length=20, blank=True, default="")
    # Who answers, and before whom the case lies now.
    main_department = models.ForeignKey("people.Department", models.PROTECT, null=True, related_name="main_cases")
    handler = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="handled_cases")
    waits_for = models.CharField(max_length=20, blank=True, default="")
    waits_department = models.ForeignKey("people.Department", models.PROTECT, null=True, related_name="+")
    waits_user = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")
    # A request (延期 挂账 申诉 督办) lies before this role while the case itself goes on.
    asks_role = models.CharField(max_length=20, blank=True, default="")
    asks_department = models.ForeignKey("people.Department", models.PROTECT, null=True, related_name="+")
    # The clock of the present stage, copied from `clocks.Clock` so that queues need no join.
    clock_stage = models.CharField(max_length=10, blank=True, default="")
    # The place in the queue: the due time, or since when it lies here where no clock runs. Never null while open.
    queue_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    yellow_at = models.DateTimeField(null=True)
    due_unit = models.CharField(max_length=20, blank=True, default="")
    is_paused = models.BooleanField(default=False)
    is_provisional = models.BooleanField(default=False)
    # The last lamp that notices went out for; not part of history.
    announced_lamp = models.CharField(max_length=8, blank=True, default="")
    suspended_until = models.DateTimeField(null=True)
    return_count = models.PositiveSmallIntegerField(default=0)
    rework_count = models.PositiveSmallIntegerField(default=0)
    extension_count = models.PositiveSmallIntegerField(default=0)
    reopen_count = models.PositiveSmallIntegerField(default=0)
    dispute_decided = models.BooleanField(default=False)
    handling_overdue = models.BooleanField(default=False)
    overdue_exempt = models.BooleanField(default=False)
    unseen_supplements = models.PositiveSmallIntegerField(default=0)
    accepted_at = models.DateTimeField(null=True)
    filed_at = models.DateTimeField(null=True)
    dispatched_at = models.DateTimeField(null=True)
    fed_back_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    bundle = models.ForeignKey(Bundle, models.PROTECT, null=True, related_name="cases")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged_cases")
    split_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="split_cases")
    last_step_at = models.DateTimeField(null=True)
    head_hash = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        indexes = [
            # Queues: what lies before a role, a department, a person, soonest due first.
            models.Index(fields=["waits_for", "queue_at", "id"], name="case_queue"),
            models.Index(fields=["waits_department", "queue_at", "id"], name="case_queue_department"),
            models.Index(fields=["waits_user", "queue_at", "id"], name="case_queue_user"),
            models.Index(fields=["asks_role", "id"], condition=~models.Q(asks_role=""), name="case_asks"),
            # Lists: newest first within each of the desk's filters.
            models.Index(fields=["stage", "-id"], name="case_stage"),
            models.Index(fields=["source", "-id"], name="case_source"),
            models.Index(fields=["class_code", "-id"], name="case_class"),
            models.Index(fields=["township_code", "-id"], name="case_township"),
            models.Index(fields=["main_department", "-id"], name="case_department"),
            models.Index(fields=["reported_at", "id"], name="case_reported"),
            models.Index(fields=["-id"], condition=models.Q(is_urgent=True), name="case_urgent"),
            models.Index(fields=["-id"], condition=models.Q(ended_at__isnull=True), name="case_open"),
            # Orders of the lists besides the newest first (`orders.py`).
            models.Index(fields=["queue_at", "id"], condition=models.Q(ended_at__isnull=True), name="case_open_queue"),
            models.Index(
                fields=["-is_urgent", "queue_at", "id"],
                condition=models.Q(ended_at__isnull=True),
                name="case_open_urgent",
            ),
            models.Index(fields=["last_step_at", "id"], name="case_changed"),
            # What is near, with what tells the recent and the open; what is due for a lamp or a resumption.
            models.Index(fields=["lat", "lon", "reported_at", "ended_at"], name="case_place"),
            models.Index(fields=["due_at"], condition=models.Q(ended_at__isnull=True), name="case_open_due"),
            models.Index(
                fields=["suspended_until"], condition=models.Q(suspended_until__isnull=False), name="case_suspended"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("cases:case", args=[self.number])

    @property
    def chain(self) -> str:
        return f"case:{self.number}"

    @property
    def stage_label(self) -> str:
        return str(Stage(self.stage).label)

    @property
    def department_name(self) -> str:
        return self.main_department.short_name if self.main_department else ""

    def lamp(self, now: dt.datetime) -> str:
        return lamp_at(now, self.due_at, self.yellow_at, self.is_paused)


class Step(ChainedRow):
    """One step taken. `chain` is the case's, `seq` the case's version after it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=24)
    source_stage = models.CharField(max_length=12, blank=True, default="")
    target_stage = models.CharField(max_length=12)
    by_user = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=50)
    by_role = models.CharField(max_length=20, blank=True, default="")
    by_post = models.CharField(max_length=50, blank=True, default="")
    by_department = models.ForeignKey("people.Department", models.PROTECT, null=True, related_name="+")
    by_department_name = models.CharField(max_length=100, blank=True, default="")
    # 代录: the department for which the centre entered the step, and what that rests on.
    on_behalf_of = models.ForeignKey("people.Department", models.PROTECT, null=True, related_name="+")
    evidence = models.CharField(max_length=8, blank=True, default="")
    evidence_note = models.CharField(max_length=200, blank=True, default="")
    note = models.TextField(blank=True, default="")
    data = models.JSONField(default=dict)
    clock_effects = models.JSONField(default=list)
    spent_seconds = models.IntegerField(default=0)

    HASHED_FIELDS: ClassVar[tuple[str, ...]] = (
        "verb", "source_stage", "target_stage", "by_user_id", "by_name", "by_role", "by_post", "by_department_id",
        "by_department_name", "on_behalf_of_id", "evidence", "evidence_note", "note", "data", "clock_effects",
        "spent_seconds",
    )  # fmt: skip

    class Meta(ChainedRow.Meta):
        indexes = [
            models.Index(fields=["verb", "at"], name="step_verb_at"),
            models.Index(fields=["at"], name="step_at"),
        ]


class CaseParty(models.Model):
    """Who has to do with a case, from when to when; visibility rests on it (DESIGN §4.8)."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="parties")
    role = models.CharField(max_length=12)
    department = models.ForeignKey("people.Department", models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    # A co-handler's own part (协办).
    done_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["department", "case"], name="party_department"),
            models.Index(fields=["user", "case"], name="party_user"),
        ]


class Request(models.Model):
    """延期, 挂账, 申诉 or 督办: asked, perhaps endorsed, decided or answered."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="requests")
    kind = models.CharField(max_length=12)
    state = models.CharField(max_length=10)
    reason = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")
    department = models.ForeignKey("people.Department", models.PROTECT, null=True, related_name="+")
    until = models.DateTimeField(null=True)
    endorsed_by = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True, default="")


class Picture(models.Model):
    """A stored picture's place in a case: what it shows and with which step it came."""

    class Moment(models.TextChoices):
        BEFORE = "before", _("处置前")
        AFTER = "after", _("处置后")
        CHECK = "check", _("核查")

    case = models.ForeignKey(Case, models.CASCADE, related_name="pictures")
    file = models.ForeignKey("core.StoredFile", models.PROTECT, related_name="+")
    moment = models.CharField(max_length=8, choices=Moment.choices)
    step_seq = models.PositiveIntegerField()


class Notice(models.Model):
    """An in-app notice to one person: about a case, or about what stands at `url`."""

    user = models.ForeignKey("people.User", models.CASCADE, related_name="notices")
    case = models.ForeignKey(Case, models.CASCADE, null=True, related_name="+")
    url = models.CharField(max_length=200, blank=True, default="")
    # (event id, user) once: the handler that writes notices may run twice.
    event_id = models.BigIntegerField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=24)
    text = models.CharField(max_length=200)
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["user", "-id"], name="notice_user"),
            models.Index(fields=["user"], condition=models.Q(read_at__isnull=True), name="notice_unread"),
        ]
        constraints = [models.UniqueConstraint(fields=["user", "event_id"], name="one_notice_per_event")]

    @property
    def address(self) -> str:
        return self.case.get_absolute_url() if self.case else self.url
