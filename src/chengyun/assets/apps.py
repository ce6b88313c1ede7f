from django.apps import AppConfig


class AssetsConfig(AppConfig):
    name = "chengyun.assets"
    label = "assets"
    verbose_name = "部件"
