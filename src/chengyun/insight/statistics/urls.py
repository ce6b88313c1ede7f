from django.urls import path

from chengyun.insight.statistics import forecast_views, map_views, process_views, risk_views, saved_views, views

app_name = "statistics"
urlpatterns = [
    path("", views.page, name="pivot"),
    path("process", process_views.process, name="process"),
    path("process/cases", process_views.cases, name="process_cases"),
    path("forecast", forecast_views.page, name="forecast"),
    path("risk", risk_views.page, name="risk"),
    path("map", map_views.page, name="map"),
    path("map/points.geojson", map_views.points, name="points"),
    path("saved", saved_views.page, name="saved"),
    path("saved/new", saved_views.save, name="save"),
    path("saved/<int:pk>/delete", saved_views.delete, name="delete_saved"),
    path("saved/<int:pk>/subscribe", saved_views.subscribe, name="subscribe"),
    path("subscriptions/<int:pk>/end", saved_views.unsubscribe, name="unsubscribe"),
    path("excel", views.excel, name="excel"),
]
