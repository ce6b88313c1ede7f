from django.urls import path

from chengyun.insight import views

app_name = "figures"
urlpatterns = [
    path("", views.figures, name="figures"),
    path("<slug:key>/", views.figure, name="figure"),
]
