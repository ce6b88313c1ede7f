from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "chengyun.casework.campaigns"
    label = "campaigns"
    verbose_name = "专项行动"
