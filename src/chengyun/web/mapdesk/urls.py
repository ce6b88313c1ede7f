from django.urls import path

from chengyun.web.mapdesk import drawing_views, views

app_name = "mapdesk"
urlpatterns = [
    path("", views.page, name="page"),
    path("cases.json", views.points, name="points"),
    path("in-view", views.in_view, name="in_view"),
    path("card", views.card, name="card"),
    path("area", views.area, name="area"),
    path("people.geojson", views.people_layer, name="people"),
    path("go", views.go, name="go"),
    path("coordinates", views.coordinates, name="coordinates"),
    path("preferences", views.remember, name="preferences"),
    path("drawings", drawing_views.index, name="drawings"),
    path("drawings.geojson", drawing_views.export, name="export_all"),
    path("drawings/<int:drawing_id>", drawing_views.change, name="change_drawing"),
    path("drawings/<int:drawing_id>/remove", drawing_views.remove, name="remove_drawing"),
    path("drawings/<int:drawing_id>.geojson", drawing_views.export, name="export"),
]
