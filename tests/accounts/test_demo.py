"""The accounts that a first start makes, on a site that only its own machine reaches."""

import gzip
import json
import stat
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts import demo
from accounts.models import ListEntry, ReaderTag, SavedPaper, Subscription, User
from papers.models import Quarantine, Report
from papers.sample import archive, examples
from tests.accounts.conftest import words
from tests.factories import make_paper

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def first_start(settings, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    settings.IS_EMBEDDED = True
    settings.IS_LOOPBACK = True
    return tmp_path


@pytest.fixture
def sample() -> None:
    for kept in demo.SHELF:
        make_paper(arxiv_id=kept.arxiv_id, authors=("Lucas Beyer", "Michael M. Bronstein"))


def run(*options: str) -> str:
    said = StringIO()
    call_command("demo_accounts", *options, stdout=said)
    return said.getvalue()


def test_it_works(client: Client, sample: None):
    path = demo.create_at_first_start()
    assert path
    passwords = dict(line.split() for line in path.read_text().splitlines())
    assert client.login(username="curator", password=passwords["curator"])
    assert client.get("/admin/papers/paper/").status_code == 200
    assert client.login(username="reader", password=passwords["reader"])
    assert "For the evening on whales." in words(client.get("/saved/"))
    assert client.get("/feed/").status_code == 200
    assert client.get("/admin/").status_code == 302


def test_the_reader_has_something_to_see(sample: None):
    demo.create()
    reader = User.objects.get(username="reader")
    assert Subscription.objects.filter(user=reader).count() == 6
    assert SavedPaper.objects.filter(user=reader).count() == 12
    assert {saved.state for saved in reader.saved_papers.all()} == {"later", "reading", "done"}
    assert ReaderTag.objects.filter(user=reader).count() >= 5
    assert list(reader.lists.values_list("name", flat=True)) == ["Reading group"]
    assert ListEntry.objects.count() == 4
    saved = [mine.paper.arxiv_id for mine in reader.saved_papers.all()]
    assert saved == [kept.arxiv_id for kept in demo.SHELF]


def test_what_the_reader_keeps_is_in_the_sample():
    with gzip.open(archive.FACTS, "rt", encoding="utf-8") as file:
        entries = [entry for _, _, day in json.load(file) for entry in day]
    assert {kept.arxiv_id for kept in demo.SHELF} <= {entry[5] for entry in entries}
    names = ", ".join(entry[1] for entry in entries)
    assert "Lucas Beyer" in names
    assert "Michael M. Bronstein" in names


def test_the_curator_finds_some_work(client: Client):
    paper = make_paper(arxiv_id=examples.SPAMMED, score=60)
    demo.create()
    report = Report.objects.open().get()
    assert report.subject == f"@{examples.HANDLE} on Bluesky, under {paper.arxiv_id}"
    client.force_login(User.objects.get(username="curator"))
    desk = words(client.get("/admin/"))
    for work in ("1 report", "1 item set aside"):
        assert work in desk
    run("--remove")
    assert not Report.objects.exists()
    assert not Quarantine.objects.exists()
    assert not paper.tweets.exists()


def test_without_the_sample_the_reader_follows_fields():
    demo.create()
    assert Subscription.objects.count() == 4
    assert not SavedPaper.objects.exists()


def test_the_curator_is_staff_and_no_superuser():
    demo.create()
    curator = User.objects.get(username="curator")
    assert (curator.is_staff, curator.is_superuser) == (True, False)


def test_the_curator_may_curate_and_operate_and_write_no_row():
    demo.create()
    curator = User.objects.get(username="curator")
    assert curator.has_perms(["papers.view_paper", "papers.curate", "papers.operate"])
    for denied in ("papers.delete_paper", "papers.change_paper", "accounts.change_user"):
        assert not curator.has_perm(denied)


def test_the_passwords_are_for_their_owner_alone(first_start: Path):
    (first_start / "demo-accounts.txt").write_text("of an earlier start")
    (first_start / "demo-accounts.txt").chmod(0o644)
    path = demo.create()
    assert path == first_start / "demo-accounts.txt"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "earlier" not in path.read_text()


def test_every_account_of_every_site_has_another_password():
    found = []
    for _ in range(2):
        demo.create()
        found += [password for _, password in demo.passwords()]
        User.objects.all().delete()
    assert len(set(found)) == 4


@pytest.mark.parametrize("name", ["IS_LOOPBACK", "IS_EMBEDDED"])
def test_a_site_for_others_gets_none(settings, first_start: Path, name: str):
    setattr(settings, name, False)
    assert demo.create_at_first_start() is None
    with pytest.raises(CommandError, match="one's own machine"):
        run()
    assert not User.objects.exists()
    assert not list(first_start.iterdir())


def test_a_first_start_with_accounts_makes_none(first_start: Path):
    User.objects.create_user("ada")
    assert demo.create_at_first_start() is None
    assert User.objects.count() == 1
    assert not list(first_start.iterdir())


# manage.py demo_accounts --------------------------------------------------------------------------


def test_they_are_removed_and_made_again(first_start: Path, sample: None):
    ada = User.objects.create_user("ada")
    assert run() == f"Made curator and reader; passwords: {first_start}/demo-accounts.txt.\n"
    before = demo.passwords()
    assert "already; passwords:" in run()
    assert demo.passwords() == before
    assert run("--remove") == "Removed 2 accounts.\n"
    assert list(User.objects.all()) == [ada]
    assert not Subscription.objects.exists()
    assert not list(first_start.iterdir())
    run()
    assert {name for name, _ in demo.passwords()} == {"curator", "reader"}
    assert demo.passwords() != before


def test_an_account_of_such_a_name_is_its_readers(first_start: Path):
    User.objects.create_user("reader")
    assert run("--remove") == "Removed 0 accounts.\n"
    assert run() == "An account is called curator or reader already.\n"
    (first_start / "demo-accounts.txt").write_text("curator x\nada x\n\nnonsense\n")
    User.objects.create_user("ada")
    assert run("--remove") == "Removed 0 accounts.\n"
    assert User.objects.count() == 2
