from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chengyun.casework.notes.panels import notes_panel, watch_control
from chengyun.casework.notes.queries import FILES, READERS, sees_note
from chengyun.core.declarations import CaseControl, CasePanel, FileOwner, MenuEntry
from chengyun.people.backoffice.who import DESK

DECLARATIONS: list[object] = [
    CasePanel(_("内部备注"), notes_panel, order=20),
    CaseControl(watch_control, order=10),
    FileOwner(FILES, sees_note),
    MenuEntry(_("我关注的"), "notes:watched", order=838, group=DESK, roles=READERS, icon="eye"),
]
