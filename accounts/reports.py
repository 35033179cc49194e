"""What readers report: a paper, or a tweet under it, for curators to look at."""

from django.db import transaction

from accounts.models import User
from papers.models import Paper, Report, Tweet

MOST = 20  # reports of one reader that wait


class Full(ValueError):
    """More than wait of one reader; the message is for the reader."""


def about(user: User, paper: Paper, tweet: Tweet | None) -> Report:
    """Return what the reader reported of it and nobody answered yet, or a new report."""
    new = Report(by=user, paper=paper, tweet=tweet)
    return Report.objects.open().filter(by=user).about_the_same(new).first() or new


@transaction.atomic
def hand_in(report: Report) -> None:
    """Store a report, or what was changed of one that waits; raise Full where too many do.

    Of one form that is sent twice at once, one is kept.
    """
    waiting = User.objects.select_for_update().get(pk=report.by_id).reports.open()
    if report.pk:
        report.save(update_fields=["kind", "words"])
    elif not waiting.about_the_same(report).exists():
        if waiting.count() >= MOST:
            raise Full(f"{MOST} reports of yours wait for an answer already.")
        report.save()
