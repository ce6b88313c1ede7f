from django.urls import path

from chengyun.intake.desk import views

app_name = "desk"
urlpatterns = [path("new", views.new, name="new")]
