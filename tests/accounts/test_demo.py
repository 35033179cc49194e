"""The curator that a first start makes, on a site that only its own machine reaches."""

import stat
from pathlib import Path

import pytest
from django.test import Client

from accounts.demo import create_curator
from accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def first_start(settings, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    settings.IS_EMBEDDED = True
    settings.IS_LOOPBACK = True
    return tmp_path


def test_it_works(client: Client):
    path = create_curator()
    assert path
    name, password = path.read_text().split()
    assert client.login(username=name, password=password)
    assert client.get("/admin/papers/paper/").status_code == 200


def test_the_curator_is_staff_and_no_superuser():
    create_curator()
    curator = User.objects.get(username="curator")
    assert (curator.is_staff, curator.is_superuser) == (True, False)


def test_the_curator_may_see_and_change_what_the_site_knows_and_nothing_else():
    create_curator()
    curator = User.objects.get()
    assert curator.has_perms(["papers.view_paper", "papers.change_tweet", "taggit.view_tag"])
    for denied in ("papers.delete_paper", "papers.add_paper", "accounts.view_user"):
        assert not curator.has_perm(denied)


def test_the_password_is_for_its_owner_alone(first_start: Path):
    (first_start / "demo-accounts.txt").write_text("of an earlier start")
    (first_start / "demo-accounts.txt").chmod(0o644)
    path = create_curator()
    assert path == first_start / "demo-accounts.txt"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "earlier" not in path.read_text()


def test_every_site_has_another_password():
    passwords = set()
    for _ in range(2):
        path = create_curator()
        assert path
        passwords.add(path.read_text())
        User.objects.all().delete()
    assert len(passwords) == 2


@pytest.mark.parametrize("name", ["IS_LOOPBACK", "IS_EMBEDDED"])
def test_a_site_for_others_gets_no_curator(settings, first_start: Path, name: str):
    setattr(settings, name, False)
    assert create_curator() is None
    assert not User.objects.exists()
    assert not list(first_start.iterdir())


def test_a_site_with_accounts_gets_no_curator(first_start: Path):
    User.objects.create_user("ada")
    assert create_curator() is None
    assert User.objects.count() == 1
    assert not list(first_start.iterdir())
