"""Answering reports: all of one thing at once, and back again."""

import pytest

from accounts.models import User
from papers.curation import log, reports
from papers.models import Report
from tests.factories import contents, make_curator, make_paper, make_report, make_tweet

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator(db: None) -> User:
    return make_curator()


def waiting() -> set[int]:
    return set(Report.objects.open().values_list("pk", flat=True))


def test_it_works(curator: User) -> None:
    report = make_report(make_paper())
    act = reports.settle(report, curator, "It is not.")
    assert not waiting()
    assert act.subject == "2106.00001"
    log.undo(act, curator, "It is after all.")
    assert waiting() == {report.pk}


def test_reports_of_one_thing_are_answered_together(curator: User) -> None:
    paper, other = make_paper(), make_paper()
    tweet = make_tweet(paper, other)
    of_tweet = [make_report(paper, tweet=tweet), make_report(other, tweet=tweet)]
    of_paper = [make_report(paper), make_report(paper)]
    elsewhere = make_report(other)
    reports.settle(of_tweet[0], curator, "Spam.")
    assert waiting() == {report.pk for report in [*of_paper, elsewhere]}
    reports.settle(of_paper[1], curator, "It is right.")
    assert waiting() == {elsewhere.pk}


def test_undoing_gives_back_what_waited_and_no_more(curator: User) -> None:
    paper = make_paper()
    reports.settle(make_report(paper), curator, "It is right.")
    again = make_report(paper)
    before = contents()["Report"]
    log.undo(reports.settle(again, curator, "Still right."), curator, "No.")
    assert contents()["Report"] == before
    assert waiting() == {again.pk}


def test_what_was_answered_is_not_answered_again(curator: User) -> None:
    report = make_report(make_paper())
    reports.settle(report, curator, "It is right.")
    with pytest.raises(log.Refused):
        reports.settle(report, curator, "It is right.")


def test_an_answer_in_whose_place_a_new_report_waits_stays(curator: User) -> None:
    """The same reader may report again once there was an answer; two of one thing cannot wait."""
    report = make_report(make_paper())
    act = reports.settle(report, curator, "It is right.")
    again = make_report(report.paper, by=report.by)
    with pytest.raises(log.Refused, match="since"):
        log.undo(act, curator, "It is not.")
    assert waiting() == {again.pk}


def test_the_log_names_no_reader(curator: User) -> None:
    report = make_report(make_paper(), words="Call me Ada.")
    act = reports.settle(report, curator, "It is right.")
    kept = f"{act.subject} {act.before} {act.after}"
    assert report.by.username not in kept
    assert "Ada" not in kept
