"""A case keeps the regions it was filed in; its page says so once others are in force."""

from django.urls import reverse

from chengyun.casework.cases.models import Case
from chengyun.core.instants import now
from chengyun.people.access import SYSTEM
from chengyun.regions.models import RegionVersion
from chengyun.regions.services.terms import activate


def page(client, case) -> str:
    return client.get(reverse("cases:case", args=[case.number])).content.decode()


def test_a_case_keeps_its_region_version_and_says_so(client, county):
    client.force_login(county.users["receiver"], backend="django.contrib.auth.backends.ModelBackend")
    old = RegionVersion.objects.filter(is_active=True).first() or RegionVersion.objects.create(
        name="旧网格", imported_at=now(), is_active=True
    )
    case = county.report()
    Case.objects.filter(pk=case.pk).update(region_version=old, cell_code="990101001001001")
    assert "按区划版本" not in page(client, case)
    activate(RegionVersion.objects.create(name="新网格", imported_at=now()), by=SYSTEM)
    assert f"按区划版本“{old.name}”" in page(client, case)
    assert Case.objects.get(pk=case.pk).region_version == old
