"""Classes in the cells of a workbook, as they stand in the lists that they are chosen from."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from chengyun.people.registers import cells
from chengyun.taxonomy.forms import minor_choices
from chengyun.taxonomy.models import CountyClass, MinorClass
from chengyun.taxonomy.words import KIND_WORDS


def minor_label(minor: MinorClass) -> str:
    """Code, name and edition: a code alone may stand in two editions, and for a part and a matter at once."""
    return f"{minor.code} {minor} · {KIND_WORDS[minor.kind]} · {minor.standard.code}"


def minor_labels() -> Sequence[str]:
    return [minor_label(each) for each in minor_choices().select_related("standard")]


def known_minors() -> Sequence[MinorClass]:
    """Those that ever stood in the county's catalogue: a row may still name one of an edition before."""
    ever = MinorClass.objects.filter(pk__in=CountyClass.objects.values("minor"))
    return list(ever.select_related("standard"))


# By its label; its code is understood, too, where it is one class's alone.
MINOR = cells.named(_("小类"), known_minors, lambda row: (minor_label(row), row.code))
