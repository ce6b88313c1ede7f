from django.urls import path

from chengyun.assets.views import bringing, keeping, layers, pages

app_name = "assets"
urlpatterns = [
    path("", pages.component_list, name="list"),
    path("new", keeping.new, name="new"),
    path("summary", pages.figures, name="summary"),
    path("bulk", keeping.bulk, name="bulk"),
    path("upload", bringing.new, name="new_upload"),
    path("upload/<int:pk>", bringing.show, name="upload"),
    path("near.json", layers.near, name="near"),
    path("box.geojson", layers.box, name="box"),
    path("tiles/<int:z>/<int:x>/<int:y>.mvt", layers.tile, name="tile"),
    path("<str:identifier>/", pages.component, name="component"),
    path("<str:identifier>/edit", keeping.edit, name="edit"),
    path("<str:identifier>/photos", keeping.photo, name="photo"),
    path("<str:identifier>/retire", keeping.retire, name="retire"),
    path("<str:identifier>/restore", keeping.restore, name="restore"),
]
