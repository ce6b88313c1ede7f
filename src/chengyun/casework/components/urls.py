from django.urls import path

from chengyun.casework.components import views

app_name = "components"
urlpatterns = [path("", views.cases, name="cases"), path("<str:number>", views.choose, name="choose")]
