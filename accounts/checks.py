"""What an operator has to know before readers find out."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning


def mail_gets_out(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Said at every start, and by `check`: on a site of one's own machine a folder is enough."""
    if settings.EMAIL_URL or (settings.IS_EMBEDDED and settings.IS_LOOPBACK):
        return []
    message = f"Mail reaches nobody: it is written to {settings.EMAIL_FILE_PATH}."
    hint = "Set EMAIL_URL; without mail nobody can confirm an address or reset a password."
    return [Warning(message, hint=hint, id="accounts.W001")]
