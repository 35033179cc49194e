"""`manage.py role`, and the groups as an upgrade finds or makes them."""

import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from accounts.models import User
from tests.services import database

pytestmark = pytest.mark.django_db


def said(*words: str) -> str:
    output = StringIO()
    call_command("role", *words, stdout=output)
    return output.getvalue()


@pytest.fixture
def ada() -> User:
    return User.objects.create_user("ada", "ada@papers.example")


def test_it_works(ada: User) -> None:
    assert said("ada") == "ada is reader.\n"
    assert said("ada", "curator") == "ada was reader, and is curator.\n"
    assert said("ADA@papers.example", "curator", "operator") == (
        "ada was curator, and is curator and operator.\n"
    )
    assert User.objects.get().has_perms(["papers.curate", "papers.operate"])
    assert said("ada", "reader") == "ada was curator and operator, and is reader.\n"
    assert not User.objects.get().is_staff


def test_what_is_wrong_is_told_and_changes_nothing(ada: User) -> None:
    said("ada", "curator")
    User.objects.create_user("bo", "ada@papers.example")
    for words, message in (
        (["nobody", "curator"], "No account has the name or address nobody"),
        (["ada@papers.example", "reader"], "Several accounts have this address: ada, bo"),
        (["ada", "king"], "There is no role king"),
        (["ada", "administrator", "curator"], "Say administrator alone"),
    ):
        with pytest.raises(CommandError, match=message):
            said(*words)
    assert said("ada") == "ada is curator.\n"
    assert said("bo") == "bo is reader.\n"


# What stands in a database of before, and what has to be there afterwards.
UPGRADE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", "accounts", "0004", verbosity=0)
call_command("migrate", "papers", "0014", verbosity=0)
from django.contrib.auth.models import Group, Permission
from django.db import connection
assert not Group.objects.exists()
insert = '''INSERT INTO accounts_user (username, password, is_staff, is_superuser, is_active, email,
  first_name, last_name, date_joined, time_zone, keys_on, feed_window, feed_is_fair, feed_kinds)
  VALUES (%s, '', true, false, true, '', '', '', '2026-11-01', 'UTC', true, 'week', false, '[]')'''
with connection.cursor() as cursor:
    for name in ("curator", "idle"):
        cursor.execute(insert, [name])
from accounts.models import User
known = Permission.objects.filter(codename__in=["change_paper", "view_paper", "change_tweet"])
User.objects.get(username="curator").user_permissions.set(known)
call_command("migrate", verbosity=0)
from accounts import roles
curator, idle = User.objects.get(username="curator"), User.objects.get(username="idle")
print(roles.of(curator), curator.has_perm("papers.curate"), curator.has_perm("papers.change_paper"))
once = Permission.objects.filter(codename="view_paper").count()
print(roles.of(idle), idle.get_all_permissions(), once)
"""


def test_an_upgrade_makes_the_groups_and_keeps_who_curated(tmp_path: Path) -> None:
    with database(tmp_path) as url:
        environment = {**os.environ, "DATABASE_URL": url, "VAR_DIR": str(tmp_path)}
        environment["DJANGO_SETTINGS_MODULE"] = "hotpapers.settings"
        done = subprocess.run(
            [sys.executable, "-c", UPGRADE],
            cwd=settings.BASE_DIR,
            env=environment,
            capture_output=True,
            text=True,
        )
    assert done.stderr == ""
    assert done.stdout == "['curator'] True False\n['reader'] set() 1\n"
