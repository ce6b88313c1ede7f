import pytest
from django.test import RequestFactory

from chengyun.ui.htmx import wants_partial


@pytest.mark.parametrize(
    ("headers", "partial"),
    [
        ({}, False),
        ({"HX-Request": "true"}, True),
        ({"HX-Request": "true", "HX-Boosted": "true"}, False),
        ({"HX-Request": "true", "HX-History-Restore-Request": "true"}, False),
    ],
)
def test_only_a_request_for_a_part_gets_a_part(headers, partial):
    assert wants_partial(RequestFactory().get("/", headers=headers)) is partial
