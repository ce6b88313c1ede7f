"""Where people were seen last, as far as reports tell: a collector's report says where it was made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from chengyun.casework.cases.models import Report
from chengyun.core.declarations import LastPlace

# Several days of a county's reports; read by primary key, so that the cost does not grow with the years.
NEWEST = 2000
COLUMNS = ("reporter_id", "reporter__name", "lon", "lat", "received_at")


def reported_places(since: dt.datetime) -> Iterator[LastPlace]:
    newest = Report.objects.order_by("-id").values_list(*COLUMNS)[:NEWEST]
    for user_id, name, lon, lat, at in newest:
        if user_id is not None and lon is not None and lat is not None and at >= since:
            yield LastPlace(user_id, name, lon, lat, at, _("上报"))
