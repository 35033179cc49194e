"""Posts may come in any order and in any company: the database ends up the same."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from papers.digest_markdown import DigestPost, decode, parse
from papers.models import Paper
from papers.posts import import_posts
from tests.factories import DAY, MORNING, contents, make_embed, make_entry, make_post

pytestmark = pytest.mark.django_db

FIRST = make_entry(title="As First Printed", abstract="Code: https://github.com/lark/scale")
AGAIN = make_entry(
    title="As Printed Again",
    author_line="Cy Wren",
    categories=("cs.CV",),
    abstract="No word of code.",
    retweets=90,
    observed_at=MORNING + timedelta(days=2),
)
TWO_DAYS = [make_post(FIRST), make_post(AGAIN, day=DAY + timedelta(2))]
EITHER_ORDER = pytest.mark.parametrize("order", [1, -1], ids=["as printed", "backwards"])


@contextmanager
def undone() -> Iterator[None]:
    """Let nothing written inside stay."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def contents_after(calls: Sequence[Sequence[DigestPost]]) -> dict[str, list[str]]:
    with undone():
        for posts in calls:
            import_posts(posts)
        return contents()


@EITHER_ORDER
def test_it_works(order: int):
    for post in TWO_DAYS[::order]:
        import_posts([post])
    paper = Paper.objects.get()
    assert (paper.title, paper.abstract) == ("As Printed Again", "No word of code.")
    assert (paper.author_names, paper.category_codes) == (["Cy Wren"], ["cs.CV"])
    assert (paper.score, paper.observed_at) == (160, AGAIN.observed_at)


@EITHER_ORDER
def test_the_listing_day_is_the_earliest_digests(order: int):
    for post in TWO_DAYS[::order]:
        import_posts([post])
    paper = Paper.objects.get()
    assert paper.announced_on == DAY
    assert set(paper.listings.values_list("announced_on", flat=True)) == {DAY}


@EITHER_ORDER
def test_each_entry_keeps_what_its_day_printed(order: int):
    for post in TWO_DAYS[::order]:
        import_posts([post])
    titles = Paper.objects.get().entries.order_by("digest__date").values_list("title", flat=True)
    assert list(titles) == ["As First Printed", "As Printed Again"]


@EITHER_ORDER
def test_the_code_link_is_that_of_the_newest_abstract(order: int):
    for post in TWO_DAYS[::order]:
        import_posts([post])
    assert Paper.objects.get().code_url == ""


@EITHER_ORDER
def test_a_known_version_never_goes_back(order: int):
    newer = make_post(make_entry(version=2, title="Version 2"), day=DAY + timedelta(1))
    later = MORNING + timedelta(days=3)
    older = make_post(make_entry(version=1, title="Version 1", observed_at=later))
    for post in [newer, older][::order]:
        import_posts([post])
    paper = Paper.objects.get()
    assert (paper.version, paper.title) == (2, "Version 2")


@EITHER_ORDER
def test_a_tweet_is_as_it_was_last_read(order: int):
    then = make_entry(tweets=(make_embed(author_name="Ada Lark", text="Then."),))
    now = make_entry(
        arxiv_id="2106.00002",
        observed_at=MORNING + timedelta(days=1),
        tweets=(make_embed(author_name="The Lark", text="Now."),),
    )
    for post in [make_post(then), make_post(now, day=DAY + timedelta(1))][::order]:
        import_posts([post])
    tweet = Paper.objects.get(arxiv_id="2106.00001").tweets.get()
    assert (tweet.author_name, tweet.text) == ("The Lark", "Now.")
    # Known under another name now, the writer is no author any more, on either paper.
    assert not tweet.links.filter(by_author=True).exists()


NAMES = ["Ada Lark", "Bo Finch", "Cy Wren", "Dee"]
IDS = ["2106.00001", "2106.00002", "hep-th/9901001"]


@st.composite
def worlds(draw: Any) -> list[DigestPost]:
    """Two to four days that share papers, tweets and names; no two entries of one moment."""
    moments = draw(st.permutations(range(12)))
    posts = []
    for number in range(draw(st.integers(2, 4))):
        ids = draw(st.lists(st.sampled_from(IDS), max_size=3, unique=True))
        entries = []
        for rank, arxiv_id in enumerate(ids, start=1):
            embeds = st.builds(
                make_embed,
                external_id=st.sampled_from(["1", "2"]),
                network=st.sampled_from(["x", "bluesky"]),
                author_name=st.sampled_from(NAMES),
                text=st.sampled_from(["Yes.", "No."]),
            )
            entry = make_entry(
                rank=rank,
                arxiv_id=arxiv_id,
                title=f"Title {draw(st.integers(1, 9))}",
                author_line=", ".join(draw(st.lists(st.sampled_from(NAMES), min_size=1))),
                abstract=draw(st.sampled_from(["", "We weigh.", "https://github.com/a/b"])),
                categories=draw(st.sampled_from([("cs.LG",), ("cs.CV", "cs.LG"), ("new.XX",)])),
                version=draw(st.sampled_from([None, 1, 2])),
                retweets=draw(st.integers(0, 99)),
                observed_at=MORNING + timedelta(hours=moments.pop()),
                tweets=tuple(draw(st.lists(embeds, max_size=2))),
            )
            entries.append(entry)
        posts.append(make_post(*entries, day=DAY + timedelta(number)))
    return posts


@given(worlds(), st.data())
@settings(deadline=None, max_examples=25)
def test_any_order_and_any_partition_end_in_the_same(world: list[DigestPost], data: Any):
    shuffled = data.draw(st.permutations(world))
    cut = data.draw(st.integers(0, len(shuffled)))
    calls = [shuffled[:cut], *([post] for post in shuffled[cut:])]
    assert contents_after(calls) == contents_after([world])


@pytest.mark.data
def test_the_blogs_posts_that_share_papers_may_come_in_either_order(posts_dir: Path):
    posts = sharing_a_paper(posts_dir)
    assert len(posts) == 8
    in_order = contents_after([[post] for post in posts])
    assert contents_after([[post] for post in reversed(posts)]) == in_order
    assert contents_after([posts]) == in_order


@pytest.mark.data
def test_a_paper_of_two_posts_is_as_the_later_one_printed_it(posts_dir: Path):
    posts = sharing_a_paper(posts_dir)
    import_posts(posts[::-1])
    printed: dict[str, dict[date, Any]] = {}
    for post in posts:
        for entry in post.entries:
            printed.setdefault(entry.arxiv_id, {})[post.date] = entry
    shared = {arxiv_id: days for arxiv_id, days in printed.items() if len(days) > 1}
    assert len(shared) == 4
    for paper in Paper.objects.filter(arxiv_id__in=shared):
        days = shared[paper.arxiv_id]
        newest = max(days.values(), key=lambda entry: entry.observed_at)
        assert (paper.retweets, paper.favorites) == (newest.retweets, newest.favorites)
        assert (paper.abstract, paper.observed_at) == (newest.abstract, newest.observed_at)
        assert paper.announced_on == min(days)


@cache
def sharing_a_paper(folder: Path) -> list[DigestPost]:
    posts = [parse(decode(path.read_bytes())) for path in sorted(folder.glob("*.md"))]
    count = Counter(entry.arxiv_id for post in posts for entry in post.entries)
    return [post for post in posts if any(count[e.arxiv_id] > 1 for e in post.entries)]
