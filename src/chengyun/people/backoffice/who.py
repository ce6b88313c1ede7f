"""Who keeps which register, and the groups of the menu «台账»."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chengyun.people.roles import ADMINISTRATORS, COUNTY_WIDE, Role

# The three administrators read all of the organisation; who changes it is told apart (三员分立).
ADMINS = frozenset(map(str, ADMINISTRATORS))
ORGANISERS = frozenset({str(Role.SYSTEM_ADMIN)})
APPOINTERS = frozenset({str(Role.SYSTEM_ADMIN), str(Role.SECURITY_ADMIN)})
GUARDS = frozenset({str(Role.SECURITY_ADMIN)})
# Erasing is decided by the security administrator (GUARDS) and seen by the audit administrator, who changes nothing.
ERASERS = GUARDS
SEE_ERASING = frozenset({str(Role.SECURITY_ADMIN), str(Role.AUDIT_ADMIN)})
# The business registers: kept by the chief of the desk and the system administrator, read by the whole centre.
KEEPERS = frozenset({str(Role.DUTY_CHIEF), str(Role.SYSTEM_ADMIN)})
CENTRE = frozenset(map(str, COUNTY_WIDE | {Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN}))

# The desk's own lists, which no form of this floor keeps.
DESK = _("值守")
ORGANISATION = _("组织人员")
BUSINESS = _("分类与派遣")
PLACES = _("区域地点")
INSTALLATION = _("系统")
