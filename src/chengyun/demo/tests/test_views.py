import pytest

from chengyun.casework.worktop.models import SavedView
from chengyun.demo import organisation, views


@pytest.mark.django_db
def test_the_centre_has_saved_views_once():
    built = organisation.build(organisation.full_units(), 1)
    assert views.save_views(built) == len(views.VIEWS)
    assert views.save_views(built) == 0
    assert all(view.post_id and view.query for view in SavedView.objects.all())
