"""The admin shows every table it knows, finds rows by what people have at hand, and writes none."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from taggit.models import Tag

from papers import ledger
from papers.admin import lists
from papers.curation import papers as of_papers
from papers.models import Category, IngestRun, Paper, Quarantine, Tweet, Verdict
from papers.sources.base import Reject
from tests.accounts.conftest import MakeReader
from tests.factories import DAY, MORNING, make_digest, make_paper, make_report, make_tweet

pytestmark = pytest.mark.django_db

QUERIES = 12
OURS = [model for model in admin.site._registry if model._meta.app_label in {"papers", "taggit"}]
WRITTEN = [model for model in OURS if model is not Category]


@pytest.fixture
def run() -> IngestRun:
    """A row of everything, and of what stands under a row enough to see what each one costs."""
    papers = [make_paper(score=70 - rank) for rank in range(4)]
    papers[0].tags.add("weight")
    digest = make_digest(*papers, state="published")
    digest.revisions.create(number=1, markdown="…", reason="A wrong title.")
    for number in range(4):
        make_tweet(*papers, handle=f"ada{number}", posted_at=MORNING - timedelta(days=number))
    make_report(papers[0], tweet=Tweet.objects.get(handle="ada0"))
    Verdict.objects.create(network="x", handle="ada1", kind="bot")
    ledger.plan("x", "tweets", [MORNING, MORNING + timedelta(hours=4)])
    run = IngestRun.objects.earliest("due_at")
    of_papers.hide(papers[3], None, "Spam.")
    ledger.quarantine(run, [Reject("1402907931406909440", "it has no text")])
    return run


def address(model: type[Model], page: str, *keys: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=keys)


def first(model: type[Model]) -> Any:
    row = model._default_manager.order_by("pk").first()
    assert row
    return row


def found(client: Client, model: type[Model], words: str = "", **more: str) -> list[Any]:
    """Return the rows that the list shows; it has to be answered, not led back to all of them."""
    answer = client.get(address(model, "changelist"), {"q": words, **more} if words else more)
    assert answer.status_code == 200, answer
    return list(answer.context["cl"].result_list)


@pytest.mark.parametrize("model", OURS, ids=[model._meta.model_name for model in OURS])
def test_it_works(admin_client: Client, run: IngestRun, model: type[Model]) -> None:
    assert found(admin_client, model)
    assert admin_client.get(address(model, "change", first(model).pk)).status_code == 200


@pytest.mark.parametrize("model", WRITTEN, ids=[model._meta.model_name for model in WRITTEN])
def test_nothing_is_written_by_hand(
    admin_client: Client, run: IngestRun, model: type[Model]
) -> None:
    row = first(model)
    for page in ("change", "delete"):
        answer = admin_client.post(address(model, page, row.pk), {"post": "yes", "hidden": "on"})
        assert answer.status_code == 403
    assert admin_client.get(address(model, "add")).status_code == 403
    assert first(model) == row


def test_a_run_shows_what_it_set_aside(admin_client: Client, run: IngestRun) -> None:
    page = admin_client.get(address(IngestRun, "change", run.pk))
    assert "it has no text" in page.content.decode()


def test_other_peoples_text_is_escaped(admin_client: Client, run: IngestRun) -> None:
    paper = first(Paper)
    Tweet.objects.update(text="<script>alert(1)</script>", handle="<b>")
    Paper.objects.update(title_text="<i>", comment="<u>")
    for row in (paper, first(Tweet)):
        page = admin_client.get(address(type(row), "change", row.pk)).content.decode()
        for mark in ("<script>alert", "<b>", "<i>", "<u>"):
            assert mark not in page


def test_an_administrator_names_a_category_that_arxiv_opened(admin_client: Client) -> None:
    Category.objects.ensure(["cs.ZZ"])
    form = {"name": "Sleep", "is_active": "on", "same_as": "", "code": "cs.YY"}
    assert admin_client.post(address(Category, "change", "cs.ZZ"), form).status_code == 302
    assert Category.objects.get(code="cs.ZZ").name == "Sleep"
    assert not Category.objects.filter(code="cs.YY").exists()
    term = {
        "app_label": "papers",
        "model_name": "category",
        "field_name": "same_as",
        "term": "cs.L",
    }
    names = admin_client.get(reverse("admin:autocomplete"), term).json()["results"]
    assert {"cs.LG", "cs.LO"} <= {each["id"] for each in names}


# What is found -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "2106.00002",
        "https://arxiv.org/pdf/2106.00002v3",
        "arXiv:2106.00002 ",
        "10.48550/arXiv.2106.00002",
    ],
)
def test_a_paper_is_found_by_whatever_holds_its_id(
    admin_client: Client, run: IngestRun, words: str
) -> None:
    assert [paper.arxiv_id for paper in found(admin_client, Paper, words)] == ["2106.00002"]


def test_papers_are_found_by_the_beginning_of_an_id(admin_client: Client, run: IngestRun) -> None:
    make_paper(arxiv_id="2107.00001")
    assert len(found(admin_client, Paper, "2106.")) == 4
    assert found(admin_client, Paper, "weight") == []


@pytest.mark.parametrize(
    ("words", "handle"),
    [
        ("@Ada1", "ada1"),
        ("ada2", "ada2"),
        ("https://x.com/i/web/status/1402900000000000003", "ada2"),
        ("https://twitter.com/ada/status/1402900000000000004?s=20", "ada3"),
        ("1402900000000000001", "ada0"),
    ],
)
def test_a_tweet_is_found_by_address_or_handle(
    admin_client: Client, run: IngestRun, words: str, handle: str
) -> None:
    assert [tweet.handle for tweet in found(admin_client, Tweet, words)] == [handle]


def test_a_post_of_another_network_is_found_by_its_address(admin_client: Client) -> None:
    uri = "at://did:plc:abc/app.bsky.feed.post/3kxy"
    url = "https://bsky.app/profile/Ada.example/post/3kxy"
    make_tweet(network="bluesky", external_id=uri, url=url, handle="Ada.example")
    make_tweet(network="hackernews", external_id="4242", handle="ada.example")
    for words in (url, uri, "https://bsky.app/profile/did:plc:abc/post/3kxy"):
        assert [tweet.network for tweet in found(admin_client, Tweet, words)] == ["bluesky"]
    words = "https://news.ycombinator.com/item?id=4242"
    assert [tweet.network for tweet in found(admin_client, Tweet, words)] == ["hackernews"]


def test_the_tweets_of_a_paper_are_found_by_the_paper(admin_client: Client) -> None:
    one, other = make_paper(), make_paper()
    make_tweet(one, handle="ada")
    make_tweet(other, handle="bo")
    tweets = found(admin_client, Tweet, f"https://arxiv.org/abs/{other.arxiv_id}")
    assert [tweet.handle for tweet in tweets] == ["bo"]


def test_the_rest_is_found_by_name(admin_client: Client, run: IngestRun) -> None:
    make_paper(authors=("Łukasz Żółć",))
    for model, words, count in (
        ("Author", "lukasz z", 1),
        ("Author", "Żółć", 0),
        ("Digest", f"https://papers.example/digests/{DAY}/", 1),
        ("Digest", "2021-02-30", 0),
        ("Digest", "weight", 0),
        ("Category", "machine", 2),
        ("Quarantine", "14029", 1),
        ("Verdict", "ada1", 1),
    ):
        [table] = [each for each in OURS if each.__name__ == model]
        assert len(found(admin_client, table, words)) == count, (model, words)
    assert len(found(admin_client, Tag, "Wei")) == 1


def test_topic_tags_say_how_many_papers_they_have(admin_client: Client, run: IngestRun) -> None:
    Tag.objects.create(name="barns", slug="barns")
    page = admin_client.get(address(Tag, "changelist")).content.decode()
    assert page.count('<td class="field-papers">1</td>') == 1
    assert page.count('<td class="field-papers">0</td>') == 1


def test_lists_are_narrowed(admin_client: Client, run: IngestRun) -> None:
    Tweet.objects.filter(handle="ada3").update(hidden=True)
    Paper.objects.filter(arxiv_id="2106.00003").update(withdrawn=True)
    assert [tweet.handle for tweet in found(admin_client, Tweet, state="hidden")] == ["ada3"]
    [paper] = found(admin_client, Paper, state="withdrawn")
    assert paper.arxiv_id == "2106.00003"
    assert [paper.arxiv_id for paper in found(admin_client, Paper, state="hidden")] == [
        "2106.00004"
    ]
    assert found(admin_client, IngestRun, source="arxiv") == []
    assert len(found(admin_client, IngestRun, source="x", kind="tweets")) == 2
    assert len(found(admin_client, Quarantine, source="x", state="open")) == 1
    assert found(admin_client, Quarantine, state="settled") == []


# Days --------------------------------------------------------------------------------------------


def days(client: Client, **chosen: int) -> list[str]:
    named = {f"announced_on__{part}": str(value) for part, value in chosen.items()}
    page = client.get(address(Paper, "changelist"), named)
    assert page.status_code == 200
    back, choices = page.context["cl"].days["back"], page.context["cl"].days["choices"]
    return [f"< {each['title']}" for each in [back] if each] + [each["title"] for each in choices]


def test_a_list_is_gone_into_by_year_month_and_day(admin_client: Client) -> None:
    for day in (date(2019, 12, 31), date(2021, 6, 10), date(2021, 6, 11)):
        make_paper(announced_on=day)
    assert days(admin_client) == ["2021", "2020", "2019"]
    months = days(admin_client, year=2021)
    assert months[:2] == ["< All dates", "January 2021"]
    assert len(months) == 13
    assert days(admin_client, year=2021, month=6)[-1] == "30 June"
    assert days(admin_client, year=2021, month=6, day=10) == ["< June 2021", "10 June"]
    link = f"{address(Paper, 'changelist')}?announced_on__year=2021&announced_on__month=6"
    papers = admin_client.get(link).context["cl"].result_list
    assert {paper.announced_on for paper in papers} == {date(2021, 6, 10), date(2021, 6, 11)}


def test_one_year_is_gone_into_at_once(admin_client: Client, run: IngestRun) -> None:
    assert days(admin_client)[0] == "January 2021"
    assert days(admin_client, year=2021, month=6)[0] == "< 2021"


def test_without_days_there_is_nothing_to_go_into(admin_client: Client) -> None:
    assert admin_client.get(address(Paper, "changelist")).context["cl"].days is None


@pytest.mark.parametrize(
    "part", ["year=x", "year=2021&announced_on__month=13", "year=0", "month=9"]
)
def test_a_day_that_is_none_leads_back_or_finds_nothing(
    admin_client: Client, run: IngestRun, part: str
) -> None:
    answer = admin_client.get(f"{address(Paper, 'changelist')}?announced_on__{part}", follow=True)
    assert answer.status_code == 200


# What it costs -----------------------------------------------------------------------------------


def test_no_page_costs_more_than_twelve_queries(
    admin_client: Client, run: IngestRun, settings: Any
) -> None:
    """Of every model that is registered, whoever registered it; and of the admin itself."""
    settings.REQUIRE_STAFF_MFA = False
    reader = MakeReader()("ada")
    pages = [reverse("admin:index"), reverse("admin:app_list", args=["papers"])]
    for model in admin.site._registry:
        pages += [address(model, "changelist")]
        if row := model._default_manager.exclude(pk=reader.pk).first():
            pages += [address(model, page, row.pk) for page in ("change", "history", "delete")]
    pages += [address(type(reader), "delete", reader.pk)]
    for path in pages:
        with CaptureQueriesContext(connection) as queries:
            assert admin_client.get(path).status_code in {200, 403}, path
        shown = "\n".join(query["sql"] for query in queries)
        assert len(queries) <= QUERIES, f"{path}:\n{shown}"


def test_every_list_is_bounded() -> None:
    for model, of_model in admin.site._registry.items():
        assert issubclass(of_model.paginator, lists.BoundedPaginator), model
        assert issubclass(of_model.get_changelist(None), lists.BoundedList), model  # type: ignore[arg-type]


def test_a_list_leads_to_its_first_rows_and_says_that_there_are_more(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MOST", 4)
    monkeypatch.setattr(admin.site._registry[Paper], "list_per_page", 2)
    papers = [make_paper(score=90 - rank) for rank in range(5)]
    assert found(admin_client, Paper) == papers[:2]
    assert found(admin_client, Paper, p="2") == papers[2:4]
    page = admin_client.get(address(Paper, "changelist")).content.decode()
    assert "More than 4 papers" in page
    assert 'href="?p=2"' in page
    assert 'href="?p=3"' not in page
    answer = admin_client.get(address(Paper, "changelist"), {"p": "3"})
    assert answer.status_code == 302  # and back, as for every page there is not
    Paper.objects.filter(pk=papers[0].pk).delete()
    assert "4 papers" in admin_client.get(address(Paper, "changelist")).content.decode()


def test_nothing_sorts_by_what_no_heading_offers(admin_client: Client) -> None:
    cheap, dear = make_paper(score=1, title="A"), make_paper(score=9, title="B")
    columns = admin_client.get(address(Paper, "changelist")).context["cl"].list_display
    score, title = columns.index("score"), columns.index("called")
    assert found(admin_client, Paper, o=f"{score}") == [cheap, dear]
    assert found(admin_client, Paper, o=f"{title}") == [dear, cheap]
    twin = make_paper(score=1)
    assert found(admin_client, Paper, o=f"{score}") == [cheap, twin, dear]
    assert found(admin_client, Paper, o=f"-{score}") == [dear, twin, cheap]
