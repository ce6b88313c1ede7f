from django.apps import AppConfig


class MapDeskConfig(AppConfig):
    name = "chengyun.web.mapdesk"
    label = "mapdesk"
    verbose_name = "地图工作台"
