"""What people keep on the map: their drawings, and how they like it; and the county's base tiles from outside."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from chengyun.core.dated import Dated


class Drawing(models.Model):
    """A named shape with a note, somebody's own or shared with a post. WGS-84."""

    class Kind(models.TextChoices):
        POINT = "point", _("点")
        LINE = "line", _("线")
        POLYGON = "polygon", _("面")
        CIRCLE = "circle", _("圆")

    owner = models.ForeignKey("people.User", models.CASCADE, related_name="drawings")
    # Whoever holds the post sees it too; only the owner changes it.
    shared_post = models.ForeignKey("people.Post", models.SET_NULL, null=True, blank=True, related_name="drawings")
    name = models.CharField(max_length=50)
    note = models.CharField(max_length=500, blank=True, default="")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    # A GeoJSON geometry; a circle is the polygon that was drawn for it, its radius stands beside.
    shape = models.JSONField()
    radius_m = models.FloatField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["owner", "-id"], name="drawing_owner"),
            models.Index(fields=["shared_post", "-id"], name="drawing_post"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def area(self) -> str:
        """As the lists' filter takes it; blank where there is no area."""
        if self.shape["type"] != "Polygon":
            return ""
        return ";".join(f"{lon},{lat}" for lon, lat in self.shape["coordinates"][0][:-1])


class MapPreference(models.Model):
    """Switches and opacities of the layers, and what colours the cases."""

    user = models.OneToOneField("people.User", models.CASCADE, related_name="map_preference")
    # {"layers": {key: {"on": bool, "opacity": 0…1}}, "colour": "lamp" or "class"}
    choices = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.user.name


class TileSource(Dated):
    """底图: where the map page may take pictures of the ground from, beside the county's own map."""

    class System(models.TextChoices):
        WGS84 = "wgs84", _("WGS-84 / CGCS2000")
        GCJ02 = "gcj02", _("GCJ-02")

    name = models.CharField(_("名称"), max_length=50)
    # With {z}, {x}, {y}, and as the service needs them {s} (servers 0 to 3) and {key}, which only the environment has.
    address = models.CharField(_("地址"), max_length=1000)
    system = models.CharField(_("坐标系"), max_length=8, choices=System.choices, default=System.WGS84)
    credit = models.CharField(_("署名"), max_length=100)
    # Deeper than `max_zoom` the last pictures are drawn larger.
    min_zoom = models.PositiveSmallIntegerField(_("最小级别"), default=0)
    max_zoom = models.PositiveSmallIntegerField(_("最大级别"), default=18)
    sort_order = models.PositiveSmallIntegerField(_("排序"), default=0)

    class Meta:
        verbose_name = _("外部底图")
        ordering = ["sort_order", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def layer_key(self) -> str:
        """What the map page and people's preferences call it."""
        return f"tiles-{self.pk}"

    @property
    def is_shifted(self) -> bool:
        return self.system == self.System.GCJ02
