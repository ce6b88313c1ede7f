from django.apps import AppConfig


class HistoryConfig(AppConfig):
    name = "chengyun.intake.history"
    label = "history_import"
