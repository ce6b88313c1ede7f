from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from chengyun.assets.exports import COLUMNS, exported
from chengyun.assets.services.editing import FILES
from chengyun.core.declarations import FileOwner, MapLayer, MenuEntry
from chengyun.core.exports import Export
from chengyun.people.backoffice.who import PLACES


def may_see_photos(request: HttpRequest, component_id: int) -> bool:
    """The register is open to whoever is logged in, and so are its photos."""
    return request.user.is_authenticated


DECLARATIONS: list[object] = [
    MenuEntry(_("部件"), "assets:list", order=835, group=PLACES, icon="database"),
    FileOwner(FILES, may_see_photos),
    Export("components", _("部件"), COLUMNS, exported),
    MapLayer(
        key="component-heaps",
        title=_("部件数量"),
        url_name="assets:tile",
        order=40,
        shown=False,
        group=_("部件"),
        source="mvt",
        tile_layer="heaps",
        form="point",
        colour="--accent",
        label="count",
    ),
    MapLayer(
        key="components",
        title=_("部件"),
        url_name="assets:tile",
        order=41,
        shown=False,
        group=_("部件"),
        source="mvt",
        tile_layer="components",
        form="point",
        colour="--accent-deep",
        min_zoom=13,
        link="href",
    ),
]
