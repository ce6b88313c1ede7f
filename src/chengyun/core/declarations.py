"""What a module offers to the floors above, declared in its `declares.py` as `DECLARATIONS = [...]` (DESIGN §3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, TypeVar

from django.apps import apps
from django.http import HttpRequest
from django.utils.functional import Promise

from chengyun.core import shapes

Text = str | Promise
Json = None | bool | int | float | str | list[Any] | dict[str, Any]


@dataclass(frozen=True)
class MenuEntry:
    title: Text
    url_name: str
    order: int = 100
    roles: frozenset[str] = frozenset()  # empty: everybody who is logged in
    icon: str = ""
    # Under which heading of «台账» it stands, from order 500 on.
    group: Text = ""
    key: str = ""  # g and this letter go there
    # Only for whoever has one of the roles for the whole county, not in a bureau or a township.
    for_county: bool = False


@dataclass(frozen=True)
class SettingDeclaration:
    """A number or choice that a county may set for itself.

    Its editor is built from `shape`; without one, from what the default is. `check` raises UserError on a value of
    that shape that still cannot be.
    """

    key: str
    title: Text
    default: Json
    shape: shapes.Shape | None = None
    unit: Text = ""
    group: Text = ""
    help: Text = ""
    check: Callable[[Any], None] | None = None

    @property
    def form(self) -> shapes.Shape:
        return self.shape or shapes.of(self.default)

    def refuse_misfit(self, value: Json) -> None:
        self.form.check(value)
        if self.check:
            self.check(value)


@dataclass(frozen=True)
class MapLayer:
    """Something drawn on the county's maps, WGS-84; how, says docs/interfaces.md, «Map layers»."""

    key: str
    title: Text
    url_name: str
    order: int = 100
    roles: frozenset[str] = frozenset()
    shown: bool = True
    group: Text = ""
    # "geojson", or "mvt": vector tiles, whose route takes the whole numbers z, x and y, in this order and side by side.
    source: str = "geojson"
    # Tiles: the name of the layer inside them; blank is the key.
    tile_layer: str = ""
    # GeoJSON: too large to be sent whole, so `?bbox=min_lon,min_lat,max_lon,max_lat` of what is in view is asked for.
    by_box: bool = False
    # "line", "fill", "point", or "heat": points with a `weight`.
    form: str = "line"
    # A token of tokens.css, so that both themes have it.
    colour: str = "--ink-3"
    min_zoom: float = 0
    # Properties of its features: the words written beside it, and the address that a click opens.
    label: str = ""
    link: str = ""
    # Asked for each page: False where the county has nothing to draw here.
    offered: Callable[[], bool] | None = None
    # Also a layer of the command screen.
    on_screen: bool = False


@dataclass(frozen=True)
class LastPlace:
    """Where somebody was seen last, WGS-84, and how that is known."""

    user_id: int
    name: str
    lon: float
    lat: float
    at: dt.datetime
    how: Text


@dataclass(frozen=True)
class PositionSource:
    """Tells where people were seen since a moment; the map draws the newest place of each."""

    key: str
    since: Callable[[dt.datetime], Iterable[LastPlace]]


@dataclass(frozen=True)
class ScreenTile:
    """A block of the command screen; its forms and what it tells are in docs/interfaces.md, «The command screen»."""

    key: str
    title: Text
    # How it is drawn: "figures", "lamps", "bars", "trend" or "cases".
    form: str
    # `tell(seen)` gives what it shows, of the figures that `asks(looking)` wanted; all tiles' are counted together.
    tell: Callable[[Any], Mapping[str, Any]]
    asks: Callable[[Any], Sequence[Any]] = lambda looking: ()
    # In which scenes it stands, and where: "left", "right" or "foot".
    scenes: frozenset[str] = frozenset({"overview"})
    side: str = "right"
    order: int = 100
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ScreenAlarm:
    """What must be seen across the room at once. `ringing(seen)` gives lines of title, words, since, href, lon, lat."""

    key: str
    ringing: Callable[[Any], Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class Indicator:
    key: str
    title: Text
    compute: Callable[..., Any]
    unit: Text = ""
    order: int = 100


@dataclass(frozen=True)
class PartFigure:
    """A figure in a module's words of a report, with the page that lists what is behind it."""

    title: Text
    value: float | None
    unit: Text = ""
    url: str = ""


@dataclass(frozen=True)
class ReportPart:
    """Paragraphs in which `{name}` stands for a figure, so that each stays a link and can be corrected by hand."""

    lines: Sequence[str]
    figures: Mapping[str, PartFigure] = field(default_factory=dict)


@dataclass(frozen=True)
class ReportSection:
    """What a module has to tell in reports of these kinds (empty: all).

    `build(first, last, region_code)` tells of these days, both included, and of the places whose code begins so; None
    where there is nothing to tell.
    """

    key: str
    title: Text
    build: Callable[[dt.date, dt.date, str], ReportPart | None]
    order: int = 100
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True)
class CasePanel:
    """A block in the aside of the case page. `render(request, case)` gives safe HTML, or a blank where there is none.

    It answers for its own access beyond «the reader may see this case», and costs one statement, two at most.
    """

    title: Text
    render: Callable[[HttpRequest, Any], str]
    order: int = 100


@dataclass(frozen=True)
class StepAid:
    """Help below the form of a step: `render(request, case, verb)` gives safe HTML or a blank, and asks no database."""

    render: Callable[[HttpRequest, Any, str], str]
    order: int = 100


@dataclass(frozen=True)
class CaseAction:
    """A link in the head of the case page: to a page named `url_name` that takes the case's number."""

    title: Text
    url_name: str
    icon: str
    order: int = 100
    # With it, the link is shown only where `offered(request, case)` says so; the page itself asks again.
    offered: Callable[[HttpRequest, Any], bool] | None = None


@dataclass(frozen=True)
class CaseControl:
    """A control in the head of the case page: `render(request, case)` gives safe HTML or a blank, in one statement."""

    render: Callable[[HttpRequest, Any], str]
    order: int = 100


@dataclass(frozen=True)
class ListAid:
    """What stands in the head of the case lists: `render(request, page) -> str`, page is queue or list; safe HTML.

    One statement at most in all: the budget of the lists is held by a test.
    """

    render: Callable[[HttpRequest, str], str]
    order: int = 100


@dataclass(frozen=True)
class FileOwner:
    """Who may see the files of owners of this kind (`core.files`)."""

    kind: str
    may_see: Callable[[HttpRequest, int], bool]
    # Who may take a picture's untouched original, which shows place and device; nobody where it is not said.
    may_take: Callable[[HttpRequest, int], bool] | None = None


Declaration = TypeVar("Declaration")


def collect(kind: type[Declaration]) -> list[Declaration]:
    """Every declaration of this kind, in `order` where it has one, else as the apps are installed."""
    found = [each for each in _all() if isinstance(each, kind)]
    return sorted(found, key=lambda each: getattr(each, "order", 0))


@cache
def _all() -> Sequence[object]:
    names = [f"{app.name}.declares" for app in apps.get_app_configs() if app.name.startswith("chengyun.")]
    return [each for name in names if find_spec(name) for each in import_module(name).DECLARATIONS]
