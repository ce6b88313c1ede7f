"""Which component a case is about: chosen by people, or brought by a report as `extra["component"]`."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from chengyun.assets.models import Component
from chengyun.assets.queries import component_codes, component_for
from chengyun.casework.cases.models import Case
from chengyun.casework.components.models import CaseComponent
from chengyun.core import history, instants
from chengyun.core.errors import UserError
from chengyun.core.who import Doer

# The name under which a report's `extra` carries the identifier, through every channel and the API.
EXTRA = "component"


@transaction.atomic
def link(case: Case, identifier: str, *, by: Doer) -> CaseComponent:
    """Raises UserError naming the field `component` where it cannot be that one; the same one again is no change."""
    component = component_for(identifier)
    _check_class(case, component)
    standing = CaseComponent.objects.select_for_update().filter(case=case).first()
    if standing and standing.component_id == component.pk:
        return standing
    made, _new = CaseComponent.objects.update_or_create(
        case=case, defaults={"component": component, "at": instants.now()}
    )
    history.record(f"case_component:{case.number}", "case.component", {"component": component.identifier}, by=by)
    return made


@transaction.atomic
def unlink(case: Case, *, by: Doer) -> None:
    gone, _each = CaseComponent.objects.filter(case=case).delete()
    if gone:
        history.record(f"case_component:{case.number}", "case.component", {"component": ""}, by=by)


def _check_class(case: Case, component: Component) -> None:
    """A classified case and its component are of one class; before acceptance nobody knows."""
    codes = component_codes(case.minor_class)
    if case.minor_class is not None and codes and component.class_code not in codes:
        message = _("案件的小类是 %(case)s，所选部件是 %(component)s，请选择同类部件。")
        words = {"case": case.class_name, "component": component.name}
        raise UserError(message % words, field="component")
