"""The admin's view of accounts, and its door: the one of all readers."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from accounts.models import User

admin.site.register(User, UserAdmin)
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
