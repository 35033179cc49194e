"""Bringing papers in, through its pages."""

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import PendingSave, SavedPaper, User
from accounts.tasks import save_arrived
from papers.models import WantedPaper
from tests.accounts.conftest import words
from tests.factories import make_paper

pytestmark = pytest.mark.django_db

IMPORT, CONFIRM = "/settings/data/import/", "/settings/data/import/confirm/"
LIMIT = 5  # seconds
MOST = 8 + 2  # queries, with those for the session and the account


@pytest.fixture(autouse=True)
def signed_in(client: Client, reader: User) -> None:
    client.force_login(reader)


def bring(client: Client, given: bytes | str) -> Any:
    if isinstance(given, str):
        return client.post(IMPORT, {"text": given})
    return client.post(IMPORT, {"file": SimpleUploadedFile("list", given)})


def agreement(preview: Any) -> str:
    found = re.search(r'name="agreement" value="([^"]+)"', preview.content.decode())
    assert found
    return found[1]


def test_it_works(client: Client, reader: User) -> None:
    for arxiv_id in ("2106.00001", "2106.00002"):
        paper = make_paper(arxiv_id=arxiv_id)
    SavedPaper.objects.create(user=reader, paper=paper)
    preview = bring(
        client,
        b"""
        @misc{a, eprint = {2106.00001}}
        @misc{b, url = {https://arxiv.org/abs/2106.00002v3}}
        @misc{c, doi = {10.48550/arXiv.2106.00003}}
        @book{d, title = {The Art of Programming}}
    """,
    )
    said = words(preview)
    assert "1 here, to be saved" in said
    assert "1 not here yet" in said
    assert "1 saved already" in said
    assert "1 without an arXiv id" in said
    assert "5 The Art of Programming" in said
    assert reader.saved_papers.count() == 1
    response = client.post(CONFIRM, {"agreement": agreement(preview)}, follow=True)
    assert response.redirect_chain == [("/settings/data/", 303)]
    assert "Saved: 1. Asked for at arXiv: 1." in words(response)
    assert "1 paper is asked for at arXiv, and saved as it comes." in words(response)
    assert reader.saved_papers.count() == 2
    assert WantedPaper.objects.get().arxiv_id == "2106.00003"


def test_what_was_taken_along_is_brought_in_again(client: Client, reader: User) -> None:
    for number, state in ((1, "later"), (2, "done")):
        paper = make_paper(arxiv_id=f"2106.0000{number}")
        SavedPaper.objects.create(user=reader, paper=paper, state=state)
    files = {
        path: b"".join(client.get(path))
        for path in ("/settings/data/hot-papers.json", "/saved.bib", "/saved.csv")
    }
    for path, file in files.items():
        reader.saved_papers.all().delete()
        preview = bring(client, file)
        assert "2 here, to be saved" in words(preview)
        client.post(CONFIRM, {"agreement": agreement(preview)})
        states = dict(reader.saved_papers.values_list("paper__arxiv_id", "state"))
        second = "later" if path == "/saved.bib" else "done"
        assert states == {"2106.00001": "later", "2106.00002": second}


def test_what_arxiv_does_not_know_is_listed_until_it_is_forgotten(
    client: Client, reader: User
) -> None:
    PendingSave.objects.create(user=reader, arxiv_id="2106.99999")
    WantedPaper.objects.create(arxiv_id="2106.99999", is_missing=True)
    save_arrived()
    assert "arXiv knows no such paper: 2106.99999" in words(client.get("/settings/data/"))
    response = client.post("/settings/data/import/dismiss/", follow=True)
    assert "2106.99999" not in words(response)
    assert not PendingSave.objects.exists()


def test_nothing_to_be_done_is_said(client: Client) -> None:
    assert "There is nothing to be done." in words(bring(client, "a book\nanother"))


def test_what_changed_since_the_preview_is_shown_anew(client: Client, reader: User) -> None:
    preview = bring(client, "2106.00001")
    make_paper(arxiv_id="2106.00001")
    again = client.post(CONFIRM, {"agreement": agreement(preview)})
    assert "Nothing was saved yet: look again." in words(again)
    assert "1 here, to be saved" in words(again)
    client.post(CONFIRM, {"agreement": agreement(again)})
    assert reader.saved_papers.count() == 1


@pytest.mark.parametrize("made_up", ["", "x", "\x00", "x" * 100_000])
def test_a_made_up_form_does_nothing(client: Client, made_up: str) -> None:
    response = client.post(CONFIRM, {"agreement": made_up})
    assert response.status_code == 400
    assert "Begin with the file again." in words(response)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (b"", "nothing in it"),
        ("", "nothing in it"),
        ("\x00", "Null characters"),
        (b"\x89PNG\x00", "This is no text"),
        (b"x" * 2_000_001, "larger than 2 MB"),
        (b"x" * 6_000_000, "larger than 2 MB"),
        ("x" * 2_000_001, "at most 2000000 characters"),
        ("é" * 1_500_000, "too big"),
        (b"{", "JSON"),
    ],
    ids=range(9),
)
def test_what_is_no_list_is_refused_with_a_reason(
    client: Client, given: bytes | str, said: str
) -> None:
    response = bring(client, given)
    assert response.status_code in {200, 400}
    assert said in words(response)


def hostile() -> Iterator[bytes]:
    yield b"x" * 1_000_000
    yield b"2106.00001 " * 90_000
    yield b"".join(b"@misc{k%d, eprint={2106.%05d}}\n" % (n, n) for n in range(1, 20_001))
    yield b"".join(b"@misc{k%d, title={A book}}\n" % n for n in range(20_000))
    yield bytes(range(256)) * 7_000
    yield ("2106.00001\n" * 50_000).encode("utf-16")
    yield "2106.00001\n".encode("utf-16-le")
    yield b"@misc{a, title={" + b"\\def\\a{\\a\\a}" * 100_000 + b"}, eprint={2106.00001}}"
    yield b"@misc{a, title={" + b"{" * 900_000 + b"}" * 900_000 + b"}, eprint={2106.00001}}"
    yield b"title,url\n" + b'"' * 1_000_000
    yield b"\n".join(b"2106.%05d" % n for n in range(1, 5_001))


@pytest.mark.parametrize("given", hostile(), ids=range(11))
def test_a_hostile_file_is_answered_soon_and_done_as_said(
    client: Client, reader: User, given: bytes
) -> None:
    make_paper(arxiv_id="2106.00001")
    begin = time.process_time()
    preview = bring(client, given)
    assert preview.status_code == 200
    assert time.process_time() - begin < LIMIT
    said = words(preview)
    if "agreement" not in preview.content.decode():
        assert re.search("Take it in parts|no text|nothing to be done", said)
        return
    begin = time.process_time()
    client.post(CONFIRM, {"agreement": agreement(preview)})
    assert time.process_time() - begin < LIMIT
    here = re.search(r"([0-9,]+) here, to be saved", said)
    assert here
    assert reader.saved_papers.count() == int(here[1])
    lacking = re.search(r"([0-9,]+) not here yet", said)
    assert reader.pending_saves.count() == (int(lacking[1].replace(",", "")) if lacking else 0)


def test_trying_without_end_is_refused(client: Client) -> None:
    answers = [bring(client, "2106.00001").status_code for _ in range(21)]
    assert answers == [200] * 20 + [429]


def test_pages_cost_few_queries(client: Client, reader: User) -> None:
    for number in range(1, 40):
        make_paper(arxiv_id=f"2106.{number:05}")
    text = "\n".join(f"2106.{number:05}" for number in range(1, 80))
    with CaptureQueriesContext(connection) as queries:
        bring(client, text)
    assert len(queries) <= MOST
    with CaptureQueriesContext(connection) as queries:
        client.get("/settings/data/")
    assert len(queries) <= MOST
