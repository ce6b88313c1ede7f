from django.urls import path

from chengyun.casework.notes import views

app_name = "notes"
urlpatterns = [
    path("watched", views.watched_page, name="watched"),
    path("<int:pk>/withdraw", views.withdraw, name="withdraw"),
    path("case/<str:number>/", views.notes, name="notes"),
    path("case/<str:number>/people", views.people, name="people"),
    path("case/<str:number>/watch", views.watch, name="watch"),
]
