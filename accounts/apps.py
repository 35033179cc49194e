from django.apps import AppConfig
from django.contrib.admin import apps
from django.core.checks import register

from accounts import checks


class AccountsConfig(AppConfig):
    name = "accounts"
    default = True

    def ready(self) -> None:
        register(checks.mail_gets_out)


class StaffConfig(apps.AdminConfig):
    """Django's admin, with pages and a door of ours."""

    default = False
    default_site = "accounts.admin_site.StaffSite"
