from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "chengyun.casework.papers"
    label = "papers"
    verbose_name = "文书"
