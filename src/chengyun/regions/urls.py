from django.urls import path

from chengyun.regions import layers
from chengyun.regions.models import Level
from chengyun.regions.views import drafts, regions, versions

app_name = "regions"
urlpatterns = [
    path("regions.geojson", regions.geojson, name="geojson"),
    path("townships.geojson", regions.geojson, {"level": Level.TOWNSHIP}, name="townships"),
    path("county.geojson", regions.geojson, {"level": Level.COUNTY}, name="county"),
    path("communities.geojson", regions.geojson, {"level": Level.COMMUNITY}, name="communities"),
    path("grids.geojson", layers.grids, name="grids"),
    path("named.geojson", layers.named_places, name="named"),
    path("cells.geojson", regions.geojson, {"level": Level.CELL}, name="cells"),
    path("places.json", regions.places, name="places"),
    path("", versions.versions, name="versions"),
    path("upload", drafts.upload, name="upload"),
    path("drafts/<int:pk>", drafts.draft, name="draft"),
    path("drafts/<int:pk>.geojson", drafts.geojson, name="draft_geojson"),
    path("drafts/<int:pk>/switch", drafts.switch, name="switch_draft"),
    path("drafts/<int:pk>/discard", drafts.throw_away, name="discard_draft"),
    path("compare", versions.compare, name="compare"),
    path("compare.geojson", versions.compare_geojson, name="compare_geojson"),
    path("versions/<int:pk>/switch", versions.go_back, name="switch_version"),
    path("terms/<int:pk>/withdraw", versions.take_back, name="withdraw_term"),
]
