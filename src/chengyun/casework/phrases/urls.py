from django.urls import path

from chengyun.casework.phrases import views

app_name = "phrases"
urlpatterns = [
    path("", views.phrases, name="phrases"),
    path("new", views.new, name="new"),
    path("<int:pk>", views.edit, name="edit"),
    path("<int:pk>/retire", views.retire, name="retire"),
    path("<int:pk>/used", views.used, name="used"),
    path("for/<str:number>/<slug:verb>", views.offered, name="offered"),
]
