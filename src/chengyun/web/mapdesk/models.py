"""What people keep on the map: their drawings, and how they like it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


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
