"""What each operation answers: what its page shows, and nothing that is hidden."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import roles
from accounts.models import User
from papers.api.urls import urlpatterns
from papers.models import Digest, IngestRun, Paper, Tweet
from tests.addresses import ADDRESSES
from tests.factories import MORNING, make_digest, make_paper, make_tweet
from tests.papers.api.conftest import POSTED, SECRET_WORDS, V1, ask, ids

pytestmark = pytest.mark.django_db
PREFIX = "papers:api:"
ALL = [
    address.path
    for address in ADDRESSES
    if address.name.startswith(PREFIX) and address.path.startswith(V1)
]


@pytest.fixture
def operator(client: Client) -> Client:
    user = User.objects.create_user("operator")
    roles.give(user, [roles.Role.OPERATOR])
    client.force_login(user)
    return client


def test_it_works(operator: Client, world: Paper) -> None:
    """Every operation answers with exactly the fields that it says."""
    said = {address.name: address.path for address in ADDRESSES}
    for pattern in urlpatterns:
        view = getattr(pattern.callback, "cls", None)
        fields = getattr(getattr(view, "get", None), "fields", None)
        if fields:
            found = operator.get(said[f"{PREFIX}{pattern.name}"]).json()
            rows = found.get("results", [found])
            assert rows, pattern.name
            assert [tuple(row) for row in rows] == [fields] * len(rows), pattern.name


@pytest.mark.parametrize("path", ALL)
def test_nothing_that_is_hidden_and_no_word_of_x_is_anywhere(
    operator: Client, world: Paper, path: str
) -> None:
    text = operator.get(path).content.decode()
    for word in (SECRET_WORDS, "Spam", "spam", "Blocked", "2106.00003", "2021-06-11/"):
        assert word not in text, word


@pytest.mark.parametrize("path", ALL)
def test_many_rows_cost_what_few_do(client: Client, world: Paper, path: str) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code in {200, 401}
        return len(queries)

    few = cost()
    papers = [make_paper(score=60 + n) for n in range(12)]
    for n, paper in enumerate(papers):
        paper.tags.add("weight", f"tag{n}")
        tweet = make_tweet(paper, world, network="bluesky", external_id=f"b{n}", posted_at=POSTED)
        Digest.objects.get(date="2021-06-10").entries.get(paper=world).tweets.create(
            position=10 + n, tweet=tweet
        )
    for n in range(1, 12):
        make_digest(papers[n], date=MORNING.date() - timedelta(days=n + 10), state="published")
    assert cost() <= few + 1
    assert cost() <= 8


# Papers ------------------------------------------------------------------------------------------


def test_papers_come_as_on_the_pages(client: Client, world: Paper) -> None:
    assert ids(ask(client, "/papers/?sort=top&window=all")) == ["2106.00002", "2106.00001"]
    assert ids(ask(client, "/papers/?category=math.CT")) == ["2106.00002"]
    assert ids(ask(client, "/papers/?tag=weight")) == ["2106.00001"]
    assert ids(ask(client, "/papers/?author=ada-lark&network=bluesky")) == ["2106.00001"]
    assert ids(ask(client, "/papers/?q=barns")) == ["2106.00002"]
    assert ids(ask(client, "/search/?q=barns")) == ["2106.00002"]
    assert ask(client, "/search/", 400)["errors"] == [{"name": "q", "detail": "It is needed."}]
    assert ask(client, "/search/?q=%20", 400)["errors"]


def test_a_paper_has_all_that_its_page_says(client: Client, world: Paper) -> None:
    found = ask(client, "/papers/2106.00001/")
    assert found["author_slugs"] == ["ada-lark", "lukasz-zolc", "author"]
    assert found["authors"] == ["Ada Lark", "Łukasz Żółć", "李 明"]
    assert found["tags"] == ["weight"]
    (network,) = found["networks"]
    assert (network["network"], network["score"], network["kind"]) == ("x", 60, "imported")
    assert [day["date"] for day in found["digests"]] == ["2021-06-09", "2021-06-10"]
    assert [day["rank"] for day in found["digests"]] == [1, 2]
    assert found["neighbours"] == [{"id": "2106.00002", "title_text": "Barns", "similarity": 0.5}]


def test_fields_of_a_paper_cost_what_they_need(
    client: Client, world: Paper, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):
        assert ask(client, "/papers/2106.00001/?fields=score") == {"score": 60}


def test_a_withdrawn_paper_says_so_and_a_hidden_one_is_not_there(
    client: Client, world: Paper
) -> None:
    Paper.objects.filter(pk=world.pk).update(withdrawn=True)
    assert ask(client, "/papers/2106.00001/")["withdrawn"] is True
    ask(client, "/papers/2106.00003/", 404)
    ask(client, "/papers/2106.00003/tweets/", 404)
    ask(client, "/papers/hep-th/9901001/", 404)


# Tweets ------------------------------------------------------------------------------------------


def test_a_post_on_x_is_its_handle_date_counts_and_address(client: Client, world: Paper) -> None:
    on_x, told = ask(client, "/papers/2106.00001/tweets/")["results"]
    assert (on_x["text"], on_x["author_name"]) == (None, None)
    assert (on_x["handle"], on_x["posted_at"]) == ("ada", "2021-06-10T08:30:00Z")
    assert (on_x["retweets"], on_x["favorites"], on_x["by_author"]) == (3, 4, True)
    assert told["text"] == "We weighed it."
    assert told["papers"] == ["2106.00001"]  # the other one is hidden


def test_a_deleted_post_has_no_text(client: Client, world: Paper) -> None:
    Tweet.objects.filter(network="bluesky").update(deleted_at=MORNING)
    (found,) = ask(client, "/tweets/?network=bluesky")["results"]
    assert (found["text"], found["deleted_at"]) == (None, "2021-06-11T09:30:00Z")


def test_tweets_follow_each_other_the_newest_first(client: Client, world: Paper) -> None:
    for n in range(5):
        posted = POSTED + timedelta(hours=n // 2)
        make_tweet(world, network="bluesky", external_id=f"b{n}", posted_at=posted)
    for path in ("/tweets/?size=2", "/papers/2106.00001/tweets/?size=2"):
        seen: list[tuple[str, str]] = []
        address = V1 + path
        while address:
            found = client.get(address).json()
            assert len(found["results"]) <= 2
            seen += [(row["posted_at"], row["external_id"]) for row in found["results"]]
            address = found["next"]
        assert len(set(seen)) == len(seen) == 7, path
        days = [posted for posted, _ in seen]
        assert path.startswith("/papers") or days == sorted(days, reverse=True)
    assert ask(client, "/tweets/?network=fax", 400)["errors"][0]["name"] == "network"


# Digests -----------------------------------------------------------------------------------------


def test_digests_are_those_that_were_published(client: Client, world: Paper) -> None:
    days = ask(client, "/digests/")["results"]
    assert [day["date"] for day in days] == ["2021-06-10", "2021-06-09"]
    first = ask(client, "/digests/?size=1")
    assert ask(client, first["next"].partition(V1)[2])["results"] == days[1:]
    assert ask(client, "/digests/?year=2020")["results"] == []
    assert ask(client, "/digests/?year=0000", 400)["errors"][0]["name"] == "year"
    ask(client, "/digests/2021-06-11/", 404)
    ask(client, "/digests/2021-02-30/", 404)


def test_a_digest_knows_its_neighbours_and_its_printings(client: Client, world: Paper) -> None:
    latest = ask(client, "/digests/latest/")
    assert (latest["date"], latest["previous"], latest["next"]) == (
        *("2021-06-10", "2021-06-09"),
        None,
    )
    before = ask(client, "/digests/2021-06-09/")
    assert (before["previous"], before["next"]) == (None, "2021-06-10")
    assert [(each["number"], each["reason"]) for each in before["revisions"]] == [(1, "Printed.")]


def test_entries_stay_as_they_were_printed(client: Client, world: Paper) -> None:
    Paper.objects.filter(pk=world.pk).update(title="Changed since", score=1)
    entries = ask(client, "/digests/2021-06-10/entries/")["results"]
    assert [(entry["rank"], entry["paper"]) for entry in entries] == [
        (1, "2106.00002"),
        (2, "2106.00001"),
    ]
    assert (entries[1]["title"], entries[1]["score"]) == ("On the Weight of Paper", 60)
    assert [tweet["text"] for tweet in entries[1]["tweets"]] == [None, "We weighed it."]
    assert ask(client, "/digests/latest/entries/")["results"] == entries
    assert ask(client, "/digests/latest/entries/?fields=rank")["results"][0] == {"rank": 1}


def test_before_the_first_digest_there_is_no_latest(client: Client, db: None) -> None:
    ask(client, "/digests/latest/", 404)
    ask(client, "/digests/latest/entries/", 404)
    assert ask(client, "/status/")["latest_digest"] is None


# What lists are narrowed to ----------------------------------------------------------------------


def test_categories_count_the_last_month(client: Client, world: Paper) -> None:
    found = {row["code"]: row for row in ask(client, "/categories/")["results"]}
    assert (found["cs.LG"]["month_count"], found["math.CT"]["month_count"]) == (2, 1)
    assert (found["alg-geom"]["is_active"], found["alg-geom"]["same_as"]) == (False, "math.AG")


@pytest.mark.parametrize(
    ("name", "slugs"),
    [
        ("lark", ["ada-lark"]),
        ("ŻÓŁĆ", ["lukasz-zolc"]),
        ("李", ["author"]),
        ("mer", []),
        ("%25", []),
    ],
)
def test_authors_are_found_by_a_part_of_the_name(
    client: Client, world: Paper, name: str, slugs: list[str]
) -> None:
    found = ask(client, f"/authors/?q={name}")["results"]
    assert [row["slug"] for row in found] == slugs


def test_authors_and_tags_go_on_behind_a_row(client: Client, world: Paper) -> None:
    world.tags.add("barns")
    for path in ("/authors/?size=1", "/tags/?size=1"):
        seen: list[str] = []
        address = V1 + path
        while address:
            found = client.get(address).json()
            seen += [row["slug"] for row in found["results"]]
            address = found["next"]
        assert seen in (["ada-lark", "author", "lukasz-zolc"], ["barns", "weight"]), path


def test_an_author_counts_the_papers_that_are_seen(client: Client, world: Paper) -> None:
    assert ask(client, "/authors/ada-lark/")["paper_count"] == 2
    ask(client, "/authors/spam-mer/", 404)


# The site ----------------------------------------------------------------------------------------


def test_status_says_how_new_all_is(client: Client, world: Paper) -> None:
    found = ask(client, "/status/?fields=newest_day,latest_digest,sources")
    assert (found["newest_day"], found["latest_digest"]) == ("2021-06-10", "2021-06-10")
    assert [source["source"] for source in found["sources"]][:2] == ["arxiv", "x"]


def test_runs_are_for_operators(client: Client, world: Paper) -> None:
    response = client.get(f"{V1}/runs/")
    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Bearer")
    client.force_login(User.objects.create_user("reader"))
    ask(client, "/runs/", 403)


def test_runs_are_the_ledger(operator: Client, world: Paper) -> None:
    IngestRun.objects.create(source="x", kind="tweets", due_at=MORNING, state="complete")
    assert [row["source"] for row in ask(operator, "/runs/")["results"]] == ["x", "arxiv"]
    assert len(ask(operator, "/runs/?source=arxiv")["results"]) == 1
    assert ask(operator, "/runs/?state=failed")["results"] == []
    first = ask(operator, "/runs/?size=1")
    (second,) = ask(operator, first["next"].partition(V1)[2])["results"]
    assert second["reason"] == "No answer."
