"""Named places."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy

from chengyun.people.backoffice.who import CENTRE, KEEPERS, PLACES
from chengyun.people.registers.declaration import Column, Filter, Register
from chengyun.regions.models import NamedPlace, Region
from chengyun.regions.queries import townships
from chengyun.regions.registers.shared import TITLES
from chengyun.regions.services import places
from chengyun.regions.services.place_book import PlaceBook


class PlaceForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=NamedPlace.Kind.choices)
    code = forms.CharField(label=gettext_lazy("代码"), max_length=32, help_text=gettext_lazy("建立后不能修改"))
    name = forms.CharField(label=gettext_lazy("名称"), max_length=100)
    lon = forms.FloatField(
        label=gettext_lazy("经度"),
        min_value=-180,
        max_value=180,
        help_text=gettext_lazy("WGS-84 或 CGCS2000，如 117.123456"),
    )
    lat = forms.FloatField(
        label=gettext_lazy("纬度"), min_value=-90, max_value=90, help_text=gettext_lazy("如 37.123456")
    )

    def __init__(self, data: Any, row: NamedPlace | None = None) -> None:
        names = ("kind", "code", "name", "lon", "lat")
        super().__init__(data, initial={name: getattr(row, name) for name in names} if row else {})
        self.fields["code"].disabled = row is not None


_township_name = Subquery(
    Region.objects.filter(version__is_active=True, code=OuterRef("township_code")).values("name")[:1]
)

PLACE = Register(
    key="places",
    title=gettext_lazy("地名"),
    group=PLACES,
    order=830,
    icon="map-pin",
    help=gettext_lazy("道路、小区、标志物、公厕：人们报地点时说的名字。"),
    model=NamedPlace,
    rows=lambda: NamedPlace.objects.defer("shape").annotate(township=_township_name),
    columns=[
        Column(gettext_lazy("名称"), "name", sort="name"),
        Column(gettext_lazy("类别"), "kind", sort="kind"),
        Column(gettext_lazy("代码"), "code", sort="code"),
        Column(gettext_lazy("所在乡镇街道"), lambda row: row.township or row.township_code),
        Column(gettext_lazy("经度"), lambda row: f"{row.lon:.6f}", num=True),
        Column(gettext_lazy("纬度"), lambda row: f"{row.lat:.6f}", num=True),
        Column(gettext_lazy("有效期至"), "valid_to"),
    ],
    readers=CENTRE,
    changers=KEEPERS,
    sort=("name", "pk"),
    search=("name", "code"),
    search_hint=gettext_lazy("名称或代码"),
    filters=[
        Filter("kind", gettext_lazy("类别"), lambda: NamedPlace.Kind.choices, "kind"),
        Filter("township", gettext_lazy("乡镇街道"), townships, "township_code"),
    ],
    form=PlaceForm,
    create=places.create_place,
    change=places.change_place,
    retire=places.close_place,
    bulk_fields=("kind",),
    titles=TITLES,
    book=PlaceBook(),
)
