from django.apps import AppConfig


class UrgentConfig(AppConfig):
    name = "chengyun.casework.urgent"
    label = "urgent"
    verbose_name = "紧急提醒"
