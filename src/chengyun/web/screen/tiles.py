"""The screen's own tiles, declared as any module declares one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengyun.core.declarations import ScreenTile
from chengyun.insight.figures.together import Asked
from chengyun.people.access import PLACE_KINDS
from chengyun.people.models import Department
from chengyun.web.screen import cases
from chengyun.web.screen.looking import DAYS, Looking, Seen
from chengyun.web.screen.told import cell, change, names

ALWAYS = frozenset({"overview", "departments", "townships"})
TOTALS = ("reported", "filed", "closed")
RATES = ("closing_rate", "on_time_handling_rate")
LAMPS = ("green", "yellow", "red", "grey")
MOST_ROWS = 30


def asks_totals(looking: Looking) -> list[Asked]:
    return [looking.asked(key, span.period) for key in TOTALS for span in (looking.today, looking.month, looking.year)]


def tell_totals(seen: Seen) -> dict[str, Any]:
    looking = seen.looking
    rows = [seen.figures[at : at + 3] for at in range(0, len(seen.figures), 3)]
    return {
        "periods": [span.title for span in (looking.today, looking.month, looking.year)],
        "rows": [{"title": str(row[0].indicator.title), "cells": [cell(figure) for figure in row]} for row in rows],
    }


def asks_rates(looking: Looking) -> list[Asked]:
    spans = (looking.month, looking.year)
    return [looking.asked(key, period) for key in RATES for span in spans for period in (span.period, span.before)]


def tell_rates(seen: Seen) -> dict[str, Any]:
    spans, figures = (seen.looking.month, seen.looking.year), iter(seen.figures)
    rows: dict[str, list[dict[str, Any]]] = {}
    for span in spans * len(RATES):
        now, before = next(figures), next(figures)
        rows.setdefault(str(now.indicator.title), []).append({**cell(now), "change": change(now, before, span)})
    return {
        "periods": [span.title for span in spans],
        "rows": [{"title": title, "cells": cells} for title, cells in rows.items()],
    }


def asks_lamps(looking: Looking) -> list[Asked]:
    return [looking.asked(f"lamp_{lamp}", looking.today.period) for lamp in LAMPS]


def tell_lamps(seen: Seen) -> dict[str, Any]:
    titles = (_("按时"), _("临期"), _("超期"), _("暂停"))
    cells = zip(LAMPS, titles, seen.figures, strict=True)
    return {
        "period": _("现在"),
        "cells": [{"lamp": lamp, "title": title, **cell(figure)} for lamp, title, figure in cells],
    }


def asks_by(by: str, looking: Looking) -> list[Asked]:
    return [looking.asked("filed", looking.days.period, by)]


def tell_by(most: int, seen: Seen) -> dict[str, Any]:
    """The greatest first; what is left over is told by its count."""
    [filed] = seen.figures
    known = names(filed)
    ordered = sorted(filed.groups.items(), key=lambda each: -each[1].numerator)
    rows = [{"title": known.get(key[0], str(key[0])), **_bar(filed, key)} for key, _value in ordered[:most]]
    return {"period": seen.looking.days.title, "rows": rows, "left_out": max(0, len(ordered) - most)}


def _bar(figure: Any, key: Sequence[Any]) -> dict[str, Any]:
    greatest = max(value.numerator for value in figure.groups.values())
    return {"share": round(figure.groups[tuple(key)].numerator / greatest, 3), "cells": [cell(figure, key)]}


def asks_ranking(by: str, looking: Looking) -> list[Asked]:
    return [looking.asked(key, looking.days.period, by) for key in ("on_time_handling_rate", "filed")]


def tell_ranking(most: int, seen: Seen) -> dict[str, Any]:
    """The best share on time first. Who handled nothing is not ranked, nor are townships among bureaus."""
    rate, filed = seen.figures
    known, apart = names(rate), _townships() if rate.by[0].key == "department" else set()
    ranked = [
        (key, value) for key, value in rate.groups.items() if value.value is not None and key[0] and key[0] not in apart
    ]
    ranked.sort(key=lambda each: (-(each[1].value or 0), -(each[1].denominator or 0)))
    rows = [
        {
            "title": known.get(key[0], str(key[0])),
            "share": round((value.value or 0) / 100, 3),
            "cells": [cell(filed, key) if key in filed.groups else {"text": "0", "unit": ""}, cell(rate, key)],
        }
        for key, value in ranked[:most]
    ]
    heads = [str(filed.indicator.title), str(rate.indicator.title)]
    return {"period": seen.looking.days.title, "heads": heads, "rows": rows, "left_out": max(0, len(ranked) - most)}


def _townships() -> set[int]:
    return set(Department.objects.filter(kind__in=PLACE_KINDS).values_list("pk", flat=True))


def asks_trend(looking: Looking) -> list[Asked]:
    return [looking.asked(key, looking.days.period, "day") for key in ("filed", "closed")]


def tell_trend(seen: Seen) -> dict[str, Any]:
    first = seen.looking.days.period.first
    days = [first + dt.timedelta(days=number) for number in range(DAYS)]
    return {
        "period": seen.looking.days.title,
        "days": [day.strftime("%m-%d") for day in days],
        "series": [
            {
                "title": str(figure.indicator.title),
                **cell(figure),
                "points": [
                    [figure.groups[key].numerator, cell(figure, key)["href"]] if key in figure.groups else [0, ""]
                    for key in ((day.isoformat(),) for day in days)
                ],
            }
            for figure in seen.figures
        ],
    }


def asks_late(looking: Looking) -> list[Asked]:
    return [looking.asked("lamp_red", looking.today.period, "department")]


def tell_late(seen: Seen) -> dict[str, Any]:
    return {**tell_by(8, seen), "period": _("现在")}


Asks = Callable[[Looking], list[Asked]]


def _ranking(key: str, title: Any, by: str, most: int, scene: str, order: int) -> ScreenTile:
    return ScreenTile(
        key, title, "bars", partial(tell_ranking, most), partial(asks_ranking, by), frozenset({scene}), order=order
    )


TILES: list[object] = [
    ScreenTile("totals", gettext_lazy("案件总量"), "figures", tell_totals, asks_totals, ALWAYS, "left", 10),
    ScreenTile("rates", gettext_lazy("办理质量"), "figures", tell_rates, asks_rates, ALWAYS, "left", 20),
    ScreenTile("trend", gettext_lazy("每日趋势"), "trend", tell_trend, asks_trend, ALWAYS, "left", 30),
    ScreenTile(
        "lamps", gettext_lazy("在办案件"), "lamps", tell_lamps, asks_lamps, frozenset({"overview", "late"}), order=10
    ),
    _ranking("departments", gettext_lazy("部门按期处置"), "department", 5, "overview", 20),
    _ranking("all-departments", gettext_lazy("部门按期处置排名"), "department", MOST_ROWS, "departments", 20),
    _ranking("all-townships", gettext_lazy("乡镇街道按期处置排名"), "township", MOST_ROWS, "townships", 20),
    ScreenTile(
        "classes", gettext_lazy("立案最多的大类"), "bars", partial(tell_by, 4), partial(asks_by, "major"), order=40
    ),
    ScreenTile("sources", gettext_lazy("立案来源"), "bars", partial(tell_by, 4), partial(asks_by, "source"), order=50),
    ScreenTile(
        "late-departments", gettext_lazy("超期在哪些部门"), "bars", tell_late, asks_late, frozenset({"late"}), order=30
    ),
    ScreenTile(
        "late-cases",
        gettext_lazy("超期最久的案件"),
        "cases",
        cases.late,
        scenes=frozenset({"late"}),
        side="left",
        order=10,
    ),
    ScreenTile(
        "ticker", gettext_lazy("最新动态"), "cases", cases.latest, scenes=ALWAYS | {"late"}, side="foot", order=10
    ),
]
