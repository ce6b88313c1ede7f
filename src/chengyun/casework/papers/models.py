from __future__ import annotations

from django.db import models


class OrderTemplate(models.Model):
    """A template of the 交办单 that the office uploaded; the newest holds; without content: the shipped."""

    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=50)
    name = models.CharField(max_length=120)
    content = models.BinaryField()

    def __str__(self) -> str:
        return self.name
