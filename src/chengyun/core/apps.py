from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "chengyun.core"
    label = "core"
    verbose_name = "基础"
