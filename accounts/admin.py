"""The admin's view of accounts, and its door: the one of all readers."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.mfa.admin import AuthenticatorAdmin as WholeAuthenticatorAdmin
from allauth.mfa.models import Authenticator
from allauth.socialaccount.admin import SocialAccountAdmin
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest

from accounts.models import User

# Of apps and tokens there are no rows: providers are in the environment, and no token is kept.
admin.site.unregister([Authenticator, SocialAccount, SocialApp, SocialToken])
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


@admin.register(User)
class ReaderAdmin(UserAdmin):
    """Accounts. What their readers keep is counted where it would be deleted, and not shown."""

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        _, counts, missing, protected = super().get_deleted_objects(objs, request)
        return [str(account) for account in objs], counts, missing, protected


@admin.register(Authenticator)
class AuthenticatorAdmin(WholeAuthenticatorAdmin):
    """For whoever lost the app and the codes: to be deleted, its secret to be seen by nobody."""

    fields = readonly_fields = ["user", "type", "created_at", "last_used_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(SocialAccount)
class ConnectedAccountAdmin(SocialAccountAdmin):
    """Accounts elsewhere that open one here: to be deleted where one was lost."""

    list_display = ["user", "provider", "date_joined", "last_login"]
    list_select_related = ["user"]
    list_filter = ["provider"]
    fields = readonly_fields = ["user", "provider", "uid", "date_joined", "last_login"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
