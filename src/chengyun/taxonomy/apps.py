from django.apps import AppConfig


class TaxonomyConfig(AppConfig):
    name = "chengyun.taxonomy"
    label = "taxonomy"
    verbose_name = "分类"
