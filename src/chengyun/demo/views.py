"""Saved views as people of the centre make them, shared with their posts."""

from __future__ import annotations

from chengyun.casework.worktop import saved
from chengyun.casework.worktop.models import SavedView
from chengyun.demo.organisation import Organisation
from chengyun.people.access import actor_for
from chengyun.people.roles import Role

VIEWS = (
    (Role.RECEIVER, "queue", "热线来件", "source=hotline"),
    (Role.RECEIVER, "queue", "快到期", "lamp=yellow"),
    (Role.DUTY_CHIEF, "queue", "超时", "lamp=red"),
    (Role.DISPATCHER, "queue", "紧急", "urgent=1"),
    (Role.DISPATCHER, "list", "待派遣", "stage=filed"),
    (Role.SUPERVISOR, "list", "处置超时", "lamp=red&stage=handling"),
)


def save_views(organisation: Organisation) -> int:
    """Once: a county that has some keeps them."""
    if SavedView.objects.exists():
        return 0
    saved_now = [
        saved.save(actor_for(people[0]), page, name, query, shared=True)
        for role, page, name, query in VIEWS
        if (people := organisation.of_centre(role))
    ]
    return len(saved_now)
