"""What an account may do beside reading, and the groups that hold the rights to it.

A role is given by `manage.py role` or by an administrator in the admin, and by nothing else. Code
asks for permissions (`papers.curate`, `papers.operate`), never for roles.
"""

from collections.abc import Collection

from django.contrib.auth.models import Group
from django.db import models, transaction

from accounts.models import User


class Role(models.TextChoices):
    """The values of curator and operator are names of groups, which a migration made."""

    CURATOR = "curator", "curator: papers, tweets, topic tags, digests, reports"
    OPERATOR = "operator", "operator: runs, sources, what could not be read"
    ADMINISTRATOR = "administrator", "administrator: everything, and who has which role"


READER = "reader"  # whoever has no role
NAMES = (READER, *Role.values)


class RoleError(ValueError):
    """These roles cannot be had together; the message is for who gives them."""


def of(user: User) -> list[str]:
    """Return the names of an account's roles, of which there is one at least: "reader"."""
    if user.is_superuser:
        return [Role.ADMINISTRATOR.value]
    return sorted(group.name for group in user.groups.all() if group.name in NAMES) or [READER]


def parse(names: Collection[str]) -> set[Role]:
    """Return the roles of these names, none for "reader"; raise RoleError."""
    if unknown := sorted(set(names) - set(NAMES)):
        raise RoleError(f"There is no role {unknown[0]}; there are {', '.join(NAMES)}.")
    for alone, why in (
        (READER, "who has another role reads anyway"),
        (Role.ADMINISTRATOR.value, "an administrator may do everything"),
    ):
        if alone in names and len(set(names)) > 1:
            raise RoleError(f"Say {alone} alone: {why}.")
    return {Role(name) for name in names if name != READER}


@transaction.atomic
def give(user: User, roles: Collection[Role]) -> None:
    """Let an account have exactly these roles; rights that it was given by hand go."""
    user.is_superuser = Role.ADMINISTRATOR in roles
    user.is_staff = bool(roles)
    user.save(update_fields=["is_superuser", "is_staff"])
    user.groups.set([Group.objects.get(name=role) for role in roles if _has_group(role)])
    user.user_permissions.clear()


def _has_group(role: Role) -> bool:
    return role != Role.ADMINISTRATOR
