"""The newest place of each person, from whatever the modules know (`PositionSource`)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from chengyun.core.declarations import LastPlace, PositionSource, collect
from chengyun.core.instants import now
from chengyun.people.roles import Role
from chengyun.ui.templatetags.ui_tags import duration, local_time

# Where people are is the centre's business, for the work of the day.
MAY_SEE = frozenset({Role.RECEIVER, Role.DUTY_CHIEF, Role.DISPATCHER, Role.SUPERVISOR, Role.LEADER})
KEPT = dt.timedelta(hours=24)


def last_places() -> list[LastPlace]:
    moment = now() - KEPT
    newest: dict[int, LastPlace] = {}
    for source in collect(PositionSource):
        for place in source.since(moment):
            known = newest.get(place.user_id)
            if known is None or known.at < place.at:
                newest[place.user_id] = place
    return sorted(newest.values(), key=lambda place: place.at, reverse=True)


def feature(place: LastPlace) -> dict[str, Any]:
    age = _("%s前") % duration(max(now() - place.at, dt.timedelta()))
    properties = {
        "name": place.name,
        "label": f"{place.name} · {age}",
        "told": f"{place.name}：{place.how}，{local_time(place.at)}（{age}）",
    }
    geometry = {"type": "Point", "coordinates": [place.lon, place.lat]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}
