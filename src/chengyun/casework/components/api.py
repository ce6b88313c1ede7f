"""Components over JSON (docs/api.md): what stands near a point, and which one a case is about."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Path, Query, Router, Schema
from pydantic import Field

from chengyun.assets.models import Component
from chengyun.assets.queries import component_for, nearest
from chengyun.casework.cases.api import ANY, READ_CASES, TAKE_STEPS, NumberPath
from chengyun.casework.cases.api_schemas import Longitude, Strict
from chengyun.casework.cases.queries import case_for
from chengyun.casework.components.queries import link_of
from chengyun.casework.components.rights import check_may_choose
from chengyun.casework.components.services import link, unlink
from chengyun.people.middleware import ActorRequest

router = Router()

IdentifierPath = Annotated[str, Path(pattern=r"^[0-9]{16,17}$")]


class ComponentOut(Schema):
    identifier: str
    name: str
    class_code: str
    # intact, damaged, lost, abandoned or removed
    state: str
    lon: float
    lat: float
    road: str
    township_code: str
    cell_code: str
    in_service: bool


class NearOut(Schema):
    components: list[ComponentOut]


class NearIn(Schema):
    lon: Longitude
    lat: Annotated[float, Field(ge=-85, le=85, allow_inf_nan=False)]
    class_code: Annotated[str, Field(pattern=r"^\d{5}$")] | None = None
    within_m: Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)] = 100
    limit: Annotated[int, Field(ge=1, le=50)] = 10


class ChosenOut(Schema):
    component: ComponentOut | None


class ChosenIn(Strict):
    # Null: the case is about none.
    identifier: Annotated[str, Field(pattern=r"^[0-9]{16,17}$")] | None


@router.get("/components", auth=ANY, response=NearOut, summary="Components near a point, nearest first")
def near(request: ActorRequest, wanted: Query[NearIn]) -> dict[str, Any]:
    found = nearest(wanted.lon, wanted.lat, wanted.class_code or "", wanted.limit, wanted.within_m)
    return {"components": [_out(each.component) for each in found]}


@router.get("/components/{identifier}", auth=ANY, response=ComponentOut, summary="One component")
def one(request: ActorRequest, identifier: IdentifierPath) -> dict[str, Any]:
    return _out(component_for(identifier))


@router.get(
    "/cases/{number}/component", auth=READ_CASES, response=ChosenOut, summary="The component that a case is about"
)
def chosen(request: ActorRequest, number: NumberPath) -> dict[str, Any]:
    standing = link_of(case_for(request.actor, number))
    return {"component": _out(standing.component) if standing else None}


@router.put("/cases/{number}/component", auth=TAKE_STEPS, response=ChosenOut, summary="Choose it, or none")
def choose(request: ActorRequest, number: NumberPath, given: ChosenIn) -> dict[str, Any]:
    case = case_for(request.actor, number)
    check_may_choose(request.actor, case)
    if given.identifier is None:
        unlink(case, by=request.actor)
        return {"component": None}
    return {"component": _out(link(case, given.identifier, by=request.actor).component)}


def _out(component: Component) -> dict[str, Any]:
    names = ("identifier", "name", "class_code", "state", "lon", "lat", "road", "township_code", "cell_code")
    return {name: getattr(component, name) for name in names} | {"in_service": component.is_in_service}
