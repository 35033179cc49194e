"""What a reader follows, hides, and is shown in the feed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Seen, Subscription
from accounts.reader import MOST_SEARCHES
from papers.models import Author, Neighbour, Paper, PaperAuthor
from tests.accounts.api.conftest import Program
from tests.factories import make_paper

pytestmark = pytest.mark.django_db


def test_it_works(ada: Program) -> None:
    followed = ada.do("POST", "subscriptions/", {"kind": "category", "target": "cs.lg"})
    assert (followed["target"], followed["name"]) == ("cs.LG", "cs.LG Machine Learning")
    assert followed["url"] == "http://127.0.0.1:8000/categories/cs.LG/"
    assert ada.do("POST", "subscriptions/", {"kind": "category", "target": "cs.LG"}) == followed
    assert ada.get("subscriptions/")["results"] == [followed]
    one = f"subscriptions/{followed['id']}/"
    assert ada.get(one) == followed
    ada.do("DELETE", one)
    assert ada.refused("DELETE", one) == (404, "You follow no such thing.")
    assert not Subscription.objects.exists()


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ({"kind": "category", "target": "cs.NONE"}, "target: arXiv has no category “cs.NONE”."),
        ({"kind": "author", "target": "nobody"}, "target: No paper here is by “nobody”."),
        ({"kind": "search", "target": "a"}, "target: "),
        ({"kind": "barn", "target": "x"}, "kind: "),
        ({"kind": "category"}, "target: This field is required."),
        ({"kind": "category", "target": "cs.LG", "user": 1}, "user: There is no such field."),
    ],
)
def test_what_cannot_be_followed_is_named(ada: Program, sent: object, why: str) -> None:
    status, told = ada.refused("POST", "subscriptions/", sent)
    assert status == 400
    assert told.startswith(why)


def test_there_is_an_end_to_what_is_followed(ada: Program) -> None:
    for number in range(MOST_SEARCHES):
        ada.do("POST", "subscriptions/", {"kind": "search", "target": f"barn {number}"})
    status, told = ada.refused("POST", "subscriptions/", {"kind": "search", "target": "one more"})
    assert (status, told) == (400, f"You follow {MOST_SEARCHES} searches already. Leave one first.")


def test_nobody_sees_or_ends_what_another_follows(ada: Program, eve: Program) -> None:
    one = ada.do("POST", "subscriptions/", {"kind": "search", "target": "hush now"})
    assert eve.get("subscriptions/")["results"] == []
    for key in (one["id"], 10**17):
        assert eve.refused("GET", f"subscriptions/{key}/")[0] == 404
        assert eve.refused("DELETE", f"subscriptions/{key}/")[0] == 404
    assert len(ada.get("subscriptions/")["results"]) == 1


def test_papers_are_hidden_and_shown_again(ada: Program, eve: Program) -> None:
    papers = [make_paper().arxiv_id for _ in range(3)]
    for arxiv_id in papers:
        ada.do("POST", "hidden/", {"paper": arxiv_id})
    found = ada.get("hidden/?size=2")
    assert [each["id"] for each in found["results"]] == papers[:0:-1]
    assert found["results"][0]["hidden_at"]
    rest = ada.get(found["next"].removeprefix("http://127.0.0.1:8000/api/v1/"))
    assert [each["id"] for each in rest["results"]] == papers[:1]
    assert eve.get("hidden/")["results"] == []
    assert eve.refused("DELETE", f"hidden/{papers[0]}/")[0] == 404
    ada.do("DELETE", f"hidden/{papers[0]}/")
    assert ada.refused("DELETE", f"hidden/{papers[0]}/")[0] == 404
    assert Seen.objects.filter(hidden_at=None).count() == 1
    assert ada.refused("POST", "hidden/", {"paper": "2106.00099"})[0] == 404
    assert ada.refused("GET", "hidden/?after=x")[0] == 400


def test_the_feed_says_why(ada: Program) -> None:
    barn, other = Author.objects.create(name="Zed Barn", slug="zed-barn"), make_paper()
    mine, new = make_paper(score=5), make_paper(score=50)
    PaperAuthor.objects.create(paper=new, author=barn, position=9)
    Neighbour.objects.create(paper=mine, other=new, similarity=0.5, listed_on=new.announced_on)
    ada.do("POST", "saved/", {"paper": mine.arxiv_id})
    ada.do("POST", "subscriptions/", {"kind": "author", "target": "zed-barn"})
    (found,) = ada.get("feed/")["results"]
    assert found["id"] == new.arxiv_id
    assert found["why"] == [
        {"kind": "author", "target": "zed-barn", "name": "Zed Barn"},
        {"kind": "close", "target": mine.arxiv_id, "name": "On the Weight of Paper"},
    ]
    assert (found["came_as"], found["state"], found["is_unread"]) == ("new", None, True)
    assert ada.get("feed/?fields=id,why")["results"] == [{"id": found["id"], "why": found["why"]}]
    ada.do("POST", "hidden/", {"paper": new.arxiv_id})
    assert ada.get("feed/")["results"] == []
    assert other.arxiv_id not in str(ada.get("feed/"))


def test_a_feed_is_asked_for_as_its_page(ada: Program) -> None:
    for score in range(5):
        make_paper(score=score)
    ada.do("POST", "subscriptions/", {"kind": "category", "target": "cs.LG"})
    page = ada.get("feed/?sort=new&window=month&size=3&fields=id")
    rest = ada.get(page["next"].removeprefix("http://127.0.0.1:8000/api/v1/"))
    seen = [each["id"] for each in page["results"] + rest["results"]]
    assert len(set(seen)) == 5
    for wrong in ("sort=x", "window=year", "kinds=x", "fair=2", "after=x", "barn=1"):
        assert ada.refused("GET", f"feed/?{wrong}")[0] == 400


def test_a_look_at_the_feed_is_no_visit(ada: Program) -> None:
    make_paper()
    ada.get("feed/")
    ada.user.refresh_from_db()
    assert ada.user.visit_at is None


def test_an_empty_site_has_an_empty_feed(ada: Program) -> None:
    assert not Paper.objects.exists()
    assert ada.get("feed/") == {"results": [], "next": None}


def test_a_feed_costs_the_same_whatever_its_length(ada: Program) -> None:
    ada.do("POST", "subscriptions/", {"kind": "category", "target": "cs.LG"})

    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            ada.get("feed/?size=100")
        return len(asked)

    make_paper()
    few = count()
    for _ in range(20):
        make_paper()
    assert count() == few <= 9
