from django.apps import AppConfig
from django.core.checks import register

from accounts import checks


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        register(checks.mail_gets_out)
