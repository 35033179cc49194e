"""Accounts in the admin, for support.

What a reader keeps (notes, tags, lists, follows) and what opens an account (password, codes,
sessions) is on no page here.
"""

from typing import Any

from allauth.account.admin import EmailAddressAdmin as WholeEmailAddressAdmin
from allauth.account.models import EmailAddress
from allauth.mfa.admin import Authenticator
from allauth.socialaccount.admin import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.admin import UserSession
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import Group  # type: ignore[attr-defined]
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest

from accounts import deletion, roles
from accounts.models import User
from accounts.roles import Role
from papers.admin.lists import BoundedAdmin, ReadOnlyAdmin

# Who may do what is said by roles alone, and a session's key would open an account. Of apps and
# tokens of providers there are no rows: apps are in the environment, and no token is kept.
admin.site.unregister([Group, UserSession, Authenticator, EmailAddress])
admin.site.unregister([SocialAccount, SocialApp, SocialToken])


class RoleForm(forms.ModelForm):
    """What an administrator says of an account; all else of it is its reader's."""

    OWN = ("roles", "is_active")

    roles = forms.MultipleChoiceField(
        choices=Role,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None of them: a reader. It holds from the next page on.",
    )

    class Meta:
        model = User
        fields = ["is_active"]
        labels = {"is_active": "open"}
        help_texts = {
            "is_active": "A closed account is signed out, keeps what is its, and "
            "cannot be entered until it is opened again."
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["roles"] = roles.of(self.instance)

    def clean_roles(self) -> set[Role]:
        try:
            return roles.parse(self.cleaned_data["roles"])
        except roles.RoleError as error:
            raise forms.ValidationError(str(error)) from None


class RoleFilter(admin.SimpleListFilter):
    title = parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(role.value, role.value) for role in Role]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        staff = queryset.filter(is_staff=True)
        if self.value() == Role.ADMINISTRATOR:
            return staff.filter(is_superuser=True)
        return staff.filter(groups__name=self.value()) if self.value() else queryset


@admin.register(User)
class ReaderAdmin(BoundedAdmin):
    """Accounts: when they came, and, for administrators, which role they have."""

    form = RoleForm
    list_display = ["username", "role", "date_joined", "last_seen", "is_confirmed", "is_active"]
    list_filter = [RoleFilter]
    sortable_by = ["username"]
    ordering = ["-pk"]
    search_fields = ["username__startswith"]
    search_help_text = "The beginning of a user name, or a whole address."

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        confirmed = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
        found = super().get_queryset(request).prefetch_related("groups")
        return found.annotate(has_confirmed=Exists(confirmed))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        if "@" not in search_term:
            return super().get_search_results(request, queryset, search_term)
        address = EmailAddress.objects.filter(email=search_term.strip().lower())
        return queryset.filter(pk__in=address.values("user")), False

    @admin.display(description="user name")
    def name(self, user: User) -> str:
        return user.username

    @admin.display(description="roles")
    def role(self, user: User) -> str:
        return ", ".join(roles.of(user))

    @admin.display(description="last seen")
    def last_seen(self, user: User) -> str:
        """The last time that somebody signed in or opened the feed, in UTC."""
        moment = max(filter(None, [user.last_login, user.visit_at]), default=None)
        return f"{moment:%Y-%m-%d %H:%M}" if moment else "–"

    @admin.display(description="address confirmed", boolean=True)
    def is_confirmed(self, user: Any) -> bool:
        return bool(user.has_confirmed)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        seen = ["name", "date_joined", "last_seen", "is_confirmed"]
        if request.user.is_superuser:
            seen.insert(1, "email")
        role = "roles" if self.has_change_permission(request, obj) else "role"
        return [*seen, role, "is_active"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [name for name in self.get_fields(request, obj) if name not in RoleForm.OWN]

    def save_related(
        self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        roles.give(form.instance, form.cleaned_data["roles"])

    # Who signs up has an account; who may do more is said by an administrator, not of themselves.

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser) and obj != request.user

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Name the accounts; what else goes is its readers', and neither shown nor counted."""
        return [str(account) for account in objs], {"accounts": len(objs)}, set(), []

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        deletion.delete(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for account in queryset:
            deletion.delete(account)


@admin.register(EmailAddress)
class AddressAdmin(ReadOnlyAdmin, WholeEmailAddressAdmin):
    """For whoever gets no mail: an address can be marked as confirmed when sure who asks."""

    list_filter = ()
    list_select_related = ["user"]
    sortable_by = ["email"]
    ordering = ["-pk"]
    search_help_text = "The beginning of an address, in lower case."
    fields = ["user", "email", "primary", "verified"]

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        return ["email__startswith"]


@admin.register(Authenticator)
class AuthenticatorAdmin(ReadOnlyAdmin):
    """For whoever lost the app and the codes: to be deleted, its secret to be seen by nobody."""

    list_display = ["user", "type", "created_at", "last_used_at"]
    list_filter = ["type"]
    list_select_related = ["user"]
    sortable_by = ()
    ordering = ["-pk"]
    search_fields = ["user__username__startswith"]
    search_help_text = "The beginning of a user name."
    fields = ["user", "type", "created_at", "last_used_at"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("mfa.delete_authenticator")


@admin.register(SocialAccount)
class ConnectedAccountAdmin(ReadOnlyAdmin):
    """Accounts elsewhere that open one here: to be deleted where one was lost."""

    list_display = ["user", "provider", "date_joined", "last_login"]
    list_select_related = ["user"]
    sortable_by = ()
    ordering = ["-pk"]
    search_fields = ["user__username__startswith"]
    search_help_text = AuthenticatorAdmin.search_help_text
    fields = ["user", "provider", "uid", "date_joined", "last_login"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("socialaccount.delete_socialaccount")
