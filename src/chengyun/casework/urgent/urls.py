from django.urls import path

from chengyun.casework.urgent import views

app_name = "urgent"
urlpatterns = [
    path("", views.list_page, name="list"),
    path("line", views.line, name="line"),
    path("<int:pk>", views.alert_page, name="alert"),
    path("<int:pk>/acknowledge", views.acknowledge, name="acknowledge"),
    path("calls/<int:pk>/<str:outcome>", views.tell_call, name="tell_call"),
]
