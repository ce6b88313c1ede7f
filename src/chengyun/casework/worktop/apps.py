from django.apps import AppConfig


class WorktopConfig(AppConfig):
    name = "chengyun.casework.worktop"
    label = "worktop"
    verbose_name = "工作台"
