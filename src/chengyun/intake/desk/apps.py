from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "chengyun.intake.desk"
    label = "desk"
    verbose_name = "登记"
