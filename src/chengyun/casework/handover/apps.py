from django.apps import AppConfig


class HandoverConfig(AppConfig):
    name = "chengyun.casework.handover"
    label = "handover"
    verbose_name = "交接班"
