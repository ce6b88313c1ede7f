from django.conf import settings
from django.urls import path

from chengyun.web import basemap, live, style, views

app_name = "web"
urlpatterns = [
    path("", views.home, name="home"),
    path("login", views.login, name="login"),
    path("logout", views.logout, name="logout"),
    path("password", views.password, name="password"),
    path("live", live.live, name="live"),
    path("stay", live.stay, name="stay"),
    path("map/<int:mark>/roads.geojson", basemap.roads, name="roads"),
    path("map/roads.geojson", basemap.lines, {"name": "roads"}, name="all_roads"),
    path("map/water.geojson", basemap.lines, {"name": "water"}, name="water"),
    path("map/buildings.geojson", basemap.lines, {"name": "buildings"}, name="buildings"),
]
if settings.DEBUG:
    urlpatterns.append(path("ui/", style.style_page, name="style"))
