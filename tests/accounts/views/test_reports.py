"""Reporting a paper or a tweet: who may, about what, how often, and what of it is kept."""

from typing import Any

import pytest
from django.test import Client

from accounts import reports
from accounts.models import User
from papers import clock
from papers.models import Paper, Report
from tests.accounts.conftest import MakeReader, words
from tests.factories import make_paper, make_tweet

pytestmark = pytest.mark.django_db
SPAM = {"kind": "spam", "words": "The same under every paper."}


@pytest.fixture
def paper(db: None) -> Paper:
    return make_paper(score=60)


@pytest.fixture
def signed_in(client: Client, reader: User) -> Client:
    client.force_login(reader)
    return client


def test_it_works(signed_in: Client, reader: User, paper: Paper) -> None:
    tweet = make_tweet(paper, text="Buy paper!")
    page = signed_in.get(paper.get_absolute_url()).content.decode()
    path = f"/report/?paper={paper.arxiv_id}&tweet={tweet.pk}"
    assert path.replace("&", "&amp;") in page
    assert "Buy paper!" in words(signed_in.get(path))
    response = signed_in.post(path, SPAM, follow=True)
    assert response.redirect_chain == [(paper.get_absolute_url(), 303)]
    assert "Thank you. A curator will look at it." in words(response)
    report = Report.objects.get()
    assert (report.by, report.paper, report.tweet) == (reader, paper, tweet)
    assert (report.kind, report.words, report.settled_at) == (*SPAM.values(), None)


def test_a_paper_is_reported_without_a_tweet(signed_in: Client, paper: Paper) -> None:
    path = f"/report/?paper={paper.arxiv_id}"
    assert f'href="{path}"' in signed_in.get(paper.get_absolute_url()).content.decode()
    signed_in.post(path, {"kind": "other", "words": ""})
    assert Report.objects.get().tweet is None


def test_a_visitor_is_led_to_sign_in_and_back(client: Client, paper: Paper) -> None:
    path = f"/report/?paper={paper.arxiv_id}"
    assert client.get(path)["Location"].endswith("%3Fpaper%3D2106.00001")
    assert client.post(path, SPAM).status_code == 302
    assert not Report.objects.exists()


def test_a_report_that_waits_is_changed_and_not_doubled(signed_in: Client, paper: Paper) -> None:
    path = f"/report/?paper={paper.arxiv_id}"
    signed_in.post(path, SPAM)
    assert "nobody has answered yet" in words(signed_in.get(path))
    assert SPAM["words"] in words(signed_in.get(path))
    signed_in.post(path, {"kind": "other", "words": "It is a barn."})
    assert Report.objects.get().words == "It is a barn."
    Report.objects.update(settled_at=clock.now())
    signed_in.post(path, SPAM)
    assert Report.objects.count() == 2


def test_of_one_form_sent_twice_at_once_one_is_kept(reader: User, paper: Paper) -> None:
    first, second = reports.about(reader, paper, None), reports.about(reader, paper, None)
    reports.hand_in(first)
    reports.hand_in(second)
    assert Report.objects.get() == first


@pytest.mark.parametrize(
    "named",
    [
        "",
        "?paper=2106.09999",
        "?paper=%00",
        "?paper=2106.00001&tweet=0",
        "?paper=2106.00001&tweet=x",
        "?paper=2106.00001&tweet=%C2%B2",
        "?paper=2106.00001&tweet=" + "9" * 40,
    ],
)
def test_what_is_not_there_is_not_reported(signed_in: Client, paper: Paper, named: str) -> None:
    assert signed_in.get(f"/report/{named}").status_code == 404
    assert signed_in.post(f"/report/{named}", SPAM).status_code == 404


@pytest.mark.parametrize("fields", [{"hidden": True}, {"by_blocked": True}])
def test_what_is_hidden_is_not_reported(
    signed_in: Client, paper: Paper, fields: dict[str, Any]
) -> None:
    tweet = make_tweet(paper, **fields)
    path = f"/report/?paper={paper.arxiv_id}&tweet={tweet.pk}"
    assert signed_in.get(path).status_code == 404
    Paper.objects.update(hidden=True)
    assert signed_in.get(f"/report/?paper={paper.arxiv_id}").status_code == 404


def test_a_tweet_of_another_paper_is_not_under_this_one(signed_in: Client, paper: Paper) -> None:
    tweet = make_tweet(make_paper())
    assert signed_in.get(f"/report/?paper={paper.arxiv_id}&tweet={tweet.pk}").status_code == 404


@pytest.mark.parametrize(
    "wrong", [{"kind": "nonsense"}, {"words": "x" * 1001}, {"words": "\x00"}, {"kind": ""}]
)
def test_a_form_that_is_wrong_loses_nothing(
    signed_in: Client, paper: Paper, wrong: dict[str, str]
) -> None:
    response = signed_in.post(f"/report/?paper={paper.arxiv_id}", SPAM | wrong)
    assert response.status_code == 200
    assert 'class="err"' in response.content.decode()
    assert ("words" in wrong) or SPAM["words"] in words(response)
    assert not Report.objects.exists()


def test_what_a_report_says_is_text(signed_in: Client, paper: Paper) -> None:
    path = f"/report/?paper={paper.arxiv_id}"
    signed_in.post(path, {"kind": "other", "words": "<script>alert(1)</script>"})
    assert "<script>alert" not in signed_in.get(path).content.decode()


def test_twenty_wait_at_most(signed_in: Client, reader: User, paper: Paper) -> None:
    others = [make_paper() for _ in range(reports.MOST)]
    Report.objects.bulk_create(Report(by=reader, paper=each, kind="other") for each in others)
    response = signed_in.post(f"/report/?paper={paper.arxiv_id}", SPAM)
    assert "20 reports of yours wait" in words(response)
    assert Report.objects.count() == reports.MOST
    # What waits can be changed all the same.
    signed_in.post(f"/report/?paper={others[0].arxiv_id}", SPAM)
    assert Report.objects.filter(kind="spam").count() == 1


def test_others_may_report_the_same(
    signed_in: Client, paper: Paper, make_reader: MakeReader
) -> None:
    path = f"/report/?paper={paper.arxiv_id}"
    signed_in.post(path, SPAM)
    signed_in.force_login(make_reader("bo"))
    assert "The same under every paper." not in words(signed_in.get(path))
    signed_in.post(path, SPAM)
    assert Report.objects.count() == 2


def test_who_reports_too_fast_is_told_to_wait(signed_in: Client, paper: Paper) -> None:
    path = f"/report/?paper={paper.arxiv_id}"
    answers = [signed_in.post(path, SPAM).status_code for _ in range(21)]
    assert answers == [303] * 20 + [429]
