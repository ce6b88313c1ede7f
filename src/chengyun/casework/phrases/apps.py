from django.apps import AppConfig


class PhrasesConfig(AppConfig):
    name = "chengyun.casework.phrases"
    label = "phrases"
    verbose_name = "惯用语"
