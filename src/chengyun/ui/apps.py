from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "chengyun.ui"
    label = "ui"
    verbose_name = "界面"
