"""Tells whoever keeps tiles that components have changed."""

from __future__ import annotations

from django.db.models import F

from chengyun.assets.models import RegisterStamp

THE_ROW = 1


def touch() -> None:
    """Call in the transaction of each change."""
    if not RegisterStamp.objects.filter(pk=THE_ROW).update(serial=F("serial") + 1):
        RegisterStamp.objects.get_or_create(pk=THE_ROW, defaults={"serial": 1})


def serial() -> int:
    return RegisterStamp.objects.values_list("serial", flat=True).first() or 0
