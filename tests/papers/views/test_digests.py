"""The latest day, one day in two views, the archive."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from papers.models import Digest, DigestEntry, Tweet
from papers.posts import import_posts
from tests.papers.views.conftest import make_entry, make_post, make_tweet

ImportDay = Callable[..., None]


def text(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def test_it_works(client: Client, import_day: ImportDay) -> None:
    import_day(make_entry(1), make_entry(2))
    home = text(client, "/")
    assert 'Thursday <span class="date">10 June 2021</span>' in home
    assert "<b>2 hot papers</b>, in cs.LG; the top one drew 2,009 retweets and favorites." in home
    assert home.index("What paper 1 found") < home.index("What paper 2 found")


def test_one_paper_is_counted_in_the_singular(client: Client, import_day: ImportDay) -> None:
    import_day(make_entry(1))
    assert "<b>1 hot paper</b>, in cs.LG; it drew 2,009 retweets and favorites." in text(
        client, "/"
    )


def test_a_day_without_papers_says_so(client: Client, import_day: ImportDay) -> None:
    import_day()
    assert "No paper was hot on this day." in text(client, "/")
    assert client.get("/digests/2021-06-10/").status_code == 200


def test_an_empty_site_says_what_will_come(client: Client, db: None) -> None:
    for address in ("/", "/digests/"):
        assert "The first papers are on their way" in text(client, address)
    assert client.get("/hot/").status_code == 200


def test_drafts_are_not_shown(client: Client, import_day: ImportDay) -> None:
    import_day(make_entry(1))
    Digest.objects.update(state=Digest.State.DRAFT)
    assert client.get("/digests/2021-06-10/").status_code == 404
    assert "on their way" in text(client, "/")


def test_read_is_the_default_and_shows_everything(client: Client, import_day: ImportDay) -> None:
    import_day(make_entry(1), make_entry(2))
    page = text(client, "/digests/2021-06-10/")
    for words in ("What paper 2 found", "<math>", "Tweet number 5 says this.", "seen <time"):
        assert words in page
    assert 'href="/authors/ben-second/"' in page
    assert "<details" not in page


def test_the_view_chosen_last_is_kept(client: Client, import_day: ImportDay) -> None:
    import_day(make_entry(1))
    client.cookies["view"] = "list"
    assert "<details" in text(client, "/digests/2021-06-10/")
    assert "<details" not in text(client, "/digests/2021-06-10/?view=read")


def test_a_field_narrows_the_day_and_keeps_the_ranks(client: Client, import_day: ImportDay) -> None:
    import_day(make_entry(1, categories=("cs.CV",)), make_entry(2))
    page = text(client, "/digests/2021-06-10/?view=list&category=cs.LG")
    assert "Paper number 1" not in page
    assert '<span class="rank">2</span>' in page
    assert "1 of 2 in cs.LG." in page


def test_days_are_linked_to_their_neighbours(client: Client, import_day: ImportDay) -> None:
    for day in (8, 9, 10):
        import_day(make_entry(1), day=date(2021, 6, day))
    page = text(client, "/digests/2021-06-09/")
    assert 'href="/digests/2021-06-08/" rel="prev"' in page
    assert 'href="/digests/2021-06-10/" rel="next"' in page


def test_a_post_by_an_author_says_so(client: Client, import_day: ImportDay) -> None:
    import_day(make_entry(1, tweets=(make_tweet(1, author_name="Ada First 🚀"), make_tweet(2))))
    for view in ("list", "read"):
        page = text(client, f"/digests/2021-06-10/?view={view}")
        assert page.count('class="mark-au"') == 1


def test_posts_of_one_feed_account_fold(client: Client, import_day: ImportDay) -> None:
    feed = [make_tweet(number, handle="feed") for number in (1, 2, 3)]
    import_day(make_entry(1, tweets=(*feed, make_tweet(9))))
    page = text(client, "/digests/2021-06-10/")
    assert "2 more by @feed" in page
    assert "Tweet number 3 says this." in page


def test_the_posts_of_an_author_do_not_fold(client: Client, import_day: ImportDay) -> None:
    thread = [make_tweet(number, handle="ada", author_name="Ada First") for number in (1, 2)]
    import_day(make_entry(1, tweets=tuple(thread)))
    assert "more by @ada" not in text(client, "/digests/2021-06-10/")


def test_a_deleted_tweet_keeps_its_place_and_loses_its_text(
    client: Client, import_day: ImportDay
) -> None:
    import_day(make_entry(1, tweets=(make_tweet(1),)))
    Tweet.objects.update(deleted_at="2021-07-01T00:00Z")
    page = text(client, "/digests/2021-06-10/")
    assert "Deleted at its source" in page
    assert "Tweet number 1" not in page


def test_embeds_are_never_rendered(client: Client, import_day: ImportDay) -> None:
    import_day(make_entry(1))
    assert '<blockquote class="twitter-tweet"' not in text(client, "/digests/2021-06-10/")


@pytest.mark.parametrize("direction", ["rtl", "ltr"])
def test_text_runs_in_its_own_direction(
    client: Client, import_day: ImportDay, direction: str
) -> None:
    tweet = make_tweet(1, text="ورقة جيدة", language="ar", direction=direction)
    import_day(make_entry(1, tweets=(tweet,)))
    page = text(client, "/digests/2021-06-10/")
    assert 'lang="ar"' in page
    assert ('dir="rtl"' in page) == (direction == "rtl")


def test_words_of_ours_are_marked(client: Client, db: None) -> None:
    import_posts([make_post(make_entry(1), make_entry(2, abstract=""))], sample=True)
    page = text(client, "/digests/2021-06-10/")
    assert "our summary, tweets in our words" in page
    assert "Abstract on arXiv" in page
    assert "Sample: real days of 2020 and 2021" in page


def test_marks_of_our_own_days(client: Client, import_day: ImportDay) -> None:
    import_day(make_entry(1), make_entry(2))
    DigestEntry.objects.filter(rank=1).update(listed_on=date(2021, 6, 8))
    DigestEntry.objects.filter(rank=2).update(below_threshold=True)
    for view in ("list", "read"):
        page = text(client, f"/digests/2021-06-10/?view={view}")
        assert "8 June" in page
        assert "below the line, on a quiet day" in page


def test_the_archive_shows_each_year(client: Client, import_day: ImportDay) -> None:
    import_day(make_entry(1))
    import_day(make_entry(1), make_entry(2), day=date(2020, 9, 17))
    newest = text(client, "/digests/")
    assert "<h1>2021</h1>" in newest
    assert '<a class="day k8" href="/digests/2021-06-10/"' in newest
    other = text(client, "/digests/?year=2020")
    assert '<a class="day k10" href="/digests/2020-09-17/"' in other
    assert "4,017 in 1 day" in other


def test_the_strip_ends_with_the_day(client: Client, import_day: ImportDay) -> None:
    import_day(make_entry(1))
    import_day(make_entry(1), day=date(2021, 5, 3))
    home = text(client, "/")
    assert "July 2020 to June 2021" in home
    assert 'class="now" d="M15 40v-36"' in home  # the eighth weekday of June, the hottest
