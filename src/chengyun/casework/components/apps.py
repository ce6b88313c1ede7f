from django.apps import AppConfig


class ComponentsConfig(AppConfig):
    name = "chengyun.casework.components"
    label = "case_components"
    verbose_name = "案件部件"
