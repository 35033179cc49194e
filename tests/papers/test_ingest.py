"""Records become rows: which record wins, who wrote a tweet, where the code is."""

from datetime import timedelta
from typing import Any

import pytest

from papers import counting
from papers.ingest import code_link, store_papers
from papers.models import Category, Paper, Sample, Tweet
from papers.sources.base import PaperRecord
from tests.factories import DAY, MORNING, make_paper, make_tweet, raw_tables

LATER = MORNING + timedelta(days=1)


def record(**overrides: Any) -> PaperRecord:
    values: dict[str, Any] = {
        "arxiv_id": "2106.00001",
        "title": "On the Weight of Paper",
        "authors": ("Ada Lark",),
        "categories": ("cs.LG",),
        "abstract": "",
        "recorded_at": MORNING,
    }
    return PaperRecord(**values | overrides)


@pytest.mark.django_db
def test_it_works():
    keys = store_papers([record(title=r"The $\alpha$ of Paper", abstract="We weigh < 3 sheets.")])
    paper = Paper.objects.get(pk=keys["2106.00001"])
    assert paper.title_text == "The α of Paper"
    assert "<math" in paper.title_html
    assert "&lt; 3" in paper.abstract_html
    assert paper.primary_category_id == "cs.LG"
    assert [author.name for author in paper.authors.all()] == ["Ada Lark"]


@pytest.mark.django_db
def test_the_same_record_twice_changes_no_row():
    store_papers([record(announced_on=DAY)])
    before = raw_tables()
    store_papers([record(announced_on=DAY)])
    assert raw_tables() == before


@pytest.mark.django_db
def test_older_news_is_ignored():
    store_papers([record(recorded_at=LATER, title="New")])
    store_papers([record(recorded_at=MORNING, title="Old")])
    assert Paper.objects.get().title == "New"


@pytest.mark.django_db
def test_a_later_version_wins_over_a_later_record():
    store_papers([record(version=2, title="Version 2")])
    store_papers([record(version=1, title="Version 1", recorded_at=LATER)])
    assert Paper.objects.get().title == "Version 2"


@pytest.mark.django_db
def test_arxivs_own_listing_day_wins():
    day = DAY - timedelta(1)
    store_papers([record(announced_on=day)])
    store_papers([record(announced_on=DAY, announced_by_arxiv=True)])
    store_papers([record(announced_on=day)])
    assert Paper.objects.get().announced_on == DAY


@pytest.mark.django_db
def test_a_category_that_arxiv_opened_since_is_added():
    store_papers([record(categories=("cs.ZZ", "cs.LG"))])
    added = Category.objects.get(code="cs.ZZ")
    assert (added.name, added.archive, added.is_active) == ("cs.ZZ", "cs", False)


@pytest.mark.django_db
def test_a_category_of_an_older_record_is_added_too():
    store_papers([record(recorded_at=LATER)])
    store_papers([record(categories=("cs.ZZ",))])
    assert Category.objects.filter(code="cs.ZZ").exists()


@pytest.mark.django_db
def test_a_category_named_twice_is_one_listing():
    store_papers([record(categories=("cs.LG", "cs.CV", "cs.LG"))])
    listings = Paper.objects.get().listings.order_by("position")
    assert list(listings.values_list("category", "position")) == [("cs.LG", 0), ("cs.CV", 1)]


@pytest.mark.django_db
def test_two_authors_of_one_name_keep_both_places():
    store_papers([record(authors=("Wei Wu", "Wei Wu"))])
    assert Paper.objects.get().authorships.count() == 2


# Who wrote a tweet -------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("author", "writer"),
    [
        ("Ada Lark", "Ada Lark"),
        ("Ada Lark", "ada lark"),
        ("Zoë Łuk", "Zoe Luk"),
        ("Dima Finch", "Dima (Dmitry) Finch"),
        ("Dmitry (Dima) Finch", "Dmitry Finch"),
        ("Ada Lark", "Ada Lark 🚀📄"),
        ("Ada Lark", "🎉 Ada M. Lark"),
        ("Ada B. C. Lark", "Ada Lark"),
        ("A. Lark", "A Lark"),
        ("Ana-Maria O'Wren", "ANA-MARIA O'WREN"),
        ("Bo Finch, Jr.", "Bo Finch"),
        ("Ada Lark", "𝐀𝐝𝐚 𝐋𝐚𝐫𝐤"),
    ],
)
def test_a_writer_is_known_as_an_author(author: str, writer: str):
    paper = make_paper(authors=("Cy Wren", author))
    tweet = make_tweet(paper, author_name=writer)
    assert tweet.links.get().by_author


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("author", "writer"),
    [
        ("Ada Lark", "Bo Lark"),
        ("Ada Lark", "A. Lark"),
        ("Ada Lark", "Lark Ada"),
        ("Ada Lark", "Ada Lark-Finch"),
        ("Ada Lark", ""),
        ("Lark", "Lark"),
        ("PaperLab", "PaperLab"),
        ("山田太郎", "山田太郎"),
        ("Bo Finch, Jr.", "Bo Lark, Jr."),
        ("(Ada) Lark", "(Ada) Lark"),
    ],
)
def test_a_writer_who_could_be_another_is_no_author(author: str, writer: str):
    paper = make_paper(authors=("Cy Wren", author))
    tweet = make_tweet(paper, author_name=writer)
    assert not tweet.links.get().by_author


@pytest.mark.django_db
def test_a_tweet_may_be_by_the_author_of_one_of_its_papers():
    mine, other = make_paper(authors=("Ada Lark",)), make_paper(authors=("Bo Finch",))
    tweet = make_tweet(mine, other, author_name="Ada Lark")
    assert dict(tweet.links.values_list("paper", "by_author")) == {mine.pk: True, other.pk: False}


# Tweets ------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_reading_a_tweet_again_keeps_its_counts():
    paper = make_paper()
    make_tweet(paper, external_id="1", retweets=3, favorites=4)
    make_tweet(paper, external_id="1", text="Edited.", fetched_at=LATER)
    tweet = Tweet.objects.get()
    assert (tweet.text, tweet.score) == ("Edited.", 7)


@pytest.mark.django_db
def test_an_older_reading_of_a_tweet_is_ignored():
    paper = make_paper()
    make_tweet(paper, external_id="1", text="Edited.", fetched_at=LATER)
    make_tweet(paper, external_id="1", text="First.")
    assert Tweet.objects.get().text == "Edited."


@pytest.mark.django_db
def test_unknown_counts_are_not_zero():
    unknown, none = make_tweet(), make_tweet(retweets=0, favorites=0)
    assert (unknown.score, none.score) == (None, 0)
    assert make_tweet(favorites=5).score == 5


@pytest.mark.django_db
def test_a_sample_of_one_moment_is_one_row():
    make_paper(arxiv_id="2106.00001", score=5)
    make_paper(arxiv_id="2106.00001", score=6)
    assert Sample.objects.get().favorites == 6


@pytest.mark.django_db
def test_a_run_counts_its_own_network_alone():
    """The tweets of another one may be half stored by a run that is not through yet."""
    paper = make_paper()
    make_tweet(paper, retweets=1, favorites=2)
    make_tweet(paper, network="bluesky", retweets=10, favorites=20)
    make_tweet(paper, network="bluesky", retweets=3, favorites=4)
    counting.count([paper.pk], "bluesky", MORNING)
    sample = Sample.objects.get()
    assert (sample.network, sample.retweets, sample.favorites) == ("bluesky", 13, 24)


# Code --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("Code: https://github.com/lark/scale.", "https://github.com/lark/scale"),
        ("(https://github.com/lark/scale)", "https://github.com/lark/scale"),
        ("at \\url{https://gitlab.com/a-b/c.d_e}", "https://gitlab.com/a-b/c.d_e"),
        ("https://github.com/lark/scale.git now", "https://github.com/lark/scale"),
        ("http://www.github.com/lark/scale/tree/main", "http://www.github.com/lark/scale"),
        ("HTTPS://GitHub.com/Lark/Scale", "HTTPS://GitHub.com/Lark/Scale"),
        ("https://codeberg.org/a/b, https://bitbucket.org/c/d", "https://codeberg.org/a/b"),
        ("https://github.com/lark", ""),
        ("https://github.com/lark/", ""),
        ("https://github.company.example/lark/scale", ""),
        ("github.com/lark/scale", ""),
        ("https://evil.example/https:/github.com/a/b", ""),
        ("no code", ""),
    ],
)
def test_the_code_link_of_an_abstract(text: str, link: str):
    assert code_link(text) == link


@pytest.mark.django_db
def test_a_curators_code_link_stays():
    paper = make_paper(abstract="https://github.com/lark/scale")
    Paper.objects.update(code_url="https://lark.example/scale")
    store_papers([record(arxiv_id=paper.arxiv_id, abstract="https://github.com/lark/new")])
    assert Paper.objects.get().code_url == "https://lark.example/scale"
