from django.urls import path

from chengyun.casework.cases import erasing, undo_views, views

app_name = "cases"
urlpatterns = [
    path("", views.queue_page, name="queue"),
    path("all", views.list_page, name="list"),
    path("notices", views.notice_page, name="notices"),
    path("notices/read", views.read_notices, name="read_notices"),
    path("erasing", erasing.erasing, name="erasing"),
    path("<str:number>/", views.show_case, name="case"),
    path("<str:number>/undo", undo_views.undo, name="undo"),
    path("<str:number>/<slug:verb>", views.step, name="step"),
]
