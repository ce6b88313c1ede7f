from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "chengyun.operations"
    label = "operations"
    verbose_name = "运维"

    def ready(self) -> None:
        from chengyun.operations import signins

        signins.listen()
