from django.apps import AppConfig


class SigninConfig(AppConfig):
    name = "chengyun.people.signin"
    label = "signin"
    verbose_name = "登录"

    def ready(self) -> None:
        from chengyun.people.signin import log

        log.listen()
