from django.urls import path

from chengyun.web.help import views

app_name = "help"
urlpatterns = [
    path("", views.own, name="own"),
    path("about", views.about, name="about"),
    path("pictures/<str:name>", views.picture, name="picture"),
    path("<slug:name>", views.book, name="book"),
]
