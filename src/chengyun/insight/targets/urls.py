from django.urls import path

from chengyun.insight.targets import views

app_name = "targets"
urlpatterns = [
    path("", views.page, name="targets"),
]
