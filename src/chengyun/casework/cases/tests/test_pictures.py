import io

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from PIL import Image

from chengyun.core import files
from chengyun.core.errors import UserError


def photo(by):
    content = io.BytesIO()
    Image.new("RGB", (60, 40), "green").save(content, "JPEG")
    return files.store(ContentFile(content.getvalue(), name="a.jpg"), by=by)


@pytest.fixture
def fed_back(county):
    """A case that the housing handler feeds back with a photo; another one is somebody else's."""
    case = county.walk(county.report(), "receive")
    own, foreign = photo(county.actor("handler")), photo(county.actor("market"))
    county.step(case, "feed_back", "handler", note="已清理", photos=[own.pk])
    return own, foreign


def status_for(client, county, name, file):
    client.force_login(county.users[name], backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(reverse("core:file", args=[file.pk, "thumb"]))
    if answer.streaming:
        assert b"".join(answer).startswith(b"\xff\xd8")
    return answer.status_code


@pytest.mark.parametrize(("name", "status"), [("handler", 200), ("receiver", 200), ("market", 404)])
def test_who_sees_the_case_sees_its_pictures(client, county, fed_back, name, status):
    assert status_for(client, county, name, fed_back[0]) == status


def test_another_persons_upload_is_refused(county):
    case = county.walk(county.report(), "receive")
    with pytest.raises(UserError, match="照片"):
        county.step(case, "feed_back", "handler", note="已清理", photos=[photo(county.actor("market")).pk])


def test_an_upload_that_went_into_no_case_stays_its_uploaders(client, county, fed_back):
    assert status_for(client, county, "receiver", fed_back[1]) == 404
    assert status_for(client, county, "market", fed_back[1]) == 200


def test_a_report_that_joins_a_case_brings_its_pictures(county):
    case, by = county.report(), county.actor("receiver")
    county.report(attach_to=case.number, files=(photo(by).pk,), by=by)
    assert case.pictures.get().moment == "before"
    assert case.pictures.get().file.owner_id == case.pk
