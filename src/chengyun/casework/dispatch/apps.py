from django.apps import AppConfig


class DispatchConfig(AppConfig):
    name = "chengyun.casework.dispatch"
    label = "dispatch"
    verbose_name = "派遣"
