"""The public log, and what pages say of what curators did."""

from datetime import timedelta

import pytest
from django.test import Client
from taggit.models import Tag

from accounts.models import User
from papers.curation import log, reports
from papers.curation import papers as of_papers
from papers.models import Act, Digest, Paper
from tests.accounts.conftest import words
from tests.factories import (
    DAY,
    MORNING,
    make_curator,
    make_digest,
    make_paper,
    make_report,
    make_tweet,
)

pytestmark = pytest.mark.django_db
LOG = "/curation/"


@pytest.fixture
def curator(db: None) -> User:
    return make_curator("heliotrope")


def make_act(curator: User, kind: Act.Kind, **values: object) -> Act:
    """An act of a kind as the log keeps it, whatever else it did."""
    fields = {"kind": kind, "subject": "a thing", "reason": "A reason.", "by": curator}
    return Act.objects.create(**{**fields, "at": MORNING, **values})


def test_it_works(client: Client, curator: User) -> None:
    act = of_papers.hide(make_paper(), curator, "It is an advertisement.")
    page = words(client.get(LOG))
    assert "Hid a paper: 2106.00001 It is an advertisement." in page
    log.undo(act, curator, "It is none.")
    page = words(client.get(LOG))
    assert "Undone: hid a paper: 2106.00001" in page
    assert page.count("It is none.") == 2  # beside what was undone, too


def test_it_says_what_and_why_and_not_who(client: Client, curator: User) -> None:
    of_papers.hide(make_paper(), curator, "Spam.")
    assert curator.username not in client.get(LOG).content.decode()


def test_without_an_act_it_says_so(client: Client) -> None:
    assert "Nothing was changed by hand." in words(client.get(LOG))


def test_what_is_of_the_ingest_or_of_reports_is_not_in_it(client: Client, curator: User) -> None:
    reports.settle(make_report(make_paper()), curator, "It is right.")
    for kind in Act.OF_INGEST:
        make_act(curator, kind)
    assert "Nothing was changed by hand." in words(client.get(LOG))


def test_it_leads_where_there_is_something_to_see(client: Client, curator: User) -> None:
    paper, hidden = make_paper(title="On Barns"), make_paper(title="On Spam", hidden=True)
    published = make_digest(paper, state="published")
    draft = make_digest(paper, date=DAY - timedelta(1))
    tag = Tag.objects.create(name="barns", slug="barns")
    make_act(curator, Act.Kind.CATEGORIES, paper=paper)
    make_act(curator, Act.Kind.HIDE_PAPER, paper=hidden, subject=hidden.arxiv_id)
    make_act(curator, Act.Kind.PUBLISH, digest=published)
    make_act(curator, Act.Kind.REVISE, digest=draft)
    make_act(curator, Act.Kind.RENAME_TAG, after={"taggit.tag": {str(tag.pk): {"name": "barns"}}})
    make_act(curator, Act.Kind.MERGE_TAG, after={"taggit.tag": {"999999": None}})
    page = client.get(LOG).content.decode()
    log_alone = page[page.index('class="log"') : page.index('class="pair end"')]
    assert log_alone.count("<a ") == 3
    for path in (paper.get_absolute_url(), published.get_absolute_url(), "/tags/barns/"):
        assert f'<a href="{path}">a thing</a>' in log_alone
    assert "On Barns" in log_alone
    assert "On Spam" not in log_alone


def test_its_pages_follow_each_other(client: Client, curator: User) -> None:
    for number in range(120):
        make_act(curator, Act.Kind.BLOCK, subject=f"@{number} on X", at=MORNING)
    seen: list[str] = []
    path = LOG
    while path:
        page = client.get(path).content.decode()
        seen += [part.partition("<")[0] for part in page.split("Blocked an account: ")[1:]]
        _, _, following = page.partition('<a class="btn next" href="')
        path = LOG + following.partition('"')[0] if following else ""
    assert seen == [f"@{number} on X" for number in reversed(range(120))]


@pytest.mark.parametrize("after", ["x", "2021-06-11~1", "2021-06-11T09:30:00+00:00~", "~1"])
def test_a_page_that_is_none_is_told(client: Client, after: str) -> None:
    assert client.get(LOG, {"after": after}).status_code == 400


def test_what_is_said_is_text(client: Client, curator: User) -> None:
    hostile = "<script>alert(1)</script>"
    make_act(curator, Act.Kind.BLOCK, subject=hostile, reason=hostile)
    assert "<script>alert" not in client.get(LOG).content.decode()


def test_every_page_leads_to_it(client: Client) -> None:
    assert f'<a href="{LOG}">Curation log</a>' in client.get("/about/").content.decode()


# On the pages of papers --------------------------------------------------------------------------


@pytest.mark.parametrize("kind", Act.CORRECTIONS)
def test_a_corrected_paper_says_so(client: Client, curator: User, kind: Act.Kind) -> None:
    paper = make_paper()
    act = make_act(curator, kind, paper=paper, reason="As the journal has it.")
    said = f"Corrected by a curator on 11 June 2021 : {act.corrected}. Why: As the journal has it."
    assert said in words(client.get(paper.get_absolute_url()))
    log.undo(act, curator, "It was right.")
    page = words(client.get(paper.get_absolute_url()))
    assert "Corrected by a curator" not in page


def test_what_another_act_did_corrects_nothing(client: Client, curator: User) -> None:
    paper, other = make_paper(), make_paper()
    log.undo(of_papers.hide(paper, curator, "Spam."), curator, "No spam.")
    make_act(curator, Act.Kind.TAG, paper=other)
    assert "Corrected" not in words(client.get(paper.get_absolute_url()))


@pytest.mark.parametrize("view", ["list", "read"])
def test_what_was_hidden_since_stays_in_print_without_a_way_to_it(
    client: Client, curator: User, view: str
) -> None:
    first, second = make_paper(title="On Barns", score=60), make_paper(title="On Spam", score=50)
    make_tweet(second)
    make_digest(first, second, state=Digest.State.PUBLISHED)
    of_papers.hide(second, curator, "Spam.")
    response = client.get(f"/digests/{DAY}/?view={view}")
    page = response.content.decode()
    assert "On Spam" in words(response)
    assert words(response).count("hidden since") == 1
    assert second.get_absolute_url() not in page
    assert f"paper={second.arxiv_id}" not in page
    assert first.get_absolute_url() in page
    assert client.get(second.get_absolute_url()).status_code == 404


def test_a_page_that_is_missing_names_nothing_hidden(client: Client, curator: User) -> None:
    paper = make_paper(title="On Spam")
    make_digest(paper, state=Digest.State.PUBLISHED)
    assert "On Spam" in words(client.get("/nowhere/"))
    of_papers.hide(Paper.objects.get(), curator, "Spam.")
    assert "On Spam" not in words(client.get("/nowhere/"))
