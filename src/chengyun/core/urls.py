from django.urls import path

from chengyun.core.files.serving import serve

app_name = "core"
urlpatterns = [path("files/<int:file_id>/<slug:size>", serve, name="file")]
