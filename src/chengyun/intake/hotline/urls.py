from django.urls import path

from chengyun.intake.hotline import views

app_name = "hotline"

urlpatterns = [
    path("", views.list_orders, name="orders"),
    path("<int:pk>/", views.show_order, name="order"),
    path("import", views.upload, name="upload"),
    path("import/<int:pk>/", views.show_import, name="import"),
    path("import/<int:pk>/confirm", views.confirm_import, name="confirm"),
    path("import/<int:pk>/bad-rows", views.bad_rows, name="bad_rows"),
]
