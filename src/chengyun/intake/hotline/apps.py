from django.apps import AppConfig


class HotlineConfig(AppConfig):
    name = "chengyun.intake.hotline"
    label = "hotline"
    verbose_name = "热线"
