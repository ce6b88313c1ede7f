from django.urls import path

from chengyun.casework.handover import views

app_name = "handover"
urlpatterns = [
    path("", views.list_page, name="list"),
    path("items", views.add_item, name="add_item"),
    path("items/<int:pk>/done", views.tick_item, name="tick_item"),
    path("sheets/<int:pk>/take", views.take_over, name="take_over"),
    path("<str:day>/<str:name>/", views.sheet_page, name="sheet"),
    path("<str:day>/<str:name>/cases/<str:key>", views.figure_page, name="figure"),
]
