"""What a reader takes along, as its files are read again."""

import csv
import io
import json
from typing import Any

import bibtexparser
import pytest
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

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
    Subscription,
    Tagging,
    User,
)
from papers.models import Paper
from tests.accounts.conftest import MakeReader
from tests.factories import MORNING, make_paper, make_report

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client: Client, make_reader: MakeReader) -> User:
    """A reader who has of everything something, and beside them another who has as much."""
    for name in ("ben", "ada"):
        user = make_reader(name)
        for number, state in ((1, "later"), (2, "done")):
            arxiv_id = f"2106.0000{number}"
            paper = SavedPaper(user=user, paper=make_paper(arxiv_id=arxiv_id), saved_at=MORNING)
            paper.change(state, f"={name}'s note, {{number}} {number}")
        tag = ReaderTag.objects.create(user=user, name=f"{name}’s tag", slug="tag")
        reading = ReadingList.objects.create(user=user, name=f"{name}’s list", slug="list")
        for position, saved in enumerate(user.saved_papers.order_by("-pk")):
            ListEntry.objects.create(reading_list=reading, saved=saved, position=position)
        Tagging.objects.create(tag=tag, content_object=saved)
        Subscription.objects.create(user=user, kind="search", target=f"{name} searches")
        Seen.objects.create(user=user, paper=saved.paper, hidden_at=MORNING)
        PendingSave.objects.create(user=user, arxiv_id="2106.09999")
        Mute.objects.create(user=user, kind="word", target=f"{name} mutes")
        FeedLink.objects.create(user=user, kind="search", target=f"{name} searches", nonce=name * 5)
        AccessToken.objects.create(user=user, name=f"{name}’s token", key_hash=f"hash of {name}’s")
        make_report(saved.paper, by=user, words=f"{name} reports")
        known = {"provider": "orcid", "uid": f"{name}’s iD", "extra_data": {"name": name}}
        SocialAccount.objects.create(user=user, **known)
    client.force_login(user)
    return user


def export(client: Client, name: str) -> str:
    where = "/settings/data/" if name == "hot-papers.json" else "/"
    response: Any = client.get(f"{where}{name}")
    assert response.status_code == 200
    return b"".join(response).decode()


def test_it_works(client: Client, reader: User) -> None:
    text = export(client, "hot-papers.json")
    assert "ben" not in text
    found = json.loads(text)
    assert (found["profile"]["username"], found["profile"]["email"]) == ("ada", reader.email)
    assert found["addresses"][0]["email"] == reader.email
    (elsewhere,) = found["connected"]
    assert (elsewhere["provider"], elsewhere["uid"]) == ("orcid", "ada’s iD")
    assert [(each["kind"], each["target"]) for each in found["follows"]] == [
        ("search", "ada searches")
    ]
    assert [(each["kind"], each["target"]) for each in found["mutes"]] == [("word", "ada mutes")]
    (report,) = found["reports"]
    told = [report[name] for name in ("paper", "kind", "words", "tweet")]
    assert told == ["2106.00001", "spam", "ada reports", ""]
    assert found["lists"][0]["papers"] == ["2106.00002", "2106.00001"]
    assert found["seen"][0]["paper"] == "2106.00001"
    assert found["seen"][0]["hidden_at"] == "2021-06-11T09:30:00Z"
    done, later = found["saved"]
    assert (later["paper"], later["state"], later["tags"]) == ("2106.00001", "later", ["ada’s tag"])
    assert (done["state"], done["note"], done["lists"]) == (
        "done",
        "=ada's note, {number} 2",
        ["ada’s list"],
    )
    assert done["saved_at"] == "2021-06-11T09:30:00Z"
    assert done["state_changed_at"] > done["saved_at"]


def test_no_secret_leaves_and_no_table_is_forgotten(client: Client, reader: User) -> None:
    text = export(client, "hot-papers.json")
    assert reader.password not in text
    assert "share_hash" not in text
    assert "hash of ada’s" not in text
    assert "adaada" not in text
    assert client.cookies["sessionid"].value not in text
    found = json.loads(text)
    told = {"SavedPaper": "saved", "Subscription": "follows", "ReaderTag": "tags"}
    told |= {"AccessToken": "access_tokens", "FeedLink": "feed_links"}
    told |= {"ReadingList": "lists", "Mute": "mutes", "Seen": "seen", "PendingSave": "asked_for"}
    for model in apps.get_app_config("accounts").get_models():
        if any(field.related_model is User for field in model._meta.concrete_fields):
            assert found[told[model.__name__]], model


def test_saved_papers_as_bibtex(client: Client, reader: User) -> None:
    found = bibtexparser.loads(export(client, "saved.bib")).entries
    assert {entry["eprint"] for entry in found} == {"2106.00001", "2106.00002"}
    (tagged,) = [entry for entry in found if "keywords" in entry]
    assert tagged["keywords"] == "ada’s tag"
    assert tagged["annote"] == r"=ada's note, \textbraceleft{}number\textbraceright{} 1"


def test_saved_papers_as_csv(client: Client, reader: User) -> None:
    text = export(client, "saved.csv")
    done, later = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    assert (done["arxiv_id"], done["state"], done["lists"]) == ("2106.00002", "done", "ada’s list")
    assert later["note"] == "'=ada's note, {number} 1"
    assert later["tags"] == "ada’s tag"
    assert later["saved_at"] == "2021-06-11T09:30:00+00:00"


@pytest.mark.parametrize(
    ("name", "kind", "file"),
    [
        ("hot-papers.json", "application/json", "hot-papers-2026-11-30.json"),
        ("saved.bib", "application/x-bibtex", "hot-papers-saved-2026-11-30.bib"),
        ("saved.csv", "text/csv", "hot-papers-saved-2026-11-30.csv"),
    ],
)
def test_files_are_named_after_the_day(
    client: Client, reader: User, time_machine: Any, name: str, kind: str, file: str
) -> None:
    time_machine.move_to("2026-11-30T12:00:00Z", tick=False)
    client.force_login(reader)
    where = "/settings/data/" if name == "hot-papers.json" else "/"
    response = client.get(f"{where}{name}")
    assert response["Content-Type"] == f"{kind}; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="{file}"'


def test_of_what_a_curator_hid_only_ones_own_words_are_told(client: Client, reader: User) -> None:
    Paper.objects.filter(arxiv_id="2106.00002").update(hidden=True)
    found = json.loads(export(client, "hot-papers.json"))["saved"][0]
    assert (found["paper"], found["title"], bool(found["note"])) == ("2106.00002", "", True)
    assert "2106.00002" not in export(client, "saved.bib")
    assert "2106.00002" not in export(client, "saved.csv")


@pytest.mark.parametrize("name", ["hot-papers.json", "saved.bib", "saved.csv"])
def test_who_has_nothing_takes_a_whole_file(
    client: Client, make_reader: MakeReader, name: str
) -> None:
    client.force_login(make_reader())
    text = export(client, name)
    if name.endswith("json"):
        assert json.loads(text)["saved"] == []


def test_queries_do_not_grow_with_what_is_saved(client: Client, reader: User) -> None:
    with CaptureQueriesContext(
        connection,
    ) as few:
        export(client, "hot-papers.json")
    papers = [make_paper(arxiv_id=f"2107.{n:05}") for n in range(1, 30)]
    SavedPaper.objects.bulk_create(SavedPaper(user=reader, paper=paper) for paper in papers)
    with CaptureQueriesContext(connection) as many:
        export(client, "hot-papers.json")
    assert len(many) == len(few)
