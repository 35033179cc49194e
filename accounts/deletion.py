"""The end of an account, and of a session: nothing of it stays in any table."""

from importlib import import_module

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import User

SessionStore = import_module(settings.SESSION_ENGINE).SessionStore


@transaction.atomic
def delete(user: User) -> None:
    """Delete the account and what is its, end its sessions, and forget it in the admin's log."""
    for key in UserSession.objects.filter(user=user).values_list("session_key", flat=True):
        SessionStore().delete(key)
    _forget_in_log(User, [user.pk])
    for model in (EmailAddress, Authenticator, SocialAccount):
        _forget_in_log(model, list(model.objects.filter(user=user).values_list("pk", flat=True)))
    user.delete()


def _forget_in_log(model: type, keys: list[int]) -> None:
    """Delete what curators' changes of these rows left: entries repeat the name or the address."""
    about = ContentType.objects.get_for_model(model)
    LogEntry.objects.filter(content_type=about, object_id__in=map(str, keys)).delete()


def forget_ended_sessions() -> int:
    """Delete the sessions that are over, and where and with what their readers were signed in.

    Returns how many sessions were. Their time is the machine's, as their cookies' is.
    """
    ended, _ = Session.objects.filter(expire_date__lt=timezone.now()).delete()
    living = Session.objects.filter(session_key=OuterRef("session_key"))
    UserSession.objects.filter(~Exists(living)).delete()
    return ended
