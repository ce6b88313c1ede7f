from __future__ import annotations

from django.db import models


class CaseComponent(models.Model):
    """The component that a case is about. One per case; whoever corrects it is named in the case's record."""

    case = models.OneToOneField("cases.Case", models.CASCADE, related_name="component_link")
    component = models.ForeignKey("assets.Component", models.PROTECT, related_name="case_links")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.case_id} → {self.component_id}"
