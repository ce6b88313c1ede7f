from django.urls import path

from chengyun.operations import views

urlpatterns = [
    path("health", views.health, name="health"),
    path("health/live", views.live, name="live"),
    path("health/ready", views.ready, name="ready"),
    path("metrics", views.metrics, name="metrics"),
]
