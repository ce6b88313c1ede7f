import datetime as dt
import time

import pytest
import shapely
from django.urls import reverse
from shapely.geometry import Polygon

from chengyun.core import instants
from chengyun.core.errors import UserError
from chengyun.people.access import SYSTEM
from chengyun.people.models import User
from chengyun.people.roles import Role
from chengyun.people.tests.cast import appoint, department, person
from chengyun.regions import locate as locating
from chengyun.regions.locate import locate
from chengyun.regions.models import DraftRegion, Region, RegionDraft, RegionTerm, RegionVersion
from chengyun.regions.queries import version_on
from chengyun.regions.services import drafts, importing
from chengyun.regions.services.drafts import Upload, discard, make_draft, switch_on
from chengyun.regions.services.terms import begin, switch_when_due, withdraw
from chengyun.regions.tests import land, survey

pytestmark = pytest.mark.django_db
WEST_1, WEST_2, WEST_5 = (f"{land.WEST}00100{number}" for number in (1, 2, 5))
TODAY = dt.date(2026, 3, 2)


@pytest.fixture(autouse=True)
def today():
    with instants.at(instants.start_of_day(TODAY) + dt.timedelta(hours=9)):
        yield


def draft(content: bytes | None = None, **options: object) -> RegionDraft:
    return make_draft(Upload(content or survey.zipped(), "cells.zip", "新版", **options), by=SYSTEM)


def western(replaced: dict[str, Polygon]) -> bytes:
    return survey.zipped([(level, code, up, replaced.get(code, shape)) for level, code, up, shape in land.regions()])


def kinds(row: RegionDraft) -> set[tuple[str, str]]:
    return set(row.faults.values_list("kind", "code"))


def holder(role: Role) -> User:
    user = person(role.value)
    appoint(user, department(role.value), role)
    return user


BOW = Polygon([(land.LON, land.LAT), (117.01, 37.01), (117.01, 37.0), (117.0, 37.01)])


def test_a_draft_changes_nothing_of_what_runs():
    old = land.active_version()
    draft()
    assert RegionVersion.objects.get() == old


def test_every_faulty_cell_is_kept_to_be_drawn_with_its_fault():
    row = draft(western({WEST_1: BOW, WEST_5: land.square(1, 1, 2)}))
    assert kinds(row) == {("self_intersection", WEST_1), ("overlap", land.WEST + "001006")}
    assert row.regions.count() == 23
    assert shapely.from_wkb(bytes(row.faults.get(kind="overlap").shape)).area == pytest.approx(1e-4, rel=1e-3)


def test_with_a_fault_nothing_can_be_switched_on():
    row = draft(western({WEST_1: BOW}))
    with pytest.raises(UserError, match="1 处错误"):
        switch_on(row, by=SYSTEM, from_day=TODAY)
    assert not RegionVersion.objects.exists()


def test_a_draft_switched_on_today_is_what_points_are_located_in(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        version = switch_on(draft(), by=SYSTEM, from_day=TODAY)
    assert RegionVersion.objects.get(is_active=True) == version
    assert locate(*land.middle(1, 1)).cell_code == WEST_5


def test_a_draft_is_used_once():
    row = draft()
    switch_on(row, by=SYSTEM, from_day=TODAY)
    with pytest.raises(UserError, match="已启用"):
        switch_on(row, by=SYSTEM, from_day=TODAY)


def test_a_version_waits_for_its_day():
    old = land.active_version()
    new = switch_on(draft(), by=SYSTEM, from_day=TODAY + dt.timedelta(days=2))
    assert not switch_when_due()
    with instants.at(instants.start_of_day(TODAY + dt.timedelta(days=2))):
        assert switch_when_due()
        assert not switch_when_due()
    assert RegionVersion.objects.get(is_active=True) == new
    assert (version_on(TODAY), version_on(TODAY + dt.timedelta(days=9))) == (old, new)


def test_a_day_in_the_past_is_refused():
    with pytest.raises(UserError, match="不能早于今天"):
        switch_on(draft(), by=SYSTEM, from_day=TODAY - dt.timedelta(days=1))


def test_a_planned_version_may_be_withdrawn_before_its_day():
    old = land.active_version()
    switch_on(draft(), by=SYSTEM, from_day=TODAY + dt.timedelta(days=2))
    withdraw(RegionTerm.objects.latest("id"), by=SYSTEM)
    with instants.at(instants.start_of_day(TODAY + dt.timedelta(days=3))):
        assert not switch_when_due()
    assert RegionVersion.objects.get(is_active=True) == old


def test_one_may_switch_back_and_every_day_keeps_its_version():
    old = land.active_version()
    new = switch_on(draft(), by=SYSTEM, from_day=TODAY)
    with instants.at(instants.start_of_day(TODAY + dt.timedelta(days=5))):
        begin(old, TODAY + dt.timedelta(days=5), by=SYSTEM)
    assert RegionVersion.objects.get(is_active=True) == old
    assert version_on(TODAY + dt.timedelta(days=4)) == new
    assert version_on(TODAY + dt.timedelta(days=5)) == old


def test_a_point_is_located_in_the_version_of_a_day():
    land.active_version()
    moved = [(*rest, shapely.transform(shape, lambda points: points + [0.01, 0])) for *rest, shape in land.regions()]
    later = TODAY + dt.timedelta(days=2)
    switch_on(draft(survey.zipped(moved)), by=SYSTEM, from_day=later)
    locating.forget()
    assert locate(*land.middle(1, 0), at=TODAY).cell_code == WEST_2
    assert locate(*land.middle(1, 0), at=later).cell_code == WEST_1


def test_levels_that_are_not_in_the_file_stay_as_they_are():
    land.active_version()
    cells = [row for row in land.regions() if row[0] == "cell"]
    row = draft(survey.zipped(cells))
    assert (row.fault_count, row.regions.count()) == (0, 23)
    version = switch_on(row, by=SYSTEM, from_day=TODAY)
    assert Region.objects.filter(version=version, level="township").count() == 2


def test_what_would_change_is_told():
    land.active_version().regions.filter(code=WEST_5).update(name="旧名")
    changes = draft(western({WEST_1: land.square(0, 0, 2)})).differences
    assert changes["moved"][WEST_1] > 800
    assert changes["area"][WEST_1] == pytest.approx(1, abs=0.01)
    assert changes["renamed"][WEST_5] == ["旧名", "网格005"]
    assert (changes["new"], changes["gone"]) == ([], [])


def test_unmarked_gcj02_is_suspected():
    from chengyun.core.geometry import wgs84_to_gcj02

    land.active_version()
    bent = [
        (*rest, shapely.transform(shape, lambda points: [wgs84_to_gcj02(*point) for point in points]))
        for *rest, shape in land.regions()
    ]
    row = draft(survey.zipped(bent, epsg=4490))
    assert "GCJ-02" in row.differences["notice"]
    assert draft(survey.zipped(bent, epsg=4490), system="gcj02").differences["notice"] == ""


def test_a_draft_that_dies_half_way_leaves_nothing_to_be_seen(monkeypatch):
    old = land.active_version()
    monkeypatch.setattr(drafts, "ROWS_AT_ONCE", 5)
    monkeypatch.setattr(DraftRegion._default_manager, "bulk_create", _dying(), raising=False)
    with pytest.raises(RuntimeError):
        draft()
    assert RegionVersion.objects.get(is_active=True) == old
    assert not RegionDraft.objects.filter(state=RegionDraft.State.CHECKED).exists()
    with instants.at(instants.now() + 2 * importing.ABANDONED_AFTER):
        drafts.remove_abandoned()
    assert not RegionDraft.objects.exists()


def _dying():
    def die(rows: list[object]) -> None:
        raise RuntimeError("killed")

    return die


def test_a_discarded_draft_leaves_no_rows():
    row = draft(western({WEST_1: BOW}))
    discard(row, by=SYSTEM)
    assert not DraftRegion.objects.exists()
    with pytest.raises(UserError):
        discard(row, by=SYSTEM)


def test_ten_thousand_cells_are_read_and_checked_soon():
    # Counted as work per cell, not as a timed promise: twice the cells may cost little more than twice the time.
    def seconds(columns: int) -> float:
        content = survey.zipped(land.regions(columns))
        began = time.process_time()
        draft(content)
        return time.process_time() - began

    assert seconds(120) < 5 * max(seconds(60), 0.5)


@pytest.fixture
def admin(client):
    client.force_login(holder(Role.SYSTEM_ADMIN), backend="django.contrib.auth.backends.ModelBackend")
    return client


def post_file(client, content: bytes, name: str = "cells.zip", **more: str):
    from django.core.files.uploadedfile import SimpleUploadedFile

    given = {"file": SimpleUploadedFile(name, content), "name": "新版", "gaps": "on", "system": ""} | more
    return client.post(reverse("regions:upload"), given)


def test_upload_preview_and_switch_on_in_the_pages(admin):
    answer = post_file(admin, western({WEST_1: BOW}))
    page = admin.get(answer["Location"]).content.decode()
    assert WEST_1 in page
    assert "自相交" in page
    assert "{#" not in page
    row = RegionDraft.objects.get()
    states = admin.get(reverse("regions:draft_geojson", args=[row.pk])).json()["features"]
    assert {each["properties"]["code"] for each in states if each["properties"]["state"] == "faulty"} == {WEST_1}
    assert admin.post(reverse("regions:switch_draft", args=[row.pk]), {"from_day": TODAY}).status_code == 422
    good = post_file(admin, survey.zipped())["Location"]
    assert "没有发现错误" in admin.get(good).content.decode()
    admin.post(good + "/switch", {"from_day": TODAY.isoformat()})
    assert RegionVersion.objects.get(is_active=True).name == "新版"
    assert "现行" in admin.get(reverse("regions:versions")).content.decode()


def test_a_file_that_cannot_be_read_is_told_at_its_field(admin):
    answer = post_file(admin, survey.zipped(epsg=2385))
    assert "2000 坐标系" in answer.content.decode()
    assert not RegionDraft.objects.exists()


def test_two_versions_are_compared(admin):
    old = land.active_version()
    new = switch_on(draft(western({WEST_1: land.square(0, 0).buffer(1e-6)}), gaps=False), by=SYSTEM, from_day=TODAY)
    query = {"before": old.pk, "after": new.pk}
    assert "改名" in admin.get(reverse("regions:compare"), query).content.decode()
    assert len(admin.get(reverse("regions:compare_geojson"), query).json()["features"]) == 23
    for wrong in ("x", "²", "9" * 18, "9" * 40, "9" * 5000):
        assert admin.get(reverse("regions:compare"), {"before": wrong}).status_code == 400


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SYSTEM_ADMIN])
def test_only_the_system_administrator_imports(client, role):
    row = draft()
    client.force_login(holder(role), backend="django.contrib.auth.backends.ModelBackend")
    for name, args in (("upload", []), ("switch_draft", [row.pk]), ("discard_draft", [row.pk])):
        assert client.post(reverse(f"regions:{name}", args=args)).status_code == 403
    reads = {Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}
    for name, args in (("versions", []), ("draft", [row.pk]), ("draft_geojson", [row.pk])):
        assert client.get(reverse(f"regions:{name}", args=args)).status_code == (200 if role in reads else 403)
