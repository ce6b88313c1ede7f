"""`chengyun load catalogues`: the national editions, the mapping and the starting set of conditions."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from chengyun.taxonomy.models import ClassMapping, Kind, MajorClass, MinorClass, Standard
from chengyun.taxonomy.services.loading import load_catalogues


class Command(BaseCommand):
    help = "载入国家标准分类目录（可重复执行）"

    def handle(self, *args: Any, **options: Any) -> None:
        changes = load_catalogues()
        for standard in Standard.objects.order_by("-code"):
            self.stdout.write(_counts(standard))
        self.stdout.write(f"新旧版本对应 {ClassMapping.objects.filter(is_local=False).count()} 条")
        written = "，".join(f"{name} {number}" for name, number in sorted(changes.items()))
        self.stdout.write(f"本次写入：{written}" if written else "目录已是最新，没有改动")


def _counts(standard: Standard) -> str:
    minors = MinorClass.objects.filter(standard=standard)
    majors = MajorClass.objects.filter(standard=standard).count()
    parts = minors.filter(kind=Kind.PART).count()
    matters = minors.filter(kind=Kind.MATTER).count()
    return f"{standard.code}：大类 {majors}，部件小类 {parts}，事项小类 {matters}"
