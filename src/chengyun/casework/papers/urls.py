from django.urls import path

from chengyun.casework.papers import views

app_name = "papers"
urlpatterns = [
    path("case/<str:number>/print", views.printed, name="print"),
    path("case/<str:number>/order.docx", views.order, name="order"),
    path("template.docx", views.template_file, name="template_file"),
]
