"""The end of an account, through its page; what then is in the database."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import (
    AccessToken,
    FeedLink,
    ListEntry,
    Mute,
    PendingSave,
    ReaderTag,
    ReadingList,
    SavedPaper,
    Seen,
    Tagging,
    User,
)
from accounts.tasks import forget_ended_sessions
from tests.accounts.conftest import PASSWORD, MakeReader, words
from tests.factories import make_paper, make_report

pytestmark = pytest.mark.django_db

NAME = "zanzibar"
ADDRESS = f"{NAME}@papers.example"


def dump() -> str:
    """Return every row of every table as text, with what sessions hold in clear."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found += [f"{table}: {row}" for row in cursor.fetchall()]
    return "\n".join([*found, *(str(each.get_decoded()) for each in Session.objects.all())])


def log(by: User, row: Any) -> None:
    """Leave in the admin's log what a change of a row there leaves."""
    about = ContentType.objects.get_for_model(row)
    LogEntry.objects.create(
        user=by, content_type=about, object_id=row.pk, object_repr=str(row), action_flag=CHANGE
    )


@pytest.fixture
def leaver(client: Client, make_reader: MakeReader) -> User:
    """A reader who used all there is, signed in here by address and elsewhere by name."""
    user, curator = make_reader(NAME), make_reader("curator", is_staff=True)
    elsewhere = SocialAccount.objects.create(
        user=user, provider="orcid", uid=NAME, extra_data={"name": NAME}
    )
    for row in (user, EmailAddress.objects.get(user=user), elsewhere):
        log(curator, row)
    log(user, make_paper())
    for browser, login in ((client, ADDRESS), (Client(), NAME)):
        browser.post("/follow/change/", {"follow": "category cs.LG"})
        browser.post("/accounts/login/", {"login": login, "password": PASSWORD})
    Authenticator.objects.create(user=user, type="recovery_codes", data={"seed": NAME})
    Authenticator.objects.create(user=user, type="webauthn", data={"name": NAME})
    client.post("/saved/mark/", {"save": "2106.00001"})
    client.post("/saved/2106.00001/", {"note": f"A note of {NAME}'s."})
    order(user)
    return user


def order(user: User) -> None:
    """Tag and list what is saved, hide and mute: all of it named after its reader."""
    saved = user.saved_papers.get()
    tag = ReaderTag.objects.create(user=user, name=f"{NAME}'s", slug=NAME)
    Tagging.objects.create(tag=tag, content_object=saved)
    reading = ReadingList.objects.create(user=user, name=f"For {NAME}", slug=f"for-{NAME}")
    ListEntry.objects.create(reading_list=reading, saved=saved, position=0)
    PendingSave.objects.create(user=user, arxiv_id="2106.09999")
    FeedLink.objects.create(user=user, kind=FeedLink.Kind.SEARCH, target=NAME)
    AccessToken.objects.create(user=user, name=f"{NAME}'s", key_hash="0" * 64)
    Seen.objects.create(user=user, paper=saved.paper, hidden_at=saved.saved_at)
    Mute.objects.create(user=user, kind=Mute.Kind.WORD, target=NAME)
    make_report(saved.paper, by=user, words=f"Says {NAME}.")


def rows_of_readers() -> dict[str, int]:
    """Return how many rows each table of readers has, those of the readers themselves left out."""
    models = [each for each in apps.get_app_config("accounts").get_models() if each is not User]
    return {each.__name__: each._default_manager.count() for each in models}


def test_it_works(client: Client, leaver: User) -> None:
    assert Session.objects.count() == 2
    assert dump().count(NAME) > 6
    empty = [name for name, count in rows_of_readers().items() if not count]
    assert not empty, "let the leaver have some of these in `order`"
    response = client.post("/settings/delete/", {"password": PASSWORD})
    assert "The account is deleted" in words(response)
    assert NAME not in dump()
    assert not Session.objects.exists()
    assert not any(rows_of_readers().values())
    assert response.cookies["browser"]["max-age"] == 0
    assert client.get("/settings/security/").status_code == 302
    form = {"login": ADDRESS, "password": PASSWORD}
    assert "do not belong together" in words(client.post("/accounts/login/", form))


def test_others_lose_nothing(client: Client, leaver: User, make_reader: MakeReader) -> None:
    other = make_reader("ada")
    mine = SavedPaper.objects.create(user=other, paper=make_paper(), note="Mine.")
    browser = Client()
    browser.post("/accounts/login/", {"login": "ada", "password": PASSWORD})
    client.post("/settings/delete/", {"password": PASSWORD})
    assert SavedPaper.objects.get() == mine
    assert set(User.objects.values_list("username", flat=True)) == {"ada", "curator"}
    assert browser.get("/saved/").status_code == 200


@pytest.mark.parametrize("password", ["", "not this one", "\x00"])
def test_it_wants_the_password(client: Client, leaver: User, password: str) -> None:
    response = client.post("/settings/delete/", {"password": password})
    assert response.status_code == 200
    assert 'class="err"' in response.content.decode()
    assert User.objects.filter(pk=leaver.pk).exists()
    assert client.get("/saved/").status_code == 200


def test_the_password_cannot_be_guessed_there(client: Client, leaver: User) -> None:
    tries = [client.post("/settings/delete/", {"password": f"no {n}"}) for n in range(11)]
    assert "Too many tries" in words(tries[5])
    assert tries[-1].status_code == 429
    assert client.post("/settings/delete/", {"password": PASSWORD}).status_code == 429
    assert User.objects.filter(pk=leaver.pk).exists()


def test_a_look_deletes_nothing_nor_does_a_forged_form(leaver: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(leaver)
    assert "for good" in words(client.get("/settings/delete/"))
    assert client.post("/settings/delete/", {"password": PASSWORD}).status_code == 403
    assert User.objects.filter(pk=leaver.pk).exists()
    visitor = Client().get("/settings/delete/")
    assert visitor["Location"] == "/accounts/login/?next=/settings/delete/"


def test_a_session_that_is_over_is_forgotten_with_where_it_was(
    client: Client, leaver: User, make_reader: MakeReader
) -> None:
    guest = Client(REMOTE_ADDR="198.51.100.7")
    guest.post("/follow/change/", {"follow": "category cs.LG"})
    old = Session.objects.get(session_key=guest.cookies["sessionid"].value)
    mine = Session.objects.get(session_key=client.cookies["sessionid"].value)
    over = timezone.now() - timedelta(seconds=1)
    Session.objects.exclude(pk=mine.pk).update(expire_date=over)
    assert (Session.objects.count(), UserSession.objects.count()) == (3, 2)
    forget_ended_sessions()
    assert not Session.objects.filter(pk=old.pk).exists()
    assert Session.objects.get() == mine
    assert UserSession.objects.get().session_key == mine.pk
    assert client.get("/saved/").status_code == 200
