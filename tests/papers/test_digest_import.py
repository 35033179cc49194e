"""Importing posts: what they leave in the database, what a correction changes, what stays."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from papers import digest_markdown
from papers.digest_markdown import DigestPost, parse, render
from papers.models import Digest, DigestEntry, DigestRevision, Paper, Tweet
from papers.posts import Outcome, author_names, export, import_posts
from tests.factories import DAY, MORNING, contents, make_embed, make_entry, make_post, raw_tables

pytestmark = pytest.mark.django_db

TWO = (
    make_entry(tweets=(make_embed(),)),
    make_entry(rank=2, arxiv_id="2106.00002", title="Folding Twice", retweets=1, favorites=2),
)


def revisions() -> list[str]:
    rows = DigestRevision.objects.filter(digest__date=DAY).order_by("number")
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    return [row.markdown for row in rows]


def test_it_works():
    post = make_post(*TWO)
    assert import_posts([post]) == [Outcome.ADDED]
    assert export(DAY) == render(post)
    assert revisions() == [render(post)]


def test_a_digest_repeats_the_totals_of_its_entries():
    import_posts([make_post(*TWO)])
    digest = Digest.objects.get()
    assert digest.state == Digest.State.PUBLISHED
    assert (digest.entry_count, digest.retweets, digest.favorites) == (2, 41, 72)
    assert digest.score == 113


def test_the_same_bytes_again_change_nothing():
    post = make_post(*TWO)
    import_posts([post])
    before = raw_tables()
    assert import_posts([post]) == [Outcome.UNCHANGED]
    assert raw_tables() == before


def test_outcomes_are_those_of_the_posts_in_their_order():
    old, other = make_post(*TWO), make_post(TWO[0], day=DAY + timedelta(1))
    import_posts([old, other])
    changed, new = make_post(TWO[0]), make_post(TWO[1], day=DAY + timedelta(4))
    assert import_posts([new, other, changed]) == [
        Outcome.ADDED,
        Outcome.UNCHANGED,
        Outcome.REVISED,
    ]


def test_a_day_without_papers_is_a_digest_too():
    post = make_post()
    import_posts([post])
    assert export(DAY) == render(post)
    assert not Digest.objects.get().entries.exists()


# Corrections -------------------------------------------------------------------------------------


def corrected() -> DigestPost:
    return make_post(replace(TWO[0], title="On the Heft of Paper", favorites=80), TWO[1])


def test_changed_bytes_are_revision_2_and_revision_1_stays():
    old, new = make_post(*TWO), corrected()
    import_posts([old])
    assert import_posts([new]) == [Outcome.REVISED]
    assert revisions() == [render(old), render(new)]


def test_an_entry_shows_what_was_corrected():
    import_posts([make_post(*TWO)])
    import_posts([corrected()])
    entry = DigestEntry.objects.get(rank=1)
    assert (entry.title, entry.title_html) == ("On the Heft of Paper", "On the Heft of Paper")
    assert entry.score == 120
    assert entry.digest.score == 123


def test_a_paper_takes_a_correction_of_the_same_moment():
    import_posts([make_post(*TWO)])
    import_posts([corrected()])
    paper = Paper.objects.get(arxiv_id="2106.00001")
    assert (paper.title, paper.score) == ("On the Heft of Paper", 120)


def test_the_old_bytes_again_are_revision_3():
    old = make_post(*TWO)
    for post in (old, corrected(), old):
        import_posts([post])
    assert revisions() == [render(old), render(corrected()), render(old)]
    assert export(DAY) == render(old)
    assert DigestEntry.objects.get(rank=1).title == TWO[0].title


def test_an_entry_that_a_correction_removed_disappears():
    import_posts([make_post(*TWO)])
    import_posts([make_post(replace(TWO[1], rank=1))])
    entry = DigestEntry.objects.get()
    assert (entry.rank, entry.paper.arxiv_id) == (1, "2106.00002")
    assert Digest.objects.get().entry_count == 1


def test_entries_may_change_places():
    import_posts([make_post(*TWO)])
    import_posts([make_post(replace(TWO[1], rank=1), replace(TWO[0], rank=2))])
    ids = DigestEntry.objects.values_list("paper__arxiv_id", flat=True)
    assert list(ids) == ["2106.00002", "2106.00001"]


def test_a_corrected_author_line_replaces_the_authors():
    import_posts([make_post(*TWO)])
    import_posts([make_post(replace(TWO[0], author_line="Cy Wren, Ada Lark"), TWO[1])])
    paper = Paper.objects.get(arxiv_id="2106.00001")
    in_order = paper.authorships.values_list("author__name", flat=True)
    assert list(in_order) == paper.author_names == ["Cy Wren", "Ada Lark"]


def test_a_blank_line_more_is_a_revision():
    usual = make_post(*TWO)
    roomy = parse(render(usual).replace("We weigh paper.\n", "We weigh paper.\n\n"))
    import_posts([usual])
    assert import_posts([roomy]) == [Outcome.REVISED]
    assert export(DAY) == render(roomy)


def test_a_correction_does_not_bring_back_what_a_curator_hid():
    import_posts([make_post(*TWO)])
    Paper.objects.update(hidden=True)
    Tweet.objects.update(hidden=True)
    import_posts([corrected()])
    assert not Paper.objects.visible().exists()
    assert not Tweet.objects.visible().exists()


# The sample --------------------------------------------------------------------------------------


def test_the_real_post_of_a_sample_day_is_revision_1():
    post = make_post(*TWO)
    import_posts([replace(post, head="")], sample=True)
    assert not DigestRevision.objects.exists()
    assert import_posts([post]) == [Outcome.ADDED]
    assert revisions() == [render(post)]


def test_nothing_of_the_sample_is_left_where_the_real_post_came():
    post = make_post(*TWO)
    import_posts([post])
    expected = contents()
    Digest.objects.all().delete()
    Paper.objects.all().delete()
    Tweet.objects.all().delete()
    ours = replace(TWO[0], abstract="In our words.", tweets=(make_embed(text="In our words."),))
    import_posts([make_post(ours, TWO[1], head="")], sample=True)
    import_posts([post])
    assert contents() == expected


def test_our_words_do_not_pass_for_other_peoples_in_an_export():
    ours = replace(TWO[0], abstract="Summary of ours.", tweets=(make_embed(text="Line of ours."),))
    import_posts([make_post(ours)], sample=True)
    exported = export(DAY)
    assert "of ours" not in exported
    assert parse(exported).entries[0].tweets[0].text == ""


def test_the_sample_never_replaces_a_real_post():
    import_posts([make_post(*TWO)])
    before = raw_tables()
    assert import_posts([corrected()], sample=True) == [Outcome.UNCHANGED]
    assert raw_tables() == before


def test_a_sample_day_leaves_a_real_paper_its_words():
    import_posts([make_post(TWO[0])])
    later = replace(TWO[0], title="Another Title", observed_at=MORNING + timedelta(1))
    import_posts([make_post(later, day=DAY + timedelta(1))], sample=True)
    paper = Paper.objects.get()
    assert (paper.title, paper.from_sample) == (TWO[0].title, False)


# Posts of our own --------------------------------------------------------------------------------

MANY_NETWORKS = tuple(
    make_embed(network=network, external_id=f"{network}/1", url=f"https://{network}.example/1")
    for network in ("x", "bluesky", "mastodon", "hackernews", "huggingface")
)


def test_a_digest_of_every_network_exports_and_imports_back():
    import_posts([make_post(make_entry(tweets=MANY_NETWORKS))])
    exported, before = export(DAY), contents()
    Digest.objects.all().delete()
    Paper.objects.all().delete()
    Tweet.objects.all().delete()
    import_posts([parse(exported)])
    assert export(DAY) == exported
    assert contents() == before


def test_a_tweet_may_be_printed_twice_under_an_entry():
    twice = make_post(make_entry(tweets=(make_embed(), make_embed())))
    import_posts([twice])
    assert Tweet.objects.count() == 1
    assert export(DAY) == render(twice)


def test_a_tweet_of_the_same_id_on_another_network_is_another():
    import_posts([make_post(make_entry(tweets=(make_embed(), make_embed(network="bluesky"))))])
    assert Tweet.objects.count() == 2


def test_a_tweet_deleted_at_its_source_stays_deleted():
    import_posts([make_post(*TWO)])
    Tweet.objects.update(text="", deleted_at=MORNING)
    import_posts([corrected()])
    tweet = Tweet.objects.get()
    assert (tweet.text, tweet.deleted_at) == ("", MORNING)
    assert parse(export(DAY)).entries[0].tweets[0].text == ""


def test_a_deleted_tweet_of_the_sample_stays_deleted_too():
    import_posts([make_post(*TWO)], sample=True)
    Tweet.objects.update(text="", deleted_at=MORNING)
    import_posts([make_post(*TWO)])
    assert Tweet.objects.get().text == ""


def test_a_hidden_tweet_stays_where_it_was_printed(client: Client):
    import_posts([make_post(*TWO)])
    Tweet.objects.update(hidden=True)
    page = Digest.objects.get().get_absolute_url()
    assert "We weighed the paper." in client.get(page).content.decode()
    page = Paper.objects.get(tweets__isnull=False).get_absolute_url()
    assert "We weighed the paper." not in client.get(page).content.decode()


def test_counts_of_nine_digits_are_kept():
    post = make_post(make_entry(retweets=999_999_999, favorites=999_999_999))
    import_posts([post])
    assert export(DAY) == render(post)
    assert Paper.objects.get().score == 1_999_999_998


# Author lines ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Ada Lark", ("Ada Lark",)),
        ("Ada  Lark ,Bo Finch,, Cy Wren,", ("Ada Lark", "Bo Finch", "Cy Wren")),
        ("Bo Finch, Jr., Ada Lark", ("Bo Finch, Jr.", "Ada Lark")),
        ("Ada Lark, Bo Finch, III", ("Ada Lark", "Bo Finch, III")),
        ("Jr., Ada Lark", ("Jr.", "Ada Lark")),
        ("Zoe\u0308 Lark", ("Zo\u00eb Lark",)),
        (" , ", ()),
        ("A" * 300, ("A" * 255,)),
    ],
)
def test_an_author_line_is_read_into_names(line: str, names: tuple[str, ...]):
    assert author_names(line) == names


def test_an_exported_head_is_the_one_that_came():
    head = digest_markdown.default_head(DAY, MORNING).replace("Hot Papers", "Hot Sheets")
    import_posts([make_post(*TWO, stamp=MORNING, head=head)])
    assert export(DAY).startswith(head)
