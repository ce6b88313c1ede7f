"""Small things that tests of figures tell."""

from __future__ import annotations

from itertools import count

from chengyun.casework.cases.models import Case
from chengyun.casework.cases.services.submit import SubmittedReport, submit
from chengyun.core.instants import now
from chengyun.demo.small import SmallCounty

_numbers = count(1)


def report(county: SmallCounty, source: str = "hotline") -> Case:
    lon, lat = county.point
    told = SubmittedReport(
        source, f"story-{next(_numbers)}", now(), title="路边垃圾", words="路边有暴露垃圾", lon=lon, lat=lat
    )
    return submit(told).case
