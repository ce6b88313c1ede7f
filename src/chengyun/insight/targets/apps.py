from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TargetsConfig(AppConfig):
    name = "chengyun.insight.targets"
    label = "targets"
    verbose_name = _("计划与目标")
