from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "chengyun.web"
    label = "web"
    verbose_name = "门户"
