"""The accounts a first start makes, so that there is somebody to log in as."""

import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import Permission

from accounts.models import User

FILE = "demo-accounts.txt"


def create_curator() -> Path | None:
    """Make `curator` and write its password to VAR_DIR (0600); return that file.

    None, and nothing done, on a site that others can reach or that has accounts already.
    """
    if not (settings.IS_EMBEDDED and settings.IS_LOOPBACK) or User.objects.exists():
        return None
    password = secrets.token_urlsafe(12)
    curator = User.objects.create_user("curator", password=password, is_staff=True)
    allowed = Permission.objects.filter(content_type__app_label__in=["papers", "taggit"])
    curator.user_permissions.set(allowed.filter(codename__regex="^(view|change)_"))
    path = settings.VAR_DIR / FILE
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(f"curator {password}\n")
    return path
