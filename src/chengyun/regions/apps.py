from django.apps import AppConfig


class RegionsConfig(AppConfig):
    name = "chengyun.regions"
    label = "regions"
    verbose_name = "区域"
