from django.urls import path

from chengyun.insight.reports import figure_views, template_views, views

app_name = "reports"
urlpatterns = [
    path("", views.reports, name="reports"),
    path("new", views.new, name="new"),
    path("templates/<str:kind>", template_views.template, name="template"),
    path("templates/<str:kind>.docx/file", template_views.template_file, name="template_file"),
    path("<int:pk>/", views.report, name="report"),
    path("<int:pk>/figure", figure_views.figure, name="figure"),
    path("<int:pk>/texts", views.write, name="write"),
    path("<int:pk>/correct", views.correct, name="correct"),
    path("<int:pk>/withdraw", views.withdraw, name="withdraw"),
    path("<int:pk>/again", views.draft_anew, name="draft_anew"),
    path("<int:pk>/issue", views.issue, name="issue"),
    path("<int:pk>/word", views.word, name="word"),
    path("<int:pk>/word-pdf", views.as_word_pdf, name="word_pdf"),
    path("<int:pk>/word-pdf/file", views.word_pdf_file, name="word_pdf_file"),
    path("<int:pk>/pdf", views.as_pdf, name="pdf"),
]
