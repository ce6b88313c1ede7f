from django.urls import path

from chengyun.web.exports import views

app_name = "exports"
urlpatterns = [
    path("", views.runs, name="runs"),
    path("<int:pk>/", views.run, name="run"),
    path("<int:pk>/file", views.download, name="download"),
    path("<slug:key>", views.make, name="make"),
]
