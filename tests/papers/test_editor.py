"""The editor's page: what it shows, what its buttons do, and what nobody loses."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from papers import posts
from papers.curation import editing, log
from papers.models import Act, Digest, DigestEdit, DigestRevision, Paper, Tweet
from tests.factories import (
    DAY,
    MORNING,
    make_curator,
    make_digest,
    make_entry,
    make_paper,
    make_tweet,
)
from tests.factories import make_post as post_of

pytestmark = pytest.mark.django_db
PAGE = f"/admin/digests/{DAY}/edit/"
PUBLIC = f"/digests/{DAY}/"


@pytest.fixture(autouse=True)
def morning() -> Any:
    cache.clear()  # of who else was at it
    with time_machine.travel(MORNING + timedelta(minutes=1), tick=False):
        yield


@pytest.fixture
def papers(db: None) -> list[Paper]:
    titles = ("Barns", "Crops", "Ducks", "Eggs")
    return [make_paper(score=90 - i, title=f"On {t}") for i, t in enumerate(titles)]


@pytest.fixture
def digest(papers: list[Paper]) -> Digest:
    return make_digest(*papers, publish_at=None)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def curator(db: None) -> Client:
    return signed_in(make_curator())


def form_of(page: Any) -> dict[str, Any]:
    """What a browser would send of the page's form, but for the button."""
    work, lines = page.context["work"], page.context["lines"]
    return {
        "edition": str(page.context["form"]["edition"].value()),
        "introduction": work.wanted.introduction,
        "reason": page.context["form"]["reason"].value() or "",
        "order": [str(line.entry.paper_id) for line in lines],
        "pinned": [str(line.entry.paper_id) for line in lines if line.place.is_pinned],
        "left_out": [str(line.entry.paper_id) for line in lines if line.place.is_left_out],
        **{f"note-{line.entry.paper_id}": line.place.note for line in lines},
    }


def press(client: Client, page: Any, act: str, **typed: str) -> Any:
    names = {name.replace("note_", "note-"): value for name, value in typed.items()}
    return client.post(PAGE, form_of(page) | {"act": act} | names)


def shown(page: Any) -> list[tuple[int | None, str]]:
    return [(line.place.rank, line.entry.title) for line in page.context["lines"]]


def test_it_works(curator: Client, digest: Digest, papers: list[Paper]) -> None:
    a, b, c, d = (paper.pk for paper in papers)
    page = curator.get(PAGE)
    assert shown(page) == [(1, "On Barns"), (2, "On Crops"), (3, "On Ducks"), (4, "On Eggs")]
    page = press(curator, page, f"up:{c}", introduction="Ducks **lead**.")
    page = press(curator, page, f"up:{c}", **{f"note_{c}": "They *quack*."})
    page = press(curator, page, f"pin:{c}")
    page = press(curator, page, f"out:{b}")
    assert shown(page) == [(1, "On Ducks"), (None, "On Crops"), (2, "On Barns"), (3, "On Eggs")]
    assert page.context["work"].changes == 5
    assert not DigestEdit.objects.exists()  # nothing is kept before it is saved
    saved = press(curator, page, "save")
    assert (saved.status_code, saved["Location"]) == (303, PAGE)
    page = curator.get(PAGE)
    assert (shown(page)[0], page.context["work"].changes) == ((1, "On Ducks"), 5)
    done = press(curator, page, "publish", reason="Ducks matter.")
    assert (done.status_code, done["Location"]) == (303, PUBLIC)
    text = Client().get(PUBLIC).content.decode()
    assert "<p>Ducks <strong>lead</strong>.</p>" in text
    assert "<p>They <em>quack</em>.</p>" in text
    assert "pinned by the editors" in text
    assert "On Crops" not in text
    assert text.index("On Ducks") < text.index("On Barns") < text.index("On Eggs")
    assert "Corrected on" not in text
    assert (Act.objects.get().reason, DigestRevision.objects.get().reason) == ("Ducks matter.",) * 2


def test_a_correction_is_told_and_the_old_one_can_be_read(
    curator: Client, digest: Digest, papers: list[Paper]
) -> None:
    press(curator, curator.get(PAGE), "publish", reason="In time.")
    page = press(curator, curator.get(PAGE), f"out:{papers[0].pk}")
    press(curator, page, "publish", reason="Barns was <withdrawn>.")
    text = Client().get(PUBLIC).content.decode()
    assert "Corrected on 11 June 2021, 09:31 UTC: Barns was &lt;withdrawn&gt;." in text
    assert f'<a href="{PUBLIC}?revision=1">revision 1</a>' in text
    assert "On Barns" not in text
    old = Client().get(f"{PUBLIC}?revision=1").content.decode()
    assert "On Barns" in old
    assert "This is revision 1" in old
    assert Client().get(f"{PUBLIC}?revision=2")["Location"] == PUBLIC
    log.undo(Act.objects.get(kind=Act.Kind.REVISE), User.objects.get(), "It was not.")
    assert "On Barns" in Client().get(PUBLIC).content.decode()


@pytest.mark.parametrize("number", ["0", "2", "-1", "x", "", "９", "1" * 40, "1%00"])
def test_an_unknown_revision_is_not_there(client: Client, number: str) -> None:
    posts.import_posts([post_of(make_entry())])
    assert client.get(f"{PUBLIC}?revision={number}").status_code == 404


def test_an_old_revision_shows_no_word_that_went_since(client: Client) -> None:
    paper = make_paper(score=90)
    for number, handle in enumerate(("gone", "spam", "kept")):
        make_tweet(paper, handle=handle, text=f"Said by {handle}.", retweets=50 + number)
    editing.digests.build(DAY)
    digest = Digest.objects.get()
    curator = make_curator()
    editing.publish(digest, editing.Arrangement(), 0, curator, "In time.")
    editing.publish(digest, editing.Arrangement("Words."), 1, curator, "Later.")
    Tweet.objects.filter(handle="gone").update(deleted_at=MORNING, text="")
    Tweet.objects.filter(handle="spam").update(hidden=True)
    text = client.get(f"{PUBLIC}?revision=1").content.decode()
    assert "Said by kept." in text
    assert "Said by gone." not in text
    assert "Deleted at its source" in text
    assert "spam" not in text


# What nobody loses -------------------------------------------------------------------------------


def test_of_two_editors_the_second_sees_both(
    curator: Client, digest: Digest, papers: list[Paper]
) -> None:
    bo = signed_in(make_curator("bo"))
    mine, theirs = curator.get(PAGE), bo.get(PAGE)
    page = press(bo, theirs, f"out:{papers[1].pk}")
    press(bo, page, "save", introduction="What Bo wrote.")
    told = press(curator, mine, "save", introduction="What I wrote.")
    text = told.content.decode()
    assert told.status_code == 409
    assert "bo was quicker" in text
    assert "What Bo wrote." in text
    assert "On Crops is left out" in text
    assert told.context["work"].wanted.introduction == "What I wrote."
    assert DigestEdit.objects.get().introduction == "What Bo wrote."
    press(curator, told, "save")  # told, they may
    assert DigestEdit.objects.get().introduction == "What I wrote."


def test_who_else_has_the_day_open_is_told(curator: Client, digest: Digest) -> None:
    bo = signed_in(make_curator("bo"))
    assert "opened this day" not in bo.get(PAGE).content.decode()
    text = curator.get(PAGE).content.decode()
    assert "bo opened this day at 09:31 and has saved nothing since" in " ".join(text.split())
    with time_machine.travel(MORNING + timedelta(minutes=20), tick=False):
        assert "opened this day" not in curator.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"introduction": "a\0b"}, "There is a NUL character in it."),
        ({"introduction": "x" * 10_001}, "At most 10,000 characters fit; it has 10001."),
        ({"reason": ""}, "Say why in a line; readers see it."),
        ({"reason": "x" * 501}, "at most 500 characters"),
    ],
)
def test_what_cannot_be_kept_stays_in_the_form(
    curator: Client, digest: Digest, typed: dict[str, str], message: str
) -> None:
    typed = {"introduction": "Kept.", "reason": "Why."} | typed
    page = press(curator, curator.get(PAGE), "publish", **typed)
    assert page.status_code == 400
    assert message in page.content.decode()
    assert page.context["work"].wanted.introduction == typed["introduction"]
    assert page.context["form"]["reason"].value() == typed["reason"]
    assert Digest.objects.get().state == Digest.State.DRAFT


@pytest.mark.parametrize(
    "words", ["# 1. On Barns", "---\ntitle: x\n---", "> so", "<blockquote>\n<script>", "- links: x"]
)
def test_hostile_words_are_words(
    curator: Client, digest: Digest, papers: list[Paper], words: str
) -> None:
    note = f"note_{papers[0].pk}"
    page = curator.get(PAGE)
    press(curator, page, "publish", introduction=words, reason="Why.", **{note: words})
    post = posts.digest_markdown.parse(DigestRevision.objects.get().markdown)
    assert (post.introduction, post.entries[0].note, len(post.entries)) == (words, words, 4)
    text = Client().get(PUBLIC).content.decode()
    assert "<script>" not in text.partition("<main")[2]


def test_a_reason_typed_before_saving_is_still_there(curator: Client, digest: Digest) -> None:
    done = press(curator, curator.get(PAGE), "save", reason="Because & why.", introduction="Words.")
    page = curator.get(done["Location"])
    assert page.context["form"]["reason"].value() == "Because & why."


def test_undo_all_forgets(curator: Client, digest: Digest) -> None:
    press(curator, curator.get(PAGE), "save", introduction="Words.")
    page = curator.get(PAGE)
    assert press(curator, page, "discard").status_code == 303
    assert not DigestEdit.objects.exists()
    assert press(curator, page, "discard").status_code == 409  # that was another edition
    assert press(curator, page, "discard", edition="9" * 5000).status_code == 409


def test_publishing_what_is_published_says_so(curator: Client) -> None:
    make_paper(score=90)
    editing.digests.build(DAY)
    editing.digests.publish(Digest.objects.get())
    page = press(curator, curator.get(PAGE), "publish", reason="Why.")
    assert (page.status_code, page.context["work"].refusal) == (400, "Nothing would change.")


def test_keys_of_other_papers_do_nothing(curator: Client, digest: Digest) -> None:
    other = make_paper(title="On Foxes", announced_on=DAY - timedelta(days=1))
    page = curator.get(PAGE)
    more = {"order": [str(other.pk), "x", "²", *form_of(page)["order"]], "pinned": [str(other.pk)]}
    more["order"].append("9" * 5000)
    for act in (f"up:{other.pk}", "up:", "up:x", "up:" + "9" * 5000, "nonsense", ""):
        again = curator.post(PAGE, form_of(page) | more | {"act": act})
        assert shown(again) == shown(page)
        assert again.context["work"].changes == 0
    curator.post(PAGE, form_of(page) | more | {"act": "save", "left_out": [str(other.pk)]})
    assert not DigestEdit.objects.exists()


# What readers and others see ---------------------------------------------------------------------


def test_a_preview_is_the_page_of_the_day(
    curator: Client, digest: Digest, papers: list[Paper]
) -> None:
    spam = make_tweet(papers[1], text="Buy barns.", hidden=True)
    digest.entries.get(paper=papers[1]).tweets.create(tweet=spam, position=0)
    page = press(curator, curator.get(PAGE), f"up:{papers[1].pk}", introduction="Words.")
    page = press(curator, page, f"out:{papers[3].pk}")
    text = press(curator, page, "preview").content.decode()
    assert text.index("On Crops") < text.index("On Barns")
    assert "On Eggs" not in text
    assert "A preview: nothing of it is saved" in text
    assert "Buy barns." not in text
    assert not DigestEdit.objects.exists()
    assert [entry.rank for entry in digest.entries.all()] == [1, 2, 3, 4]


def test_what_was_hidden_since_is_marked(
    curator: Client, digest: Digest, papers: list[Paper]
) -> None:
    spam = make_tweet(papers[1], hidden=True)
    digest.entries.get(paper=papers[1]).tweets.create(tweet=spam, position=0)
    Paper.objects.filter(pk=papers[0].pk).update(hidden=True)
    text = " ".join(curator.get(PAGE).content.decode().split())
    assert text.count("This paper was hidden since.") == 1
    assert "1 tweet of it hidden since; what is published next leaves it out." in text


def test_the_way_to_the_editor_is_shown_to_whom_it_may_concern(
    curator: Client, digest: Digest
) -> None:
    Digest.objects.update(state="published")
    staff = User.objects.create_user("staff", is_staff=True)
    for path in ("/", PUBLIC, f"{PUBLIC}?view=list"):
        assert PAGE in curator.get(path).content.decode()
        for client in (Client(), signed_in(staff)):
            assert PAGE not in client.get(path).content.decode()
    reader = User.objects.create_user("reader")
    reader.user_permissions.set(Permission.objects.filter(codename="curate"))
    assert PAGE not in signed_in(reader).get("/").content.decode()


@pytest.mark.parametrize("path", [PAGE, "/", PUBLIC, f"{PUBLIC}?view=list", f"{PUBLIC}?revision=1"])
def test_pages_cost_the_same_however_much_was_edited(path: str) -> None:
    papers = [make_paper(score=90) for _ in range(12)]
    digest = make_digest(*papers, publish_at=None)
    by = make_curator()
    for number in range(4):
        notes = {paper.pk: f"Note {number}" for paper in papers}
        wanted = editing.Arrangement(f"Words {number}.", notes=notes)
        digest.refresh_from_db()
        editing.publish(digest, wanted, digest.edition, by, "Why.")
    reader = User.objects.create_user("reader")
    # A curator's rights are two queries more.
    most = {Client(): 8, signed_in(reader): 9, signed_in(by): 12 if path == PAGE else 11}
    for client, ceiling in most.items():
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        assert len(queries) <= ceiling, [query["sql"][:90] for query in queries]
