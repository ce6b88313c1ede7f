from django.urls import path

from chengyun.insight.evaluation import (
    bulletin_views,
    object_views,
    objection_views,
    scheme_views,
    template_views,
    views,
)

app_name = "evaluation"
urlpatterns = [
    path("", views.home, name="home"),
    path("result", views.result, name="result"),
    path("result/object", object_views.live_object, name="live_object"),
    path("publish", views.publish, name="publish"),
    path("schemes", scheme_views.schemes, name="schemes"),
    path("schemes/<str:kind>", scheme_views.scheme, name="scheme"),
    path("templates/<str:kind>", template_views.template, name="template"),
    path("templates/<str:kind>.docx/file", template_views.template_file, name="template_file"),
    path("<int:pk>/", views.publication, name="publication"),
    path("<int:pk>/correct", views.correct, name="correct"),
    path("<int:pk>/differences", views.differences, name="differences"),
    path("<int:pk>/<str:key>/", object_views.published_object, name="object"),
    path("<int:pk>/<str:key>/cases", object_views.cases, name="cases"),
    path("objections", objection_views.listed, name="objections"),
    path("objections/<int:pk>", objection_views.objection, name="objection"),
    path("objections/<int:pk>/withdraw", objection_views.withdraw, name="withdraw_objection"),
    path("objections/<int:pk>/sheet.docx", objection_views.sheet, name="objection_sheet"),
    path("<int:pk>/<str:key>/objections/<int:line>", objection_views.new, name="new_objection"),
    path("<int:pk>/bulletin.docx", bulletin_views.word, name="bulletin_word"),
    path("<int:pk>/bulletin.xlsx", bulletin_views.book, name="bulletin_book"),
]
