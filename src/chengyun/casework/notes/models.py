"""What colleagues say to each other about a case, and who follows it. Notes are appended, never edited."""

from __future__ import annotations

import datetime as dt

from django.db import models

# How long an author may take a note back.
MAY_WITHDRAW = dt.timedelta(minutes=5)


class Note(models.Model):
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="notes")
    at = models.DateTimeField()
    by = models.ForeignKey("people.User", models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=50)
    by_department_name = models.CharField(max_length=100, blank=True, default="")
    text = models.TextField()
    # How many files came with it; their rows are only asked for where there are some.
    file_count = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["case", "-id"], name="note_case")]

    def __str__(self) -> str:
        return self.text[:40]

    @property
    def is_withdrawn(self) -> bool:
        return hasattr(self, "withdrawal")


class Withdrawal(models.Model):
    """The mark that a note was taken back by its author; the note itself stays."""

    note = models.OneToOneField(Note, models.PROTECT, related_name="withdrawal")
    at = models.DateTimeField()


class Mention(models.Model):
    note = models.ForeignKey(Note, models.PROTECT, related_name="mentions")
    user = models.ForeignKey("people.User", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["note", "user"], name="one_mention_per_person")]


class Watch(models.Model):
    """Somebody follows a case (关注): he is told of each step."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="watches")
    user = models.ForeignKey("people.User", models.CASCADE, related_name="watches")
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "case"], name="one_watch_per_person")]
