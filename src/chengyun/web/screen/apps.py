from django.apps import AppConfig


class ScreenConfig(AppConfig):
    name = "chengyun.web.screen"
    label = "screen"
    verbose_name = "大屏"
