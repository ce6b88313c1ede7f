from django.urls import path

from chengyun.casework.worktop.views import bulk, drafts, saved

app_name = "worktop"
urlpatterns = [
    path("views", saved.show, name="views"),
    path("views/save", saved.save, name="save_view"),
    path("views/<int:pk>", saved.change, name="change_view"),
    path("bulk", bulk.show, name="bulk"),
    path("bulk/take", bulk.take, name="take_bulk"),
    path("bulk/<slug:token>", bulk.result, name="bulk_result"),
    path("drafts/<str:key>", drafts.draft, name="draft"),
]
