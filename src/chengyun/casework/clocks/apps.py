from django.apps import AppConfig


class ClocksConfig(AppConfig):
    name = "chengyun.casework.clocks"
    label = "clocks"
    verbose_name = "时限"
