from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "chengyun.casework.cases"
    label = "cases"
    verbose_name = "案件"
