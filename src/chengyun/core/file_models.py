"""What is known of an uploaded file; its bytes lie under their hash in CHENGYUN_DATA/files."""

from __future__ import annotations

from typing import Any

from django.db import models


class StoredFile(models.Model):
    # Several rows may share the same bytes; each has its own owner and its own salt.
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.BigIntegerField()
    mime = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)
    # Read from EXIF; the phone's own words, so no proof of anything.
    taken_at = models.DateTimeField(null=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    device = models.CharField(max_length=100, blank=True, default="")
    # Whose it is: ("case", 17). Nobody's until it is attached; then only the uploader sees it.
    owner_kind = models.CharField(max_length=40, blank=True, default="")
    owner_id = models.BigIntegerField(null=True)
    stored_at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True, db_index=True)
    by_name = models.CharField(max_length=50)
    # Blank once the content has been erased.
    salt = models.CharField(max_length=32, blank=True)

    class Meta:
        indexes = [models.Index(fields=["owner_kind", "owner_id", "id"])]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        return self.mime.startswith("image/")

    @property
    def is_erased(self) -> bool:
        return not self.salt

    @property
    def key(self) -> str:
        return f"file:{self.pk}"

    def facts(self) -> dict[str, Any]:
        """What a history row may say of it: no place, no device, no name."""
        return {"id": self.pk, "mime": self.mime, "size": self.size}
