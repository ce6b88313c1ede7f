from django.urls import path

from chengyun.casework.campaigns import report_views, task_views, views

app_name = "campaigns"
urlpatterns = [
    path("", views.campaigns, name="campaigns"),
    path("new", views.new, name="new"),
    path("<int:pk>/", views.campaign, name="campaign"),
    path("<int:pk>/edit", views.edit, name="edit"),
    path("<int:pk>/phases/new", views.new_phase, name="new_phase"),
    path("<int:pk>/targets/new", views.new_target, name="new_target"),
    path("<int:pk>/tasks/new", views.new_tasks, name="new_tasks"),
    path("<int:pk>/start", views.start, name="start"),
    path("<int:pk>/cancel", views.cancel, name="cancel"),
    path("<int:pk>/cases", views.cases, name="cases"),
    path("<int:pk>/link", views.link, name="link"),
    path("<int:pk>/unlink", views.unlink, name="unlink"),
    path("<int:pk>/report", report_views.report, name="report"),
    path("<int:pk>/report/word", report_views.word, name="word"),
    path("<int:pk>/close", report_views.close, name="close"),
    path("tasks/<int:pk>/", task_views.task, name="task"),
    path("tasks/<int:pk>/change", task_views.change, name="change_task"),
    path("tasks/<int:pk>/remove", task_views.remove, name="remove_task"),
    path("tasks/<int:pk>/submit", task_views.submit, name="submit"),
    path("tasks/<int:pk>/accept", task_views.accept, name="accept"),
    path("tasks/<int:pk>/return", task_views.give_back, name="give_back"),
    path("tasks/<int:pk>/supervise", task_views.supervise, name="supervise"),
    path("evidence/<int:pk>/withdraw", task_views.withdraw, name="withdraw"),
    path("prompts/<int:pk>/answer", task_views.answer, name="answer"),
]
