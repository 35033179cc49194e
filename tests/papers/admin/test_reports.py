"""The queue of reports, and answering one."""

import pytest
from django.test import Client

from accounts.models import User
from papers.models import Act, Paper, Report, Tweet
from tests.accounts.conftest import words
from tests.factories import make_curator, make_paper, make_report, make_tweet

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator(client: Client) -> User:
    user = make_curator()
    client.force_login(user)
    return user


@pytest.fixture
def tweet(db: None) -> Tweet:
    return make_tweet(make_paper(), handle="spam", text="Buy paper!")


@pytest.fixture
def report(tweet: Tweet) -> Report:
    return make_report(Paper.objects.get(), tweet=tweet, words="The same <b>everywhere</b>.")


def test_it_works(client: Client, curator: User, report: Report) -> None:
    page = f"/admin/reports/{report.pk}/"
    assert page in client.get("/admin/").content.decode()
    shown = client.get(page)
    for text in ("Buy paper!", "@spam", "It is spam or abuse."):
        assert text in words(shown)
    assert "The same &lt;b&gt;everywhere&lt;/b&gt;." in shown.content.decode()
    answer = client.post(page, {"reason": "It is."}, follow=True)
    assert "Nothing waits." in words(answer)
    report.refresh_from_db()
    assert report.settled_at
    act = Act.objects.get()
    assert (act.kind, act.reason, act.by, act.paper) == ("settle", "It is.", curator, report.paper)
    assert f'<a href="/admin/undo/?id={act.pk}">Undo</a>' in answer.content.decode()


def test_it_leads_to_what_can_be_done_and_back(
    client: Client, curator: User, report: Report
) -> None:
    page = f"/admin/reports/{report.pk}/"
    shown = client.get(page).content.decode()
    hide = f"/admin/acts/hide-tweet/?id={report.tweet_id}&next={page.replace('/', '%2F')}"
    assert hide.replace("&", "&amp;") in shown
    assert "Block this account" in shown
    assert client.post(hide, {"reason": "Spam."})["Location"] == page
    again = client.get(page).content.decode()
    assert "Show this tweet again" in again
    assert "hide-tweet" not in again


def test_a_paper_that_is_reported_is_corrected_from_there(client: Client, curator: User) -> None:
    report = make_report(make_paper())
    shown = words(client.get(f"/admin/reports/{report.pk}/"))
    for name in ("Hide this paper", "Correct the categories of this paper"):
        assert name in shown


def test_the_way_back_leads_to_no_other_site(client: Client, curator: User, report: Report) -> None:
    hide = f"/admin/acts/hide-tweet/?id={report.tweet_id}&next=//elsewhere.example/"
    assert client.post(hide, {"reason": "Spam."})["Location"].startswith("/admin/papers/tweet/")


def test_who_reported_is_shown_to_nobody(client: Client, curator: User, report: Report) -> None:
    for path in (
        "/admin/",
        f"/admin/reports/{report.pk}/",
        "/admin/papers/report/",
        f"/admin/papers/report/{report.pk}/change/",
        f"/admin/papers/report/{report.pk}/history/",
    ):
        response = client.get(path)
        assert response.status_code == 200
        assert report.by.username not in response.content.decode(), path


def test_without_the_right_there_is_no_page(client: Client, report: Report) -> None:
    client.force_login(User.objects.create_user("staff", is_staff=True))
    page = f"/admin/reports/{report.pk}/"
    assert client.get(page).status_code == client.post(page, {"reason": "x"}).status_code == 403
    assert Report.objects.open().exists()


def test_a_look_settles_nothing(client: Client, curator: User, report: Report) -> None:
    client.get(f"/admin/reports/{report.pk}/?reason=It+is.")
    assert Report.objects.open().exists()


@pytest.mark.parametrize("reason", ["", " ", "x" * 501, "\x00"])
def test_a_reason_is_wanted(client: Client, curator: User, report: Report, reason: str) -> None:
    response = client.post(f"/admin/reports/{report.pk}/", {"reason": reason})
    assert response.status_code == 200
    assert "errornote" in response.content.decode()
    assert Report.objects.open().exists()


def test_what_another_answered_meanwhile_is_told(
    client: Client, curator: User, report: Report
) -> None:
    page = f"/admin/reports/{report.pk}/"
    client.post(page, {"reason": "It is."})
    assert "This was answered already." in words(client.post(page, {"reason": "It is."}))
    assert Act.objects.count() == 1


def test_what_waits_can_be_told_apart(client: Client, curator: User, report: Report) -> None:
    other = make_report(make_paper(), words="Another.")
    client.post(f"/admin/reports/{report.pk}/", {"reason": "It is."})
    waiting = client.get("/admin/papers/report/?state=open").content.decode()
    assert other.words in waiting
    assert "everywhere" not in waiting
    assert "everywhere" in client.get("/admin/papers/report/?state=settled").content.decode()
