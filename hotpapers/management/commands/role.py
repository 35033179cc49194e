"""Give an account a role, or tell which it has."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from accounts import roles
from accounts.models import User


class Command(BaseCommand):
    help = (
        "Let an account be curator, operator, both, administrator, or a reader as all others; "
        "without a role tell which it has."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="its user name or address")
        parser.add_argument("roles", nargs="*", metavar="role", help=", ".join(roles.NAMES))

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        user = _account(name)
        before = roles.of(user)
        if not options["roles"]:
            self.stdout.write(f"{user.username} is {_words(before)}.")
            return
        try:
            roles.give(user, roles.parse(options["roles"]))
        except roles.RoleError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{user.username} was {_words(before)}, and is {_words(roles.of(user))}.")


def _account(name: str) -> User:
    """Return the one account of this name or address, else raise CommandError."""
    found = list(User.objects.filter(Q(username=name) | Q(email__iexact=name)))
    if not found:
        raise CommandError(f"No account has the name or address {name}.")
    if len(found) > 1:
        names = ", ".join(sorted(user.username for user in found))
        raise CommandError(f"Several accounts have this address: {names}. Say which by its name.")
    return found[0]


def _words(names: list[str]) -> str:
    return " and ".join(names)
