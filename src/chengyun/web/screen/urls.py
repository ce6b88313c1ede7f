from django.urls import path

from chengyun.web.screen import views

app_name = "screen"
urlpatterns = [
    path("", views.wall, name="wall"),
    path("data", views.data, name="data"),
    path("heat.geojson", views.heat, name="heat"),
    path("pocket/", views.pocket_page, name="pocket"),
]
