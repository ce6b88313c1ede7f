from __future__ import annotations

from typing import cast

from django.http import HttpRequest

from chengyun.casework.campaigns.access import tasks_for
from chengyun.people.middleware import ActorRequest


def sees_evidence(request: HttpRequest, evidence_id: int) -> bool:
    return tasks_for(cast(ActorRequest, request).actor).filter(evidence=evidence_id).exists()
