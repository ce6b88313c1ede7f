from django.urls import path

from chengyun.people.registers.views import books, many, rows

app_name = "registers"
urlpatterns = [
    path("", rows.index, name="index"),
    path("<slug:key>/", rows.show_list, name="list"),
    path("<slug:key>/new", rows.new_row, name="new"),
    path("<slug:key>/many", many.change_many, name="many"),
    path("<slug:key>/export.xlsx", books.export, name="export"),
    path("<slug:key>/upload", books.upload, name="new_upload"),
    path("<slug:key>/upload/<int:pk>", books.show_upload, name="upload"),
    path("<slug:key>/upload/<int:pk>.geojson", books.drawn, name="upload_geojson"),
    path("<slug:key>/upload/<int:pk>/apply", books.apply, name="apply"),
    path("<slug:key>/<int:pk>", rows.show_row, name="row"),
    path("<slug:key>/<int:pk>/retire", rows.retire, name="retire"),
    path("<slug:key>/<int:pk>/<slug:action>", rows.act, name="act"),
]
