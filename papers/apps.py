from django.apps import AppConfig
from django.contrib.admin import apps


class PapersConfig(AppConfig):
    name = "papers"
    default = True


class CurationConfig(apps.AdminConfig):
    """Django's admin, with a site of ours."""

    default = False
    default_site = "papers.admin_site.CurationSite"
